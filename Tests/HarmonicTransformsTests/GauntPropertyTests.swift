import Foundation
import Numerics
import SpecialFunctions
import SphereGrids
import Testing
import Verification

@testable import HarmonicTransforms

/// Products of fields, as grids make them and as 3j symbols do.
@Suite("Gaunt's integral")
struct GauntPropertyTests {

  /// c_lm of the product of two real fields: Σ a_{l2 m2} b_{l3 m3} ∫ Y_{l2 m2} Y_{l3 m3} Y*_lm, m2
  /// and m3 of either sign, with the integral [DLMF, 34.3.22]
  /// (−1)^m √[(2l+1)(2l2+1)(2l3+1)/4π] (l l2 l3; 0 0 0) (l l2 l3; −m m2 m3).
  private func product(
    _ a: CoefficientStack<Double>, _ b: CoefficientStack<Double>,
    withPhase: Bool = true
  ) -> CoefficientStack<Double> {
    func full(_ a: CoefficientStack<Double>, _ l: Int, _ m: Int) -> Complex<Double> {
      m >= 0 ? a[l, m] : a[l, -m].conjugate.multiplied(by: m.isMultiple(of: 2) ? 1 : -1)
    }
    var c = CoefficientStack<Double>(lmax: a.lmax + b.lmax)
    for (l2, l3) in (0...a.lmax).flatMap({ x in (0...b.lmax).map { (x, $0) } }) {
      let zonal = WignerThreeJ(l2: l2, l3: l3, m2: 0, m3: 0)
      for (m2, m3) in (-l2...l2).flatMap({ x in (-l3...l3).map { (x, $0) } }) where m2 + m3 >= 0 {
        let m = m2 + m3
        let column = WignerThreeJ(l2: l2, l3: l3, m2: m2, m3: m3)
        let term = full(a, l2, m2) * full(b, l3, m3)
        for l in max(abs(l2 - l3), m)...l2 + l3 {
          let degrees = Double((2 * l + 1) * (2 * l2 + 1) * (2 * l3 + 1))
          let integral = (degrees / (4 * .pi)).squareRoot() * zonal[l] * column[l]
          c[l, m] += term.multiplied(by: withPhase && m % 2 == 1 ? -integral : integral)
        }
      }
    }
    return c
  }

  /// Two band-limited fields multiplied on a Gauss-Legendre grid that carries their product:
  /// analysis gives the sum over 3j symbols. Transforms and symbols share no code.
  ///
  /// Both sides add up to (lmax + 1)⁴ products, of either sign, to one coefficient; each factor
  /// carries a few rounding errors per degree. Bound: 2 (l2 + l3 + 10) u, relative to the norm.
  /// Blind to: a factor that depends on the orders alone and cancels in e^{imφ}.
  @Test("Product of two fields", arguments: [(0, 0), (1, 2), (6, 4), (9, 11)], UInt64(0)..<2)
  func productOfFields(sizes: (Int, Int), seed: UInt64) throws {
    let (first, second) = sizes
    let grid = GaussLegendreGrid(lmax: first + second)
    let a: CoefficientStack<Double> = TransformCase(grid, lmax: first, lanes: 1)
      .coefficients(seed: 400 + seed)
    let b: CoefficientStack<Double> = TransformCase(grid, lmax: second, lanes: 1)
      .coefficients(seed: 410 + seed)
    var f = ScalarTransform<Double>(grid: grid, lmax: first).synthesis(a)
    let g = ScalarTransform<Double>(grid: grid, lmax: second).synthesis(b)
    for i in f.values.indices { f.values[i] *= g.values[i] }
    let onGrid = try ScalarTransform<Double>(grid: grid, lmax: first + second).analysis(f)
    let bySymbols = product(a, b)
    let bound = 2 * Double(first + second + 10) * RoundingBound.unitRoundoff()
    let comparison = Comparison(onGrid.values, with: bySymbols.values)
    #expect(comparison.relativeL2 <= bound, "\(comparison)")
    // Negative control: the integral over Y_lm in place of its conjugate.
    if first > 0 {
      let wrong = product(a, b, withPhase: false)
      #expect(relativeError(wrong.values, onGrid.values) > 1000 * bound)
    }
  }
}
