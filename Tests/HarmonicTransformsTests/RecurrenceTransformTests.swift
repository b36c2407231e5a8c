import Foundation
import Kernels
import SpecialFunctions
import SphereGrids
import Testing
import Verification

@testable import HarmonicTransforms

@Suite("Transforms by recurrence")
struct RecurrenceTransformTests {
  /// Sizes with several blocks of rings and several tables of steps, which small cases have not.
  private static let cases: [TransformCase] =
    [
      TransformCase(GaussLegendreGrid(lmax: 200), lmax: 200, lanes: 2),
      TransformCase(GaussLegendreGrid(lmax: 331), lmax: 331, mmax: 50, lanes: 1),
      TransformCase(ClenshawCurtisGrid(ringCount: 141, longitudeCount: 90), lmax: 180, lanes: 1),
    ]
    + [16, 37].compactMap {
      (try? HealpixGrid(nside: $0)).map { TransformCase($0, lmax: 3 * $0.nside - 1, lanes: 5) }
    }

  /// Two ways to the same sums. The recurrence has rounding errors of its own, up to √l per
  /// function.
  @Test("Equal those by tables", arguments: cases)
  func tables(_ c: TransformCase) throws {
    let table = ScalarTransform<Double>(grid: c.grid, lmax: c.lmax, mmax: c.mmax, path: .table)
    let way = ScalarTransform<Double>(
      grid: c.grid, lmax: c.lmax, mmax: c.mmax, path: .recurrence)
    let a: CoefficientStack<Double> = c.coefficients(seed: 1)
    let f: FieldStack<Double> = c.field(seed: 2)
    let bound = 8 * Double(c.lmax + 1) * 0x1p-53
    let synthesis = relativeError(way.synthesis(a).values, table.synthesis(a).values)
    #expect(synthesis <= bound, "\(c): \(synthesis)")
    let analysis = relativeError(
      try way.analysis(f, .lossy).values, try table.analysis(f, .lossy).values)
    #expect(analysis <= bound, "\(c): \(analysis)")
  }

  @Test("1, 2 and 3 threads: the same bits", arguments: cases)
  func threads(_ c: TransformCase) throws {
    let way = ScalarTransform<Double>(
      grid: c.grid, lmax: c.lmax, mmax: c.mmax, path: .recurrence)
    let a: CoefficientStack<Double> = c.coefficients(seed: 1)
    let f = way.synthesis(a)
    let back = try way.analysis(f, .lossy)
    for threads in 2...3 {
      #expect(way.synthesis(a, threads: threads).values == f.values)
      #expect(try way.analysis(f, .lossy, threads: threads) == back)
    }
  }

  /// What polar skipping leaves out is nothing: the same field to the last bit or two.
  @Test("Skipping of orders near the poles", arguments: [600, 2047])
  func skipping(lmax: Int) {
    let grid = GaussLegendreGrid(lmax: lmax)
    let pairs = RingPair.pairs(of: grid.rings)
    let c = TransformCase(grid, lmax: lmax, lanes: 1)
    let a: CoefficientStack<Double> = c.coefficients(seed: 3)
    let factors = ScalarTransform<Double>(grid: grid, lmax: lmax).synthesisFactors
    func field(skipsPoles: Bool) -> [Double] {
      let way = RecurrenceTransform<Double>(
        pairs: pairs, lmax: lmax, mmax: lmax, skipsPoles: skipsPoles)
      var f = FieldStack<Double>(grid: grid, lanes: 1)
      f.values.withMutableView { field in
        a.values.withView {
          way.synthesise(
            $0, rowStride: 1, lanes: 1, factors, halvesNyquist: false, to: field, pointStride: 1,
            threads: 2)
        }
      }
      return f.values
    }
    let blocks = ColatitudeBlocks(pairs, lmax: lmax, mmax: lmax)
    #expect(blocks.limits[0] < lmax / 2 && blocks.limits.last == lmax)
    #expect(relativeError(field(skipsPoles: true), field(skipsPoles: false)) < 1e-15)
  }

  /// The claim of `OrderLimit`, at orders just beyond the limit, from the functions themselves; at
  /// half of the margin it would not hold.
  @Test("Functions beyond the limit", arguments: [47, 300, 1023, 4095])
  func limit(lmax: Int) {
    var largestInside = 0.0
    for theta in [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 0.7, 1.0, 1.2, 1.4] {
      let (x, y) = (cos(theta), sin(theta))
      func largest(_ m: Int) -> Double {
        guard m <= lmax else { return 0 }
        return LegendreRecurrence(m: m, lmax: lmax).values(cosTheta: x, sinTheta: y)
          .reduce(0) { max($0, $1.isNaN ? .infinity : abs($1)) }
      }
      let limit = OrderLimit.order(lmax: lmax, spin: 0, sinTheta: y)
      #expect(largest(limit + 1) < 1e-20, "lmax \(lmax), theta \(theta): \(largest(limit + 1))")
      let margin = Double(limit) - Double(lmax) * y
      largestInside = max(largestInside, largest(limit - Int(0.5 * margin)))
    }
    // At small lmax the 25 orders that are added are more than the margin itself.
    #expect(largestInside > 1e-16 || lmax < 300)
  }

