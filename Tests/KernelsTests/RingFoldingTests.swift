import Foundation
import Testing
import Verification

@testable import Kernels

/// Orders of two mirrored rings and their even and odd parts, against the formulas with complex
/// numbers.
///
/// Lane pairs carry complex numbers: lane 2k the real part, lane 2k + 1 the imaginary one.
/// Blind to: which order belongs to which bin, which the transforms' tests see.
@Suite("Folding of rings")
struct RingFoldingTests {
  static let lanes = 16

  /// One complex number, spelled out so that the formulas below read like those of the source.
  struct ComplexNumber {
    var re: Double
    var im: Double
    var conjugate: ComplexNumber { ComplexNumber(re: re, im: -im) }
    static func + (a: Self, b: Self) -> Self { Self(re: a.re + b.re, im: a.im + b.im) }
    static func - (a: Self, b: Self) -> Self { Self(re: a.re - b.re, im: a.im - b.im) }
    static func * (a: Self, b: Self) -> Self {
      Self(re: a.re * b.re - a.im * b.im, im: a.re * b.im + a.im * b.re)
    }
    static let i = Self(re: 0, im: 1)
  }

  struct Rings<T: LaneScalar> {
    let memory: AlignedBuffer<T>
    /// Whether order and mirror are the same bin, as for m = 0.
    let isShared: Bool

    /// Four rows: order and mirror of the northern and of the southern ring.
    init(seed: UInt64, isShared: Bool) {
      var numbers = TestNumbers(seed: seed)
      memory = AlignedBuffer(count: 4 * lanes)
      for i in 0..<memory.count { memory[i] = T(numbers.normal()) }
      self.isShared = isShared
    }

    init(_ values: [T], isShared: Bool) {
      memory = AlignedBuffer(count: 4 * lanes)
      for i in values.indices { memory[i] = values[i] }
      self.isShared = isShared
    }

    func bins(_ side: Int) -> OrderBins<T> {
      OrderBins(
        order: memory.view(2 * side * lanes),
        mirror: memory.view((2 * side + (isShared ? 0 : 1)) * lanes))
    }

    /// Z_m (row 0) or Z_{n−m} (row 1) of one ring and pair of lanes.
    func number(_ side: Int, _ row: Int, _ pair: Int) -> ComplexNumber {
      let first = (2 * side + (isShared ? 0 : row)) * lanes + 2 * pair
      return ComplexNumber(re: Double(memory[first]), im: Double(memory[first + 1]))
    }
  }

  static func phase<T: LaneScalar>(_ factor: Double, _ angle: Double, _ type: T.Type) -> RingPhase<
    T
  > {
    RingPhase(factor: factor, cosine: cos(angle), sine: sin(angle))
  }

  static let north = (factor: 0.75, angle: 0.6)
  static let south = (factor: 0.75, angle: -1.1)

  private func parts<T: LaneScalar>(_ buffer: AlignedBuffer<T>) -> ParityParts<T> {
    ParityParts(rows: buffer.view(), stride: Self.lanes)
  }

  private func separated<T: LaneScalar>(_ rings: Rings<T>, hasSouth: Bool) -> [T] {
    let buffer = AlignedBuffer<T>(count: 4 * Self.lanes)
    separateOrder(
      lanes: Self.lanes, north: rings.bins(0),
      Self.phase(Self.north.factor, Self.north.angle, T.self),
      south: hasSouth ? rings.bins(1) : nil,
      Self.phase(Self.south.factor, Self.south.angle, T.self), into: parts(buffer))
    return buffer.array()
  }

  private func combined<T: LaneScalar>(
    _ values: [T], onto rings: Rings<T>, hasSouth: Bool
  ) -> [T] {
    let buffer = AlignedBuffer<T>(count: 4 * Self.lanes)
    for i in values.indices { buffer[i] = values[i] }
    combineOrder(
      lanes: Self.lanes, parts: parts(buffer), north: rings.bins(0),
      Self.phase(Self.north.factor, Self.north.angle, T.self),
      south: hasSouth ? rings.bins(1) : nil,
      Self.phase(Self.south.factor, Self.south.angle, T.self))
    return rings.memory.array()
  }

  // MARK: - Definitions

  /// factor e^{−i angle} 2 X_m and 2 Y_m of one ring: 2 X_m = Z_m + Z*_{n−m}, 2 Y_m = (Z_m −
  /// Z*_{n−m})/i.
  private func fields<T: LaneScalar>(
    _ rings: Rings<T>, side: Int, pair: Int, conjugatesMirror: Bool
  ) -> (x: ComplexNumber, y: ComplexNumber) {
    let (factor, angle) = side == 0 ? Self.north : Self.south
    let turn = ComplexNumber(re: factor * cos(angle), im: -factor * sin(angle))
    let z = rings.number(side, 0, pair)
    let mirror = rings.number(side, 1, pair)
    let w = conjugatesMirror ? mirror.conjugate : mirror
    let minusI = ComplexNumber(re: 0, im: -1)
    return (turn * (z + w), turn * (minusI * (z - w)))
  }

