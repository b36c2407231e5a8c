import HarmonicTransforms
import Kernels
import SphereGrids
import Testing
import Verification

@testable import Resampling

/// Two grids, a degree that both methods of analysis can be asked for, and the method.
struct HarmonicCase: Sendable, CustomStringConvertible {
  let source: any RingGrid
  let target: any RingGrid
  let lmax: Int
  let method: HarmonicAnalysis
  var description: String { "\(source.name) to \(target.name), lmax \(lmax), \(method)" }

  static let exact: [HarmonicCase] = {
    guard let four = try? HealpixGrid(nside: 4), let three = try? HealpixGrid(nside: 3) else {
      return []
    }
    let gauss = GaussLegendreGrid(lmax: 8)
    let rings = ClenshawCurtisGrid(ringCount: 17, longitudeCount: 18)
    return [
      HarmonicCase(source: four, target: gauss, lmax: 11, method: .leastSquares),
      HarmonicCase(source: four, target: three, lmax: 8, method: .leastSquares),
      HarmonicCase(source: gauss, target: four, lmax: 8, method: .quadrature(.exact)),
      HarmonicCase(source: gauss, target: rings, lmax: 7, method: .leastSquares),
      HarmonicCase(source: rings, target: four, lmax: 8, method: .quadrature(.exact)),
    ]
  }()

  static let all: [HarmonicCase] =
    exact
    + exact.map {
      HarmonicCase(
        source: $0.source, target: $0.target, lmax: $0.lmax, method: .quadrature(.lossy))
    }

  func coefficients(seed: UInt64, lanes: Int) -> CoefficientStack<Double> {
    var numbers = TestNumbers(seed: seed)
    var a = CoefficientStack<Double>(lmax: lmax, lanes: lanes)
    a.forEachCoefficient { _, m, first in
      for i in first..<first + (m == 0 ? 1 : 2) * lanes { a.values[i] = numbers.normal() }
    }
    return a
  }
}

@Suite("Resampling through harmonics")
struct HarmonicResamplerTests {
  /// Rounding of two transforms of lmax² terms, times the fit's condition number (below 50 here).
  private func bound(_ c: HarmonicCase) -> Double {
    50 * RoundingBound.probable(operations: 2 * (c.lmax + 1) * (c.lmax + 1))
  }

  /// A field up to lmax arrives as its series at the target's points.
  /// Blind to: errors that analysis and synthesis share (TransformOracleTests).
  @Test("Band-limited fields arrive", arguments: HarmonicCase.exact)
  func bandLimited(_ c: HarmonicCase) throws {
    let a = c.coefficients(seed: 5, lanes: 3)
    let x = ScalarTransform<Double>(grid: c.source, lmax: c.lmax).synthesis(a)
    let y = ScalarTransform<Double>(grid: c.target, lmax: c.lmax).synthesis(a)
    let resampler = try HarmonicResampler<Double>(
      from: c.source, to: c.target, lmax: c.lmax, method: c.method)
    let comparison = Comparison(try resampler.apply(x).values, with: y.values)
    #expect(comparison.relativeL2 <= bound(c), "\(c): \(comparison)")
    #expect(try resampler.apply(x, threads: 2).values == resampler.apply(x).values)
    // Negative control: one degree less loses what that degree carries.
    let less = try HarmonicResampler<Double>(
      from: c.source, to: c.target, lmax: c.lmax - 1, method: c.method)
    #expect(relativeError(try less.apply(x).values, y.values) > 1000 * bound(c))
  }

  @Test("Transpose", arguments: HarmonicCase.all)
  func transposes(_ c: HarmonicCase) throws {
    let resampler = try HarmonicResampler<Double>(
      from: c.source, to: c.target, lmax: c.lmax, method: c.method)
    let check = try AdjointCheck(
      inputCount: 2 * c.source.pointCount, outputCount: 2 * c.target.pointCount,
      terms: c.source.pointCount, seed: 6
    ) { (x: [Double]) in
      try resampler.apply(FieldStack(grid: c.source, lanes: 2, values: x)).values
    } transpose: { y in
      resampler.transpose(FieldStack(grid: c.target, lanes: 2, values: y)).values
    }
    #expect(check.mismatch <= 1e-13, "\(c): \(check)")
    // Negative control: the way back is not the transpose.
    let back = try HarmonicResampler<Double>(
      from: c.target, to: c.source, lmax: c.lmax, method: .quadrature(.lossy))
    let wrong = try AdjointCheck(
      inputCount: c.source.pointCount, outputCount: c.target.pointCount,
      terms: c.source.pointCount, seed: 6
    ) { (x: [Double]) in
      try resampler.apply(FieldStack(grid: c.source, lanes: 1, values: x)).values
    } transpose: { y in
      try back.apply(FieldStack(grid: c.target, lanes: 1, values: y)).values
    }
    #expect(wrong.mismatch > 1000 * 1e-13, "\(c): \(wrong)")
  }

  @Test("Refuses what the source cannot give")
  func errors() throws {
    let healpix = try HealpixGrid(nside: 2)
    let gauss = GaussLegendreGrid(lmax: 8)
    #expect(throws: HarmonicTransformError.self) {
      try HarmonicResampler<Double>(from: healpix, to: gauss, lmax: 8)
    }
    let beyond = HarmonicTransformError.degreeBeyondGrid(
      grid: healpix.name, lmax: 4, exact: 0)
    #expect(throws: beyond) {
      try HarmonicResampler<Double>(
        from: healpix, to: gauss, lmax: 4, method: .quadrature(.exact))
    }
    let resampler = try HarmonicResampler<Double>(from: healpix, to: gauss, lmax: 4)
    #expect(throws: HarmonicTransformError.otherGrid(found: gauss.name, expected: healpix.name)) {
      try resampler.apply(FieldStack(grid: gauss))
    }
  }
}
