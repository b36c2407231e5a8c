import Kernels
import SphereGrids
import Testing
import Verification

@testable import HarmonicTransforms

@Suite("Spin transform against its definition")
struct SpinDefinitionTests {
  /// As for scalars (TransformDefinitionTests): rounding of √(terms), with 8 for the FFT and for
  /// the recurrence, here twice the terms as E and B both contribute.
  static func bound(_ c: SpinCase, unit: Double) -> Double {
    8 * (2 * Double((c.base.lmax + 1) * (c.base.lmax + 1))).squareRoot() * unit
  }

  /// The definition's loops have mmax = lmax: orders beyond mmax are cut from its input and output.
  private func direct(_ c: SpinCase) -> DirectSpinTransform {
    DirectSpinTransform(grid: c.base.grid, spin: c.spin, lmax: c.base.lmax)
  }

  private func widened(_ a: SpinCoefficients<Double>) -> SpinCoefficients<Double> {
    func widen(_ stack: CoefficientStack<Double>) -> CoefficientStack<Double> {
      var wide = CoefficientStack<Double>(lmax: stack.lmax, lanes: stack.lanes)
      wide.values.replaceSubrange(0..<stack.values.count, with: stack.values)
      return wide
    }
    return SpinCoefficients(e: widen(a.e), b: widen(a.b))
  }

  private func cut(_ a: SpinCoefficients<Double>, _ c: SpinCase) -> SpinCoefficients<Double> {
    func cut(_ stack: CoefficientStack<Double>) -> CoefficientStack<Double> {
      let count = 2 * coefficientCount(lmax: c.base.lmax, mmax: c.base.mmax) * stack.lanes
      return CoefficientStack(
        lmax: c.base.lmax, mmax: c.base.mmax, lanes: stack.lanes,
        values: Array(stack.values[..<count]))
    }
    return SpinCoefficients(e: cut(a.e), b: cut(a.b))
  }

  @Test("Synthesis", arguments: SpinCase.small)
  func synthesis(_ c: SpinCase) {
    let a: SpinCoefficients<Double> = c.coefficients(seed: 3)
    let slow = direct(c).synthesis(widened(a))
    let fast = c.transform(as: Double.self).synthesis(a)
    let comparison = Comparison(fast.values, with: slow.values)
    #expect(comparison.relativeL2 <= Self.bound(c, unit: 0x1p-53), "\(c): \(comparison)")
    let single = c.transform(as: Float.self).synthesis(a.rounded())
    let rounded = Comparison(single.values, with: slow.values)
    #expect(rounded.relativeL2 <= Self.bound(c, unit: 0x1p-24), "\(c) in Float: \(rounded)")
    // Negative control: E and B exchanged, or the other sign of U, are other fields.
    if c.base.lmax >= c.spin {
      let exchanged = c.transform(as: Double.self).synthesis(SpinCoefficients(e: a.b, b: a.e))
      #expect(relativeError(exchanged.values, slow.values) > 1e-3)
      #expect(relativeError(fast.flippingU.values, slow.values) > 1e-3)
    }
  }

  @Test("Analysis, weighted and not", arguments: SpinCase.small)
  func analysis(_ c: SpinCase) throws {
    let f: SpinFields<Double> = c.fields(seed: 4)
    let bound = 8 * Double(2 * c.base.grid.pointCount).squareRoot() * 0x1p-53
    let weighted = cut(direct(c).analysis(f), c)
    let transform: SpinTransform<Double> = c.transform()
    let fast = Comparison(try transform.analysis(f, .lossy).values, with: weighted.values)
    #expect(fast.relativeL2 <= bound, "\(c): \(fast)")
    let plain = cut(direct(c).analysis(f, weighted: false), c)
    let adjoint = Comparison(try transform.adjointSynthesis(f).values, with: plain.values)
    #expect(adjoint.relativeL2 <= bound, "\(c): \(adjoint)")
  }

