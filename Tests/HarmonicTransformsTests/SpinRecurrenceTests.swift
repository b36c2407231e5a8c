import Foundation
import Kernels
import SpecialFunctions
import SphereGrids
import Testing
import Verification

@testable import HarmonicTransforms

@Suite("Spin transforms by recurrence")
struct SpinRecurrenceTests {
  /// Sizes with several blocks of rings and several tables of steps, which small cases have not.
  private static let cases: [SpinCase] =
    [1, 2, 3].map {
      SpinCase(TransformCase(GaussLegendreGrid(lmax: 200), lmax: 200, lanes: 1), spin: $0)
    }
    + [
      SpinCase(TransformCase(GaussLegendreGrid(lmax: 331), lmax: 331, mmax: 50, lanes: 2), spin: 2),
      SpinCase(
        TransformCase(
          ClenshawCurtisGrid(ringCount: 141, longitudeCount: 90), lmax: 180, lanes: 1), spin: 2),
    ]
    + [16, 37].compactMap {
      (try? HealpixGrid(nside: $0)).map {
        SpinCase(TransformCase($0, lmax: 3 * $0.nside - 1, lanes: 3), spin: 2)
      }
    }

  /// Two ways to the same sums; the recurrence has rounding errors of its own.
  @Test("Equal those by tables", arguments: cases)
  func tables(_ c: SpinCase) throws {
    func transform(_ path: TransformPath) -> SpinTransform<Double> {
      SpinTransform(
        grid: c.base.grid, spin: c.spin, lmax: c.base.lmax, mmax: c.base.mmax, path: path)
    }
    let (table, way) = (transform(.table), transform(.recurrence))
    let a: SpinCoefficients<Double> = c.coefficients(seed: 1)
    let f: SpinFields<Double> = c.fields(seed: 2)
    let bound = 8 * Double(c.base.lmax + 1) * 0x1p-53
    let synthesis = relativeError(way.synthesis(a).values, table.synthesis(a).values)
    #expect(synthesis <= bound, "\(c): \(synthesis)")
    let analysis = relativeError(
      try way.analysis(f, .lossy).values, try table.analysis(f, .lossy).values)
    #expect(analysis <= bound, "\(c): \(analysis)")
    for threads in 2...3 {
      #expect(way.synthesis(a, threads: threads).values == way.synthesis(a).values)
      #expect(
        try way.analysis(f, .lossy, threads: threads).values
          == way.analysis(f, .lossy).values)
    }
  }

  /// Iterations on both paths, whose rows have different strides.
  @Test("Iterated and least-squares analysis", arguments: [1, 2, 3, 5])
  func iterations(lanes: Int) throws {
    let base = TransformCase(try HealpixGrid(nside: 8), lmax: 16, lanes: lanes)
    let c = SpinCase(base, spin: 2)
    let f: SpinFields<Double> = c.fields(seed: 3)
    let (table, way) = (
      SpinTransform<Double>(grid: base.grid, lmax: 16, path: .table),
      SpinTransform<Double>(grid: base.grid, lmax: 16, path: .recurrence)
    )
    let bound = 1e-12
    #expect(
      relativeError(
        try way.iterated(f, iterations: 3).values, try table.iterated(f, iterations: 3).values)
        < bound)
    let (found, expected) = (
      try way.leastSquares(f, tolerance: 1e-12), try table.leastSquares(f, tolerance: 1e-12)
    )
    #expect(relativeError(found.coefficients.values, expected.coefficients.values) < 1e-10)
    #expect(found.reports.count == lanes && found.reports.allSatisfy { $0.stop == .converged })
    let (scalarTable, scalarWay) = (
      ScalarTransform<Double>(grid: base.grid, lmax: 16, path: .table),
      ScalarTransform<Double>(grid: base.grid, lmax: 16, path: .recurrence)
    )
    #expect(
      relativeError(
        try scalarWay.iterated(f.q, iterations: 3).values,
        try scalarTable.iterated(f.q, iterations: 3).values) < bound)
    #expect(
      relativeError(
        try scalarWay.leastSquares(f.q, tolerance: 1e-12).coefficients.values,
        try scalarTable.leastSquares(f.q, tolerance: 1e-12).coefficients.values) < 1e-10)
  }

  /// What polar skipping leaves out is nothing, on either side of the border between the two ways.
  @Test("Skipping of orders near the poles", arguments: [1, 2, 3])
  func skipping(spin: Int) {
    let lmax = 600
    let grid = GaussLegendreGrid(lmax: lmax)
    let c = SpinCase(TransformCase(grid, lmax: lmax, lanes: 1), spin: spin)
    let a: SpinCoefficients<Double> = c.coefficients(seed: 5)
    let factors = ScalarTransform<Double>(grid: grid, lmax: lmax).synthesisFactors
    func fields(skipsPoles: Bool) -> [Double] {
      let way = SpinRecurrenceTransform<Double>(
        pairs: RingPair.pairs(of: grid.rings), spin: spin, lmax: lmax, mmax: lmax,
        skipsPoles: skipsPoles)
      var f = SpinFields<Double>(grid: grid)
      f.q.values.withMutableView { q in
        f.u.values.withMutableView { u in
          a.e.values.withView { e in
            a.b.values.withView { b in
              way.synthesise(
                e: e, b: b, rowStride: 1, lanes: 1, factors, toQ: q, u: u, pointStride: 1,
                threads: 2)
            }
          }
        }
      }
      return f.values
    }
    #expect(relativeError(fields(skipsPoles: true), fields(skipsPoles: false)) < 1e-15)
  }

  /// Blocks hold rings of one kind, all rings in order, and the border is where sin^s θ is ¼.
  @Test("Partition of the rings", arguments: [0, 1, 2, 3, 8])
  func partition(spin: Int) {
    for grid in [GaussLegendreGrid(lmax: 99), GaussLegendreGrid(lmax: 3)] as [any RingGrid] {
      let pairs = RingPair.pairs(of: grid.rings)
      let blocks = ColatitudeBlocks(pairs, lmax: 99, mmax: 99, spin: spin)
      #expect(blocks.ranges.flatMap { Array($0) } == Array(pairs.indices))
      for (range, divides) in zip(blocks.ranges, blocks.dividesBySine) {
        #expect(range.count <= RecurrenceBlock.width)
        for j in range {
          #expect(divides == (pow(pairs[j].north.sinTheta, Double(spin)) >= 0.25))
        }
      }
    }
  }

  /// The functions that the steps describe, against Wigner's recurrence by degrees without scaling
  /// of neighbours: at every colatitude, in the form that is used there.
  @Test("Steps and starts", arguments: [1, 2, 3, 8])
  func steps(spin: Int) {
    let lmax = 40
    let steps = SpinSteps(
      spin: spin, lmax: lmax, forms: Set(SpinStepForm.allCases))
    let factors = SpinSteps.startFactors(spin: spin, mmax: lmax)
    for m in [0, 1, 2, 3, 7, 8, 9, 25, 40] {
      steps.prepare(m)
      #expect(steps.count == lmax - max(m, spin) + 1)
      for theta in [0.01, 0.4, 0.8, 1.5, 2.0, 2.5, 3.13] {
        let ring = Ring(
          theta: theta, cosTheta: cos(theta), sinTheta: sin(theta), phi0: 0, count: 4, start: 0,
          weight: 1)
        let argument = SpinStepForm(cosTheta: cos(theta))
        for kind in 0...1 {
          let n = kind == 0 ? -spin : spin
          let expected = WignerRecurrence(m: m, n: n, lmax: lmax)
            .values(cosBeta: cos(theta), sinBeta: sin(theta))
          let list = steps.steps(kind: kind, argument)
          let f = Double(min(m, spin))
          let isNegative = kind == 0 ? (m + spin) % 2 == 1 : m > spin && (m - spin) % 2 == 1
          let first =
            (isNegative ? -1 : 1) * factors[m] * pow(sin(theta), Double(max(m, spin)))
            * pow(tan(theta / 2), kind == 0 ? f : -f)
          var (here, below) = (first / steps.scales[0], 0.0)
          let scale = expected.reduce(1e-300) { max($0, abs($1)) }
          for k in 0..<steps.count {
            #expect(
              abs(steps.scales[k] * here - expected[k]) <= 1e-12 * scale,
              "spin \(spin), m \(m), n \(n), theta \(theta), degree \(k)")
            let t = list[2 * k] * argument.value(ring) + list[2 * k + 1]
            (below, here) = (here, t * here - below)
          }
        }
      }
    }
  }
}
