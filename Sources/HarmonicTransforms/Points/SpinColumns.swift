import Foundation
import SpecialFunctions

/// ₛλ_lm(θ) of one order for all degrees, and its derivative: what fields at single points need.
///
/// Definition:  ₛY_lm = ₛλ_lm e^{imφ}, ₛλ_lm = (−1)^s δ_l with the orders (m, −s) of
///              `WignerRecurrence`; s = 0 gives λ_lm.
/// Derivative:  from the operators that raise and lower the spin [Varshalovich1988, 4.17 (1)],
///              dₛλ_lm/dθ = ½ {√[(l+s)(l−s+1)] ₛ₋₁λ_lm − √[(l−s)(l+s+1)] ₛ₊₁λ_lm}:
///              no division by sin θ, hence as good at the poles as elsewhere.
/// Layout:      element k of a column is the degree `firstDegree` + k.
/// Checked by:  PointSynthesisTests.
struct SpinColumns {
  let m: Int
  let spin: Int
  let lmax: Int
  /// max(|m|, s).
  var firstDegree: Int { max(abs(m), spin) }

  private let own: WignerRecurrence
  private let raised: WignerRecurrence?
  private let lowered: WignerRecurrence

  /// The columns of an order with max(|m|, s) ≤ lmax.
  init(m: Int, spin: Int, lmax: Int) {
    self.m = m
    self.spin = spin
    self.lmax = lmax
    own = WignerRecurrence(m: m, n: -spin, lmax: lmax)
    raised =
      max(abs(m), spin + 1) <= lmax ? WignerRecurrence(m: m, n: -spin - 1, lmax: lmax) : nil
    lowered = WignerRecurrence(m: m, n: 1 - spin, lmax: max(lmax, abs(1 - spin)))
  }

  /// ₛλ_lm(θ).
  func values(_ theta: Double) -> [Double] {
    let column = own.values(cosBeta: cos(theta), sinBeta: Self.sine(theta))
    return spin.isMultiple(of: 2) ? column : column.map { -$0 }
  }

  /// dₛλ_lm/dθ.
  func derivatives(_ theta: Double) -> [Double] {
    let (cosine, sine) = (cos(theta), Self.sine(theta))
    let above = raised?.values(cosBeta: cosine, sinBeta: sine) ?? []
    let below = lowered.values(cosBeta: cosine, sinBeta: sine)
    // ₛ₊₁λ and ₛ₋₁λ have the sign −(−1)^s before δ.
    let sign = spin.isMultiple(of: 2) ? 1.0 : -1.0
    return (firstDegree..<lmax + 1).map { l in
      let k = l - (raised?.firstDegree ?? lmax + 1)
      let up = k >= 0 ? Double((l - spin) * (l + spin + 1)).squareRoot() * above[k] : 0
      let j = l - lowered.firstDegree
      let down = j >= 0 ? Double((l + spin) * (l - spin + 1)).squareRoot() * below[j] : 0
      return sign * (up - down) / 2
    }
  }

  /// sin θ ≥ 0: the sine of the double next to π is 1.2·10⁻¹⁶.
  private static func sine(_ theta: Double) -> Double { max(sin(theta), 0) }
}
