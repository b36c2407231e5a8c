import SphereGrids
import Testing
import Verification

@testable import HarmonicTransforms

@Suite("Transposes of the spin transforms")
struct SpinAdjointTests {
  private func product(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
  }

  private func norm(_ a: [Double]) -> Double { product(a, a).squareRoot() }

  /// ⟨a, b⟩ over stored numbers; with `doubled`, the orders m > 0 count twice.
  private func product(
    _ a: SpinCoefficients<Double>, _ b: SpinCoefficients<Double>, doubled: Bool
  ) -> Double {
    var sum = 0.0
    for (x, y) in [(a.e, b.e), (a.b, b.b)] {
      x.forEachCoefficient { _, m, first in
        for i in first..<(first + 2 * x.lanes) {
          sum += (doubled && m > 0 ? 2 : 1) * x.values[i] * y.values[i]
        }
      }
    }
    return sum
  }

  /// ⟨S a, f⟩ = ⟨a, S† f⟩ in both inner products, ⟨A f, a⟩ = ⟨f, Aᵀ a⟩; scale and blindness as in
  /// ScalarAdjointTests.
  @Test("Transpose identities", arguments: SpinCase.small, [UInt64(0), 1])
  func transposes(_ c: SpinCase, seed: UInt64) throws {
    guard c.base.lmax >= c.spin else { return }
    let transform: SpinTransform<Double> = c.transform()
    let a: SpinCoefficients<Double> = c.coefficients(seed: 10 + seed)
    let f: SpinFields<Double> = c.fields(seed: 20 + seed)
    let bound = 1e-13
    let sa = transform.synthesis(a).values
    let scale = norm(sa) * norm(f.values)
    let left = product(sa, f.values)
    let gradient = transform.synthesisGradient(f)
    #expect(abs(left - product(a, gradient, doubled: false)) <= bound * scale, "\(c) gradient")
    let adjoint = try transform.adjointSynthesis(f)
    #expect(abs(left - product(a, adjoint, doubled: true)) <= bound * scale, "\(c) adjoint")
    let back = transform.analysisGradient(a)
    #expect(
      abs(
        product(try transform.analysis(f, .lossy), a, doubled: false)
          - product(f.values, back.values)) <= bound * norm(back.values) * norm(f.values),
      "\(c) analysis")
    // Negative controls: the other inner product, and B with the other sign.
    if c.base.lmax >= 4 {
      #expect(abs(left - product(a, adjoint, doubled: false)) > 1000 * bound * scale, "\(c)")
      var flipped = gradient
      for i in flipped.b.values.indices { flipped.b.values[i] = -flipped.b.values[i] }
      #expect(abs(left - product(a, flipped, doubled: false)) > 1000 * bound * scale, "\(c)")
    }
  }
}
