import Testing
import Verification

@testable import Kernels

/// Point-wise operations in lanes against plain loops.
///
/// Small integers: every product and sum is exact, fused or not, so results agree to the bit. Rows
/// are further apart than they are long, and what lies between holds NaN that must neither be read
/// nor written.
@Suite("Operations in lanes")
struct LaneOperationTests {
  static let points = 8

  /// Rows of integers, `stride` apart, with NaN behind the lanes.
  private func rows<T: LaneScalar>(
    _ count: Int, lanes: Int, stride: Int, seed: UInt64
  ) -> AlignedBuffer<T> {
    var numbers = TestNumbers(seed: seed)
    let buffer = AlignedBuffer<T>(count: count * stride)
    for i in 0..<buffer.count {
      buffer[i] = i % stride < lanes ? T(Int(numbers.next() % 17) - 8) : .nan
    }
    return buffer
  }

  /// Expects `found` to have the values `expected(row, lane)` in its lanes and NaN behind them.
  private func expectRows<T: LaneScalar>(
    _ found: AlignedBuffer<T>, lanes: Int, stride: Int, _ name: String,
    _ expected: (_ row: Int, _ lane: Int) -> T
  ) {
    let wrong = (0..<found.count).filter { i in
      let (row, lane) = (i / stride, i % stride)
      return lane < lanes ? found[i] != expected(row, lane) : !found[i].isNaN
    }
    #expect(
      wrong.isEmpty, "\(name), \(T.precisionName), \(lanes) lanes: elements \(wrong.prefix(5))")
  }

  @Test("Against plain loops", arguments: [8, 16, 24, 40])
  func plainLoops(lanes: Int) {
    check(lanes, Float.self)
    check(lanes, Double.self)
  }

  private func check<T: LaneScalar>(_ lanes: Int, _ type: T.Type) {
    let (points, stride, wide) = (Self.points, lanes + 8, lanes + 16)
    let x: AlignedBuffer<T> = rows(points, lanes: lanes, stride: stride, seed: 1)
    let dz: AlignedBuffer<T> = rows(points, lanes: lanes, stride: stride, seed: 2)
    let a: AlignedBuffer<T> = rows(1, lanes: lanes, stride: lanes, seed: 3)
    let b: AlignedBuffer<T> = rows(1, lanes: lanes, stride: lanes, seed: 4)
    let c: AlignedBuffer<T> = rows(1, lanes: lanes, stride: lanes, seed: 5)
    func target() -> AlignedBuffer<T> { rows(points, lanes: 0, stride: wide, seed: 6) }
    func at(_ buffer: AlignedBuffer<T>, _ p: Int, _ lane: Int) -> T { buffer[p * stride + lane] }

    let activated = target()
    copyActivated(
      points: points, lanes: lanes, from: x.view(), stride: stride, to: activated.view(),
      stride: wide, scale: a.view(), shift: b.view())
    expectRows(activated, lanes: lanes, stride: wide, "copyActivated") { p, lane in
      max(0, a[lane] * at(x, p, lane) + b[lane])
    }
    let scaled = target()
    copyScaled(
      points: points, lanes: lanes, from: x.view(), stride: stride, to: scaled.view(),
      stride: wide, scale: a.view(), shift: b.view())
    expectRows(scaled, lanes: lanes, stride: wide, "copyScaled") { p, lane in
      a[lane] * at(x, p, lane) + b[lane]
    }
    let gradient = target()
    copyNormalisationGradient(
      points: points, lanes: lanes, gradient: dz.view(), y: x.view(), stride: stride,
      to: gradient.view(), stride: wide, a: a.view(), b: b.view(), c: c.view())
    expectRows(gradient, lanes: lanes, stride: wide, "copyNormalisationGradient") { p, lane in
      a[lane] * at(dz, p, lane) + b[lane] * at(x, p, lane) + c[lane]
    }
    let rescaled = target()
    scaleRows(
      rows: points, lanes: lanes, x.view(), stride: stride, factor: 3, weight: a.view(),
      to: rescaled.view(), stride: wide)
    expectRows(rescaled, lanes: lanes, stride: wide, "scaleRows") { p, lane in
      3 * a[lane] * at(x, p, lane)
    }
    // In place, as the power's backward step uses it.
    let before = x.array()
    let inPlace: AlignedBuffer<T> = rows(points, lanes: lanes, stride: stride, seed: 1)
    scaleRows(
      rows: points, lanes: lanes, inPlace.view(), stride: stride, factor: 2, weight: b.view(),
      to: inPlace.view(), stride: stride)
    expectRows(inPlace, lanes: lanes, stride: stride, "scaleRows in place") { p, lane in
      2 * b[lane] * before[p * stride + lane]
    }
  }

  /// relu(NaN) is NaN and its derivative 1, as in PyTorch; −0 and 0 give 0 as before. Control:
  /// numbers beside NaN in the same vector are what they are without it.
  @Test("NaN passes the rectifier", arguments: [8, 16, 24, 40])
  func notANumber(lanes: Int) {
    checkNotANumber(lanes, Float.self)
    checkNotANumber(lanes, Double.self)
  }

  private func checkNotANumber<T: LaneScalar>(_ lanes: Int, _ type: T.Type) {
    let values: [T] = [.nan, -2, 3, -0.0, .infinity, -.infinity, 0, 5]
    let y = AlignedBuffer<T>(count: 2 * lanes)
    let (one, zero) = (AlignedBuffer<T>(count: lanes), AlignedBuffer<T>(count: lanes))
    let dx = AlignedBuffer<T>(count: 2 * lanes)
    for place in 0..<2 * lanes {
      y[place] = values[(place + place / lanes) % values.count]
      dx[place] = T(place + 1)
    }
    for lane in 0..<lanes { (one[lane], zero[lane]) = (1, 0) }
    let found = AlignedBuffer<T>(count: 2 * lanes)
    copyActivated(
      points: 2, lanes: lanes, from: y.view(), stride: lanes, to: found.view(), stride: lanes,
      scale: one.view(), shift: zero.view())
    let (sums, products) = (AlignedBuffer<T>(count: lanes), AlignedBuffer<T>(count: lanes))
    rectifyGradient(
      points: 2, lanes: lanes, dx: dx.view(), y: y.view(), stride: lanes, scale: one.view(),
      shift: zero.view(), centre: zero.view(), sum: sums.view(), product: products.view())
    for place in 0..<2 * lanes {
      let z = y[place]
      let expected: T = z.isNaN ? .nan : max(0, z)
      #expect(
        found[place] == expected || (found[place].isNaN && expected.isNaN),
        "copyActivated of \(z) is \(found[place])")
      #expect(dx[place] == (z <= 0 ? 0 : T(place + 1)), "rectifyGradient at \(z)")
      #expect(rectified(z) == expected || (rectified(z).isNaN && z.isNaN))
    }
    // The product of the sum is 0 · (−∞ − 0) where y is −∞, which is NaN as well.
    func spoils(_ z: T) -> Bool { z.isNaN || z == -.infinity }
    for lane in 0..<lanes {
      #expect(
        products[lane].isNaN == (spoils(y[lane]) || spoils(y[lanes + lane])), "lane \(lane)")
    }
  }

  @Test("Sums over points", arguments: [8, 16, 24, 40])
  func sums(lanes: Int) {
    checkSums(lanes, Float.self)
    checkSums(lanes, Double.self)
  }

  private func checkSums<T: LaneScalar>(_ lanes: Int, _ type: T.Type) {
    let (points, stride) = (Self.points, lanes + 8)
    let y: AlignedBuffer<T> = rows(points, lanes: lanes, stride: stride, seed: 11)
    let dx: AlignedBuffer<T> = rows(points, lanes: lanes, stride: stride, seed: 12)
    let scale: AlignedBuffer<T> = rows(1, lanes: lanes, stride: lanes, seed: 13)
    let shift: AlignedBuffer<T> = rows(1, lanes: lanes, stride: lanes, seed: 14)
    let centre: AlignedBuffer<T> = rows(1, lanes: lanes, stride: lanes, seed: 15)
    let sum: AlignedBuffer<T> = rows(1, lanes: lanes, stride: stride, seed: 16)
    let product: AlignedBuffer<T> = rows(1, lanes: lanes, stride: stride, seed: 17)
    let (oldGradient, oldSum, oldProduct) = (dx.array(), sum.array(), product.array())
    func isActive(_ p: Int, _ lane: Int) -> Bool {
      scale[lane] * y[p * stride + lane] + shift[lane] > 0
    }
    func rectified(_ p: Int, _ lane: Int) -> T {
      isActive(p, lane) ? oldGradient[p * stride + lane] : 0
    }
    rectifyGradient(
      points: points, lanes: lanes, dx: dx.view(), y: y.view(), stride: stride,
      scale: scale.view(), shift: shift.view(), centre: centre.view(), sum: sum.view(),
      product: product.view())
    expectRows(dx, lanes: lanes, stride: stride, "rectifyGradient", rectified)
    expectRows(sum, lanes: lanes, stride: stride, "rectifyGradient, sum") { _, lane in
      (0..<points).reduce(oldSum[lane]) { $0 + rectified($1, lane) }
    }
    expectRows(product, lanes: lanes, stride: stride, "rectifyGradient, product") { _, lane in
      (0..<points).reduce(oldProduct[lane]) {
        $0 + rectified($1, lane) * (y[$1 * stride + lane] - centre[lane])
      }
    }
    let all = points * lanes
    let active = (0..<all).count { isActive($0 / lanes, $0 % lanes) }
    #expect(active > all / 8 && active < all * 7 / 8, "the signs of z are all alike")

    let squares: AlignedBuffer<T> = rows(1, lanes: lanes, stride: stride, seed: 18)
    let oldSquares = squares.array()
    addSquares(
      rows: points, lanes: lanes, y.view(), stride: stride, factor: 2, to: squares.view())
    expectRows(squares, lanes: lanes, stride: stride, "addSquares") { _, lane in
      (0..<points).reduce(oldSquares[lane]) {
        $0 + 2 * y[$1 * stride + lane] * y[$1 * stride + lane]
      }
    }
  }

  /// Eight points: means are multiples of 1/8 and squares of 1/64, all exact.
  @Test("Moments", arguments: [8, 16, 24, 40])
  func moments(lanes: Int) {
    checkMoments(lanes, Float.self)
    checkMoments(lanes, Double.self)
  }

  private func checkMoments<T: LaneScalar>(_ lanes: Int, _ type: T.Type) {
    let (points, stride) = (Self.points, lanes + 8)
    let y: AlignedBuffer<T> = rows(points, lanes: lanes, stride: stride, seed: 21)
    let mean: AlignedBuffer<T> = rows(1, lanes: lanes, stride: stride, seed: 22)
    let squares: AlignedBuffer<T> = rows(1, lanes: lanes, stride: stride, seed: 23)
    laneMoments(
      points: points, lanes: lanes, y.view(), stride: stride, mean: mean.view(),
      squares: squares.view())
    func expectedMean(_ lane: Int) -> T {
      (0..<points).reduce(0) { $0 + y[$1 * stride + lane] } / T(points)
    }
    expectRows(mean, lanes: lanes, stride: stride, "mean") { expectedMean($1) }
    expectRows(squares, lanes: lanes, stride: stride, "squares") { _, lane in
      (0..<points).reduce(0) {
        let d = y[$1 * stride + lane] - expectedMean(lane)
        return $0 + d * d
      }
    }
  }

  /// The moments of two parts joined are those of the whole: integers, so that every division by a
  /// power of two is exact. Control: without what is between the parts they are not.
  @Test("Joined moments")
  func joinedMoments() {
    let (points, lanes) = (Self.points, 24)
    let y: AlignedBuffer<Double> = rows(2 * points, lanes: lanes, stride: lanes, seed: 24)
    func moments(from first: Int, _ count: Int) -> (AlignedBuffer<Double>, AlignedBuffer<Double>) {
      let buffers = (AlignedBuffer<Double>(count: lanes), AlignedBuffer<Double>(count: lanes))
      laneMoments(
        points: count, lanes: lanes, y.view(first * lanes), stride: lanes,
        mean: buffers.0.view(), squares: buffers.1.view())
      return buffers
    }
    let (mean, squares) = moments(from: 0, points)
    let (otherMean, otherSquares) = moments(from: points, points)
    let sum = (0..<lanes).map { squares[$0] + otherSquares[$0] }
    joinMoments(
      points: points, lanes: lanes, mean: mean.view(), squares: squares.view(),
      otherMean: otherMean.view(), otherSquares: otherSquares.view())
    let expected = moments(from: 0, 2 * points)
    #expect(mean.array() == expected.0.array())
    #expect(squares.array() == expected.1.array())
    #expect(sum != expected.1.array())
  }

  /// Values 4096 and 4097 in `Float`: their squares need 25 bits, so the one-pass formula is wrong
  /// in its first digit, while two passes are exact.
  @Test("Moments of numbers with a large mean")
  func largeMean() {
    let y = AlignedBuffer<Float>(count: 8 * 8)
    for p in 0..<8 {
      for lane in 0..<8 { y[p * 8 + lane] = 4096 + Float((p * (lane + 1)) % 2) }
    }
    let (mean, squares) = (AlignedBuffer<Float>(count: 8), AlignedBuffer<Float>(count: 8))
    laneMoments(
      points: 8, lanes: 8, y.view(), stride: 8, mean: mean.view(), squares: squares.view())
    // Odd lane + 1: half of the values are 4097; even: none.
    #expect(mean.array() == (0..<8).map { $0 % 2 == 0 ? 4096.5 : 4096 })
    #expect(squares.array() == (0..<8).map { $0 % 2 == 0 ? 2 : 0 })
    let onePass = (0..<8).reduce(Float(0)) { $0 + y[$1 * 8] * y[$1 * 8] } - 8 * 4096.5 * 4096.5
    #expect(abs(onePass - 2) > 1)
  }
}