  /// [even re, even im, odd re, odd im][lane] = north ± south.
  private func separatedByDefinition<T: LaneScalar>(
    _ rings: Rings<T>, hasSouth: Bool, conjugatesMirror: Bool = true
  ) -> [Double] {
    var values = [Double](repeating: 0, count: 4 * Self.lanes)
    for pair in 0..<Self.lanes / 2 {
      let north = fields(rings, side: 0, pair: pair, conjugatesMirror: conjugatesMirror)
      let south = fields(rings, side: 1, pair: pair, conjugatesMirror: conjugatesMirror)
      for (lane, n, s) in [(2 * pair, north.x, south.x), (2 * pair + 1, north.y, south.y)] {
        let (even, odd) = hasSouth ? (n + s, n - s) : (n, n)
        values[lane] = even.re
        values[Self.lanes + lane] = even.im
        values[2 * Self.lanes + lane] = odd.re
        values[3 * Self.lanes + lane] = odd.im
      }
    }
    return values
  }

  /// Z_m += X + iY, Z_{n−m} += X* + iY*, with X = factor e^{i angle} (even ± odd).
  private func combinedByDefinition<T: LaneScalar>(
    _ parts: [T], onto rings: Rings<T>, hasSouth: Bool
  ) -> [Double] {
    var memory = rings.memory.array().map { Double($0) }
    func part(_ row: Int, _ lane: Int) -> ComplexNumber {
      ComplexNumber(
        re: Double(parts[row * Self.lanes + lane]), im: Double(parts[(row + 1) * Self.lanes + lane])
      )
    }
    for side in 0..<(hasSouth ? 2 : 1) {
      let (factor, angle) = side == 0 ? Self.north : Self.south
      let turn = ComplexNumber(re: factor * cos(angle), im: factor * sin(angle))
      for pair in 0..<Self.lanes / 2 {
        func field(_ lane: Int) -> ComplexNumber {
          turn * (side == 0 ? part(0, lane) + part(2, lane) : part(0, lane) - part(2, lane))
        }
        let (x, y) = (field(2 * pair), field(2 * pair + 1))
        let order = 2 * side * Self.lanes + 2 * pair
        let mirror = order + (rings.isShared ? 0 : Self.lanes)
        for (place, sum) in [
          (order, x + .i * y), (mirror, x.conjugate + .i * y.conjugate),
        ] {
          memory[place] += sum.re
          memory[place + 1] += sum.im
        }
      }
    }
    return memory
  }

  // MARK: - Tests

  /// About eight roundings per number.
  private func bound<T: LaneScalar>(_ type: T.Type) -> Double {
    RoundingBound.probable(operations: 8, T.self)
  }

  @Test("Separation is the formula", arguments: [true, false], [true, false])
  func separation(hasSouth: Bool, isShared: Bool) {
    func check<T: LaneScalar>(_ type: T.Type) {
      let rings = Rings<T>(seed: 1, isShared: isShared)
      let found = separated(rings, hasSouth: hasSouth)
      let expected = separatedByDefinition(rings, hasSouth: hasSouth)
      #expect(relativeError(found, expected) <= bound(T.self))
      let wrong = separatedByDefinition(rings, hasSouth: hasSouth, conjugatesMirror: false)
      #expect(relativeError(wrong, expected) > 1000 * bound(T.self))
    }
    check(Float.self)
    check(Double.self)
  }

  @Test("Combination is the formula", arguments: [true, false], [true, false])
  func combination(hasSouth: Bool, isShared: Bool) {
    func check<T: LaneScalar>(_ type: T.Type) {
      var numbers = TestNumbers(seed: 2)
      let values = numbers.normals(4 * Self.lanes).map { T($0) }
      let rings = Rings<T>(seed: 3, isShared: isShared)
      let expected = combinedByDefinition(values, onto: rings, hasSouth: hasSouth)
      let imaginary = values.indices.map { ($0 / Self.lanes) % 2 == 1 ? -values[$0] : values[$0] }
      let wrong = combinedByDefinition(imaginary, onto: rings, hasSouth: hasSouth)
      let found = combined(values, onto: rings, hasSouth: hasSouth)
      #expect(relativeError(found, expected) <= bound(T.self))
      #expect(relativeError(wrong, expected) > 1000 * bound(T.self))
    }
    check(Float.self)
    check(Double.self)
  }

  /// With the same phases, combination is the transpose of separation for the plain inner product
  /// over lanes, also where order and mirror are one bin: no factor is left over.
  @Test("Transpose", arguments: [true, false], UInt64(0)..<3)
  func transpose(isShared: Bool, seed: UInt64) {
    /// Rows that are not a bin of their own do not count.
    func used(_ values: [Double]) -> [Double] {
      values.indices.map { isShared && ($0 / Self.lanes) % 2 == 1 ? 0 : values[$0] }
    }
    func check(scale: Double) -> AdjointCheck {
      AdjointCheck(
        inputCount: 4 * Self.lanes, outputCount: 4 * Self.lanes, terms: 8, seed: seed,
        forward: { separated(Rings<Double>(used($0), isShared: isShared), hasSouth: true) },
        transpose: { (parts: [Double]) in
          let zero = [Double](repeating: 0, count: 4 * Self.lanes)
          let rings = Rings<Double>(zero, isShared: isShared)
          return used(combined(parts, onto: rings, hasSouth: true)).map { scale * $0 }
        })
    }
    #expect(check(scale: 1).mismatch <= check(scale: 1).roundingBound, "\(check(scale: 1))")
    #expect(check(scale: 2).mismatch > 1000 * check(scale: 2).roundingBound)
  }