  /// Gradients of both directions. The control is the gradient without the factor 2 for m > 0.
  @Test("Gradients", arguments: SpinCase.small)
  func gradients(_ c: SpinCase) {
    let transform: SpinTransform<Double> = c.transform()
    let (f, a): (SpinFields<Double>, SpinCoefficients<Double>) = (
      c.fields(seed: 6), c.coefficients(seed: 7)
    )
    let sums = 8 * Double(2 * c.base.grid.pointCount).squareRoot() * 0x1p-53
    let gradient = cut(direct(c).synthesisGradient(f), c).values
    #expect(relativeError(transform.synthesisGradient(f).values, gradient) <= sums, "\(c)")
    let field = direct(c).analysisGradient(widened(a)).values
    let bound = Self.bound(c, unit: 0x1p-53)
    #expect(relativeError(transform.analysisGradient(a).values, field) <= bound, "\(c)")
    if c.base.mmax > 0 && c.base.lmax >= c.spin {
      let plain = cut(direct(c).analysis(f, weighted: false), c).values
      #expect(relativeError(plain, gradient) > 1000 * sums, "\(c)")
    }
  }

  /// Exact quadrature gives E and B back; the product of two functions of spin s is a scalar of
  /// degree 2 lmax. Blind to: reciprocal errors in the two directions.
  @Test("Round trip on grids that carry lmax", arguments: SpinCase.small)
  func roundTrip(_ c: SpinCase) throws {
    guard c.base.lmax <= c.base.grid.exactAnalysisDegree else { return }
    let transform: SpinTransform<Double> = c.transform()
    let a: SpinCoefficients<Double> = c.coefficients(seed: 5)
    let back = try transform.analysis(transform.synthesis(a))
    #expect(relativeError(back.values, a.values) <= 2 * Self.bound(c, unit: 0x1p-53), "\(c)")
  }

  /// 10⁻¹² relative at the sizes that are used: some rounding errors per degree.
  @Test("Round trip on Gauss-Legendre grids", arguments: [47, 200])
  func largeRoundTrip(_ lmax: Int) throws {
    try checkRoundTrip(lmax, lanes: 2)
  }

  /// One more degree than the grid carries is not given back: the limit is not merely cautious.
  @Test("Round trip fails beyond the exact degree")
  func roundTripFailsBeyond() throws {
    let grid = GaussLegendreGrid(ringCount: 6, longitudeCount: 20)
    let c = SpinCase(TransformCase(grid, lmax: 6), spin: 2)
    let transform: SpinTransform<Double> = c.transform()
    let a: SpinCoefficients<Double> = c.coefficients(seed: 5)
    #expect(throws: HarmonicTransformError.self) { try transform.analysis(c.fields(seed: 1)) }
    let back = try transform.analysis(transform.synthesis(a), .lossy)
    #expect(relativeError(back.values, a.values) > 1e-3)
  }

  @Test("1 and 2 threads: the same bits")
  func sameBits() throws {
    let c = SpinCase(TransformCase(GaussLegendreGrid(lmax: 20), lmax: 20, lanes: 70), spin: 2)
    let transform: SpinTransform<Float> = c.transform()
    let a: SpinCoefficients<Float> = c.coefficients(seed: 6)
    #expect(
      transform.synthesis(a, threads: 1).values == transform.synthesis(a, threads: 2).values)
    let f: SpinFields<Float> = c.fields(seed: 7)
    #expect(try transform.analysis(f, threads: 1) == transform.analysis(f, threads: 2))
  }
}

@Suite("Spin transforms at large sizes")
struct SpinRoundTripSlowTests {
  @Test("Round trip at lmax 1000")
  func roundTrip() throws { try checkRoundTrip(1000, lanes: 2) }
}

private func checkRoundTrip(_ lmax: Int, lanes: Int) throws {
  let c = SpinCase(TransformCase(GaussLegendreGrid(lmax: lmax), lmax: lmax, lanes: lanes), spin: 2)
  let transform: SpinTransform<Double> = c.transform()
  let a: SpinCoefficients<Double> = c.coefficients(seed: 8)
  let back = try transform.analysis(transform.synthesis(a, threads: 2), threads: 2)
  let comparison = Comparison(back.values, with: a.values)
  let bound = 2 * Double(lmax + 8) * RoundingBound.unitRoundoff()
  #expect(comparison.relativeL2 <= bound, "lmax \(lmax): \(comparison)")
}
