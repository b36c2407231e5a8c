import Kernels
import SphereGrids
import Testing
import Verification

@testable import HarmonicTransforms

@Suite("Scalar transform against its definition")
struct TransformDefinitionTests {
  /// Fast and slow sum the same terms: the difference is rounding, √(terms) u for random signs; the
  /// factor 8 covers the FFT's and the recurrence's own errors. Scale: the L2 norm of the result.
  /// Blind to: an error in λ_lm or in the ring table (LegendreOracleTests, HealpixOracleTests).
  static func bound(_ c: TransformCase, unit: Double) -> Double {
    8 * Double((c.lmax + 1) * (c.lmax + 1)).squareRoot() * unit
  }

  @Test("Synthesis", arguments: TransformCase.small, TransformCase.paths)
  func synthesis(_ c: TransformCase, _ path: TransformPath) {
    let a: CoefficientStack<Double> = c.coefficients(seed: 3)
    let slow = DirectTransform(grid: c.grid, lmax: c.lmax, mmax: c.mmax).synthesis(a)
    let fast = ScalarTransform<Double>(
      grid: c.grid, lmax: c.lmax, mmax: c.mmax, path: path
    ).synthesis(a)
    let comparison = Comparison(fast.values, with: slow.values)
    #expect(comparison.relativeL2 <= Self.bound(c, unit: 0x1p-53), "\(c): \(comparison)")
    let single = ScalarTransform<Float>(
      grid: c.grid, lmax: c.lmax, mmax: c.mmax, path: path
    )
    .synthesis(
      CoefficientStack(
        lmax: c.lmax, mmax: c.mmax, lanes: c.lanes, values: a.values.map(Float.init)))
    let rounded = Comparison(single.values, with: slow.values)
    #expect(rounded.relativeL2 <= Self.bound(c, unit: 0x1p-24), "\(c) in Float: \(rounded)")
  }

  @Test("Analysis, weighted and not", arguments: TransformCase.small, TransformCase.paths)
  func analysis(_ c: TransformCase, _ path: TransformPath) throws {
    let f: FieldStack<Double> = c.field(seed: 4)
    let direct = DirectTransform(grid: c.grid, lmax: c.lmax, mmax: c.mmax)
    let transform = ScalarTransform<Double>(
      grid: c.grid, lmax: c.lmax, mmax: c.mmax, path: path)
    let bound = 8 * Double(c.grid.pointCount).squareRoot() * 0x1p-53
    let weighted = Comparison(
      try transform.analysis(f, .lossy).values, with: direct.analysis(f).values)
    #expect(weighted.relativeL2 <= bound, "\(c): \(weighted)")
    let plain = Comparison(
      try transform.adjointSynthesis(f).values, with: direct.analysis(f, weighted: false).values)
    #expect(plain.relativeL2 <= bound, "\(c): \(plain)")
    // The weights matter: a check that mixed the two up would pass only on a constant factor.
    if c.grid.rings.count > 2 {
      #expect(
        relativeError(
          try transform.analysis(f, .lossy).values, direct.analysis(f, weighted: false).values)
          > 1000 * bound)
    }
  }

  /// Gradients of both directions, and synthesis with the Nyquist order counted once where rings
  /// have one length and start at φ = 0. Controls: the other inner product; the other rule where
  /// mmax reaches n/2.
  @Test("Gradients and Nyquist order", arguments: TransformCase.small, TransformCase.paths)
  func gradients(_ c: TransformCase, _ path: TransformPath) {
    let isProduct = c.grid.rings.allSatisfy {
      $0.count == c.grid.rings[0].count && $0.phi0 == 0
    }
    let a: CoefficientStack<Double> = c.coefficients(seed: 8)
    let f: FieldStack<Double> = c.field(seed: 9)
    for nyquist in isProduct ? [NyquistOrder.evaluated, .once] : [.evaluated] {
      let direct = DirectTransform(grid: c.grid, lmax: c.lmax, mmax: c.mmax, nyquist: nyquist)
      let transform = ScalarTransform<Double>(
        grid: c.grid, lmax: c.lmax, mmax: c.mmax, nyquist: nyquist, path: path)
      let bound = Self.bound(c, unit: 0x1p-53)
      let sums = 8 * Double(c.grid.pointCount).squareRoot() * 0x1p-53
      let field = direct.synthesis(a).values
      #expect(relativeError(transform.synthesis(a).values, field) <= bound, "\(c)")
      let gradient = direct.synthesisGradient(f).values
      #expect(relativeError(transform.synthesisGradient(f).values, gradient) <= sums, "\(c)")
      #expect(
        relativeError(transform.analysisGradient(a).values, direct.analysisGradient(a).values)
          <= bound, "\(c)")
      if c.mmax > 0 && c.lmax > 0 {
        #expect(
          relativeError(direct.analysis(f, weighted: false).values, gradient) > 1000 * sums)
      }
      if nyquist == .once, c.grid.rings[0].count == 2 * c.mmax {
        let other = DirectTransform(grid: c.grid, lmax: c.lmax, mmax: c.mmax).synthesis(a).values
        #expect(relativeError(other, field) > 1000 * bound, "\(c)")
      }
    }
  }

  /// Exact quadrature gives the coefficients back. Blind to: reciprocal errors in the two
  /// directions.
  @Test("Round trip on grids that carry lmax", arguments: TransformCase.small, TransformCase.paths)
  func roundTrip(_ c: TransformCase, _ path: TransformPath) throws {
    guard c.lmax <= c.grid.exactAnalysisDegree else { return }
    let transform = ScalarTransform<Double>(
      grid: c.grid, lmax: c.lmax, mmax: c.mmax, path: path)
    let a: CoefficientStack<Double> = c.coefficients(seed: 5)
    let back = try transform.analysis(transform.synthesis(a))
    #expect(relativeError(back.values, a.values) <= 2 * Self.bound(c, unit: 0x1p-53), "\(c)")
  }

  /// One more degree than the grid carries is not given back: the limit is not merely cautious.
  @Test("Round trip fails beyond the exact degree")
  func roundTripFailsBeyond() throws {
    let c = TransformCase(GaussLegendreGrid(ringCount: 6, longitudeCount: 20), lmax: 6)
    let transform = ScalarTransform<Double>(grid: c.grid, lmax: c.lmax)
    let a: CoefficientStack<Double> = c.coefficients(seed: 5)
    let back = try transform.analysis(transform.synthesis(a), .lossy)
    #expect(relativeError(back.values, a.values) > 1e-3)
  }

  /// FFTW may round a lane differently in another number of lanes; threads change nothing.
  @Test("1 and 2 threads: the same bits", arguments: TransformCase.paths)
  func sameBits(_ path: TransformPath) throws {
    let c = TransformCase(GaussLegendreGrid(lmax: 20), lmax: 20, lanes: 100)
    let transform = ScalarTransform<Float>(grid: c.grid, lmax: c.lmax, path: path)
    let a: CoefficientStack<Float> = c.coefficients(seed: 6)
    let one = transform.synthesis(a, threads: 1)
    #expect(one.values == transform.synthesis(a, threads: 2).values)
    let f: FieldStack<Float> = c.field(seed: 7)
    #expect(
      try transform.analysis(f, threads: 1) == transform.analysis(f, threads: 2))
  }
}
