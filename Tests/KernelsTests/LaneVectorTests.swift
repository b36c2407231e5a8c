import Testing
import Verification

@testable import Kernels

@Suite("Vector arithmetic of lanes")
struct LaneVectorTests {
  /// Small integers: every product and sum is exact, so the loops must agree to the bit.
  @Test("Against plain loops", arguments: [1, 5, 16, 70])
  func plainLoops(_ lanes: Int) {
    check(lanes, Float.self)
    check(lanes, Double.self)
  }

  /// Fewer lanes than a vector has, and not a multiple of it: a row is not read or written beyond
  /// its end, where the next one begins. Small integers: exact.
  @Test("Lanes without padding", arguments: [1, 3, 5, 13])
  func unpadded(_ lanes: Int) {
    checkUnpadded(lanes, Float.self)
    checkUnpadded(lanes, Double.self)
  }

  private func checkUnpadded<T: LaneScalar>(_ lanes: Int, _ type: T.Type) {
    let rows = 6
    // Room for a vector behind the last row, so that a write beyond is a wrong number only.
    func integers(_ count: Int, from start: Int) -> AlignedBuffer<T> {
      let buffer = AlignedBuffer<T>(count: count + 16)
      for i in 0..<count + 16 { buffer[i] = T(start + i % 29) }
      return buffer
    }
    let (x, y) = (integers(rows * lanes, from: 2), integers(rows * lanes, from: -7))
    let factors = integers(lanes, from: 3)
    let (before, other, f) = (x.array(), y.array(), factors.array())
    scaleLanesAndAdd(
      rows: rows, laneStride: lanes, x.view(), factors: factors.view(), y.view())
    for i in before.indices {
      let expected = i < rows * lanes ? other[i] + f[i % lanes] * before[i] : before[i]
      #expect(x[i] == expected, "\(T.self), \(lanes) lanes, element \(i)")
    }
  }

  private func check<T: LaneScalar>(_ lanes: Int, _ type: T.Type) {
    let stride = paddedLaneStride(lanes, of: T.self)
    let rows = 7
    var numbers = TestNumbers(seed: UInt64(lanes))
    func integers(_ count: Int) -> AlignedBuffer<T> {
      let buffer = AlignedBuffer<T>(count: count)
      for i in 0..<count { buffer[i] = T((numbers.uniform() * 32).rounded() - 16) }
      return buffer
    }
    let (x, y, factors) = (integers(rows * stride), integers(rows * stride), integers(stride))
    let (before, other, f) = (x.array(), y.array(), factors.array())

    addScaledLanes(
      rows: rows, laneStride: stride, y.view(), factors: factors.view(), to: x.view())
    let added = before.indices.map { before[$0] + f[$0 % stride] * other[$0] }
    #expect(x.array() == added)
    scaleLanesAndAdd(
      rows: rows, laneStride: stride, x.view(), factors: factors.view(), y.view())
    #expect(x.array() == added.indices.map { other[$0] + f[$0 % stride] * added[$0] })

    var sums = [Double](repeating: 1, count: stride)
    addLaneSquares(rows: rows, laneStride: stride, y.view(), weight: 2, to: &sums)
    #expect(
      sums
        == (0..<stride).map { lane in
          (0..<rows).reduce(1) {
            $0 + 2 * Double(other[$1 * stride + lane] * other[$1 * stride + lane])
          }
        })
  }
}
