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