  /// All orders of a pair at once are the orders one by one, to the bit: with n > 2 mmax
  /// longitudes, with n = 2 mmax, and where orders are folded. NaN in the bins beforehand must not
  /// be read.
  @Test("All orders of a pair", arguments: [(3, 9), (4, 8), (7, 5)], [true, false])
  func allOrders(_ sizes: (mmax: Int, n: Int), hasSouth: Bool) {
    let (mmax, n, lanes) = (sizes.mmax, sizes.n, Self.lanes)
    let factors = (0...mmax).map { 1 + 0.5 * Double($0) }
    let phases = (0...mmax).map { m in
      PairPhases(
        north: Self.phase(1, 0.3 * Double(m), Float.self),
        south: Self.phase(1, -0.7 * Double(m), Float.self))
    }
    var numbers = TestNumbers(seed: 7)
    let bins = AlignedBuffer<Float>(count: 2 * n * lanes)
    for i in 0..<bins.count { bins[i] = Float(numbers.normal()) }
    let pair = PairBins(bins.view(), count: n, lanes: lanes, hasSouth: hasSouth)
    let rows = AlignedBuffer<Float>(count: (mmax + 1) * 4 * lanes)
    let parts = OrderRows(
      rows.view(), orderStride: 4 * lanes, oddOffset: 2 * lanes, lanes: lanes)
    separateOrders(
      mmax: mmax, pair, phases: phases, firstPhase: 0, factor: 0.5, orderFactors: factors,
      into: parts)
    let expected = AlignedBuffer<Float>(count: 4 * lanes)
    for m in 0...mmax {
      separateOrder(
        lanes: lanes, north: pair.north(m), phases[m].north,
        south: hasSouth ? pair.south(m) : nil, phases[m].south, factor: Float(0.5 * factors[m]),
        into: self.parts(expected))
      #expect(
        (0..<4 * lanes).allSatisfy { rows[m * 4 * lanes + $0] == expected[$0] }, "order \(m)")
    }
    let used = (hasSouth ? 2 : 1) * n * lanes
    let sums = AlignedBuffer<Float>(count: 2 * n * lanes)
    let sumPair = PairBins(sums.view(), count: n, lanes: lanes, hasSouth: hasSouth)
    for m in 0...mmax {
      combineOrder(
        lanes: lanes, parts: parts.parts(m), north: sumPair.north(m), phases[m].north,
        south: hasSouth ? sumPair.south(m) : nil, phases[m].south,
        factor: Float(0.5 * factors[m] * (2 * m == n ? 0.5 : 1)))
    }
    for i in 0..<bins.count { bins[i] = .nan }
    combineOrders(
      mmax: mmax, parts, phases: phases, firstPhase: 0, factor: 0.5, orderFactors: factors,
      halvesNyquist: true, into: pair)
    #expect(Array(bins.array().prefix(used)) == Array(sums.array().prefix(used)))
    #expect(bins.array().dropFirst(used).allSatisfy { $0.isNaN })
  }

  /// Copies, zeros and even lanes: exact, and nothing else is touched.
  @Test("Rows")
  func rows() {
    let source = (0..<12).map { Double($0) }
    var target = [Double](repeating: -1, count: 15)
    source.withView { source in
      target.withMutableView {
        copyRows(rows: 3, columns: 3, from: source, stride: 4, to: $0, stride: 5)
      }
    }
    #expect(target == [0, 1, 2, -1, -1, 4, 5, 6, -1, -1, 8, 9, 10, -1, -1])
    target.withMutableView { clearPadding(rows: 2, lanes: 3, $0, stride: 5) }
    #expect(target == [0, 1, 2, 0, 0, 4, 5, 6, 0, 0, 8, 9, 10, -1, -1])
    target.withMutableView { clearPadding(rows: 3, lanes: 5, $0, stride: 5) }
    #expect(target == [0, 1, 2, 0, 0, 4, 5, 6, 0, 0, 8, 9, 10, -1, -1])

    let wide = (0..<16).map { Float($0) }
    var narrow = [Float](repeating: -1, count: 8)
    wide.withView { wide in
      narrow.withMutableView {
        ParityParts(rows: $0, stride: 2)
          .takeEvenLanes(of: ParityParts(rows: wide, stride: 4), count: 2)
      }
    }
    #expect(narrow == [0, 2, 4, 6, 8, 10, 12, 14])
    var spread = [Float](repeating: -1, count: 13)
    wide.withView { wide in
      spread.withMutableView { spreadLanes(rows: 2, lanes: 3, from: wide, stride: 8, to: $0) }
    }
    #expect(spread == [0, 0, 1, 0, 2, 0, 8, 0, 9, 0, 10, 0, -1])
  }
}
