import Kernels
import SphereGrids
import Testing
import Verification

@testable import HarmonicTransforms

@Suite("Transposes of the scalar transforms")
struct ScalarAdjointTests {
  /// Σ over stored numbers; with `doubled`, the orders m > 0 count twice.
  private func product(
    _ a: CoefficientStack<Double>, _ b: CoefficientStack<Double>, doubled: Bool
  ) -> Double {
    var sum = 0.0
    a.forEachCoefficient { _, m, first in
      for i in first..<(first + 2 * a.lanes) {
        sum += (doubled && m > 0 ? 2 : 1) * a.values[i] * b.values[i]
      }
    }
    return sum
  }

  private func product(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
  }

  private func norm(_ a: [Double]) -> Double { product(a, a).squareRoot() }

  /// ⟨S a, f⟩ = ⟨a, S† f⟩ in both inner products, ⟨A f, a⟩ = ⟨f, Aᵀ a⟩.
  ///
  /// Both sides add the same products, so they differ by rounding; the scale is ‖S a‖ ‖f‖, as the
  /// product itself may be near zero by chance. Blind to: errors in λ_lm common to both directions.
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
      let bound = 1e-13
      let sa = transform.synthesis(a).values
      let scale = norm(sa) * norm(f.values)
      let left = product(sa, f.values)

      let gradient = transform.synthesisGradient(f)
      #expect(abs(left - product(a, gradient, doubled: false)) <= bound * scale, "\(c) gradient")
      if nyquist == .evaluated {
        let adjoint = try transform.adjointSynthesis(f)
        #expect(abs(left - product(a, adjoint, doubled: true)) <= bound * scale, "\(c) adjoint")
      }
      let af = try transform.analysis(f, .lossy)
      let back = transform.analysisGradient(a).values
      #expect(
        abs(product(af, a, doubled: false) - product(f.values, back))
          <= bound * norm(back) * norm(f.values), "\(c) analysis")
    }
  }

  /// Mixing up the two inner products is seen at once.
  @Test("Negative control: the wrong factor for m > 0")
  func wrongInnerProduct() throws {
    let c = TransformCase(GaussLegendreGrid(lmax: 8), lmax: 8)
    let transform = ScalarTransform<Double>(grid: c.grid, lmax: c.lmax)
    let a: CoefficientStack<Double> = c.coefficients(seed: 10)
    let f: FieldStack<Double> = c.field(seed: 20)
    let sa = transform.synthesis(a).values
    let adjoint = try transform.adjointSynthesis(f)
    let mismatch = abs(product(sa, f.values) - product(a, adjoint, doubled: false))
    #expect(mismatch > 1000 * 1e-13 * norm(sa) * norm(f.values))
  }
}
