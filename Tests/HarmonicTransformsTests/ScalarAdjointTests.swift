import Kernels
import SphereGrids
import Testing
import Verification

@testable import HarmonicTransforms

@Suite("Transposes of the scalar transforms")
struct ScalarAdjointTests {
  /// The stored numbers, those of orders m > 0 twice: the inner product over the whole set of
  /// coefficients is a plain one with these.
  private func doubled(_ a: CoefficientStack<Double>) -> [Double] {
    var values = a.values
    a.forEachCoefficient { _, m, first in
      guard m > 0 else { return }
      for i in first..<(first + 2 * a.lanes) { values[i] *= 2 }
    }
    return values
  }

  /// ⟨S a, f⟩ = ⟨a, S† f⟩ in both inner products, ⟨A f, a⟩ = ⟨f, Aᵀ a⟩.
  ///
  /// Bound: `AdjointCheck.roundingBound` with a term per point, of ‖S a‖ ‖f‖ and ‖A f‖ ‖a‖.
  /// Blind to: errors in λ_lm common to both directions.
  @Test("Transpose identities", arguments: TransformCase.small, [UInt64(0), 1])
  func transposes(_ c: TransformCase, seed: UInt64) throws {
    for (nyquist, path) in [
      (NyquistOrder.evaluated, TransformPath.table), (.once, .table), (.evaluated, .recurrence),
      (.once, .recurrence),
    ] {
      if nyquist == .once && c.grid is HealpixGrid { continue }
      let transform = ScalarTransform<Double>(
        grid: c.grid, lmax: c.lmax, mmax: c.mmax, nyquist: nyquist, path: path)
      let a: CoefficientStack<Double> = c.coefficients(seed: 10 + seed)
      let f: FieldStack<Double> = c.field(seed: 20 + seed)
      let sa = transform.synthesis(a).values
      func check(
        _ image: [Double], _ y: [Double], _ x: [Double], _ transposed: [Double], _ name: String
      ) {
        let check = AdjointCheck(
          image: image, y: y, x: x, transposed: transposed, terms: c.grid.pointCount)
        #expect(check.mismatch <= check.roundingBound, "\(c), \(name): \(check)")
      }
      check(sa, f.values, a.values, transform.synthesisGradient(f).values, "gradient")
      if nyquist == .evaluated {
        check(sa, f.values, doubled(a), try transform.adjointSynthesis(f).values, "adjoint")
      }
      let analysed = try transform.analysis(f, .lossy).values
      check(analysed, a.values, f.values, transform.analysisGradient(a).values, "analysis")
    }
  }

  /// Mixing up the two inner products is seen at once.
  @Test("Negative control: the wrong factor for m > 0")
  func wrongInnerProduct() throws {
    let c = TransformCase(GaussLegendreGrid(lmax: 8), lmax: 8)
    let transform = ScalarTransform<Double>(grid: c.grid, lmax: c.lmax)
    let a: CoefficientStack<Double> = c.coefficients(seed: 10)
    let f: FieldStack<Double> = c.field(seed: 20)
    let check = AdjointCheck(
      image: transform.synthesis(a).values, y: f.values, x: a.values,
      transposed: try transform.adjointSynthesis(f).values, terms: c.grid.pointCount)
    #expect(check.mismatch > 1000 * check.roundingBound, "\(check)")
  }
}