  @Test("Which path")
  func choice() {
    for lanes in [1, 4, 5, 100] {
      #expect(TransformPath.automatic.usesRecurrence(lmax: 47, lanes: lanes) == (lanes <= 4))
      #expect(!TransformPath.table.usesRecurrence(lmax: 47, lanes: lanes))
      #expect(TransformPath.recurrence.usesRecurrence(lmax: 47, lanes: lanes))
    }
  }

  /// The fast preparation against the type that explains it.
  @Test("Steps of an order", arguments: [(0, 0), (0, 1), (0, 40), (3, 40), (39, 40), (40, 40)])
  func steps(m: Int, lmax: Int) {
    let slow = DegreePairRecurrence(m: m, lmax: lmax)
    let fast = DegreePairSteps(lmax: lmax)
    // Memory that another order has used.
    fast.prepare(0)
    fast.prepare(m)
    #expect(fast.count == slow.count)
    func check(_ found: AlignedBuffer<Double>, _ expected: [Double], _ name: String) {
      for (k, value) in expected.enumerated() {
        #expect(
          abs(found[k] - value) <= 1e-14 * max(1, abs(value)) * Double(lmax + 1),
          "\(name) \(k), m \(m), lmax \(lmax)")
      }
    }
    check(fast.couplings, slow.couplings, "coupling")
    check(fast.scales, slow.scales, "scale")
    check(fast.equatorial, slow.equatorialSteps, "equatorial step")
    check(fast.polar, slow.polarSteps, "polar step")
    let sectoral = sectoralFactors(mmax: lmax)
    let expected = LegendreRecurrence(m: m, lmax: m).values(cosTheta: 0, sinTheta: 1)[0]
    #expect(abs(sectoral[m] - expected) <= 1e-14 * Double(m + 1))
  }

  @Test("Steps that are kept are those that are computed", arguments: [40, 127, 128])
  func kept(lmax: Int) {
    let mmax = 20
    let kept = KeptSteps(lmax: lmax, orders: mmax + 1) { DegreePairSteps(lmax: lmax) }
    let memory = DegreePairSteps(lmax: lmax)
    for m in [3, 20, 0] {
      let found = kept.order(m, in: memory)
      #expect((found === memory) == (lmax > KeptSteps<DegreePairSteps>.largestDegree))
      let expected = DegreePairSteps(lmax: lmax)
      expected.prepare(m)
      #expect(found.m == m && found.count == expected.count)
      for k in 0..<2 * expected.count {
        #expect(found.equatorial[k] == expected.equatorial[k])
        #expect(found.polar[k] == expected.polar[k])
        #expect(found.couplings[k] == expected.couplings[k])
      }
      for k in 0..<expected.count { #expect(found.scales[k] == expected.scales[k]) }
    }
  }

  /// Memory of earlier calls (tiles, scratch, kept steps) is not seen in results: other input
  /// before, several blocks of rings, steps that are kept and that are not, and several calls at
  /// once.
  @Test("One call after the other", arguments: [40, 200])
  func reuse(lmax: Int) throws {
    let grid = GaussLegendreGrid(lmax: lmax)
    @Sendable func input(_ seed: UInt64) -> CoefficientStack<Double> {
      var numbers = TestNumbers(seed: seed)
      var a = CoefficientStack<Double>(lmax: lmax)
      for i in a.values.indices { a.values[i] = numbers.normal() }
      a.clearImaginaryOfOrderZero()
      return a
    }
    @Sendable func results(
      _ scalar: ScalarTransform<Double>, _ spin: SpinTransform<Double>, _ seed: UInt64
    ) throws -> [Double] {
      let a = input(seed)
      let f = scalar.synthesis(a, threads: 2)
      let g = spin.synthesis(SpinCoefficients(e: a, b: input(seed + 50)), threads: 2)
      let b = try spin.analysis(g, threads: 2)
      return try f.values + scalar.analysis(f, threads: 2).values + g.q.values + g.u.values
        + b.e.values + b.b.values
    }
    func fresh() -> (ScalarTransform<Double>, SpinTransform<Double>) {
      let scalar = ScalarTransform<Double>(grid: grid, lmax: lmax, path: .recurrence)
      return (scalar, SpinTransform(scalar))
    }
    let expected = try [1, 2, 3].map { (seed: UInt64) in
      let (scalar, spin) = fresh()
      return try results(scalar, spin, seed)
    }
    let (scalar, spin) = fresh()
    for seed in [1, 2, 3, 1] as [UInt64] {
      #expect(try results(scalar, spin, seed) == expected[Int(seed) - 1], "input \(seed)")
    }
    let found = Locked<[Int: [Double]]>([:])
    parallelFor(6, threads: 3) { k in
      let values = try? results(scalar, spin, UInt64(k % 3 + 1))
      found.withLock { $0[k] = values }
    }
    for k in 0..<6 { #expect(found.withLock { $0[k] } == expected[k % 3], "at once, \(k)") }
  }

  /// What the recurrence relies on: scales of neighbours belong together to the last digits,
  /// however many there are.
  @Test("Scales of neighbours", arguments: [0, 1, 500])
  func scales(m: Int) {
    let steps = DegreePairSteps(lmax: 4095)
    steps.prepare(m)
    for k in 0..<steps.count - 1 {
      let coupling = steps.couplings[2 * k + 1] * steps.couplings[2 * k + 2]
      #expect(abs(steps.scales[k] * steps.scales[k + 1] * coupling - 1) <= 8 * 0x1p-53)
    }
  }
}
