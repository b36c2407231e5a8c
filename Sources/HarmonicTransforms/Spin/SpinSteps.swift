import Foundation
import Kernels
import SphereGrids

/// Everything that one order's recurrence of spin-weighted functions needs.
///
/// Definition:  δ_l = √[(2l+1)/4π] d^l_{m,∓s}(θ) = s_l q_l(θ), l ≥ l_0 = max(m, s), where
///              q_{l+1} = t_l q_l − q_{l−1},  t_l = α_l (cos θ − b_l),  b_l = ∓m s / [l (l + 1)].
/// Derivation:  `WignerRecurrence` has cos θ δ_l = a_{l+1} δ_{l+1} + b_l δ_l + a_l δ_{l−1}; with
///              s_l s_{l+1} a_{l+1} = 1 the factor of q_{l−1} is −1, and α_l = s_l². Near the poles
///              cos θ has lost the digits of θ, and t_l is written with 1 − cos θ or 1 + cos θ.
/// Start:       d^{l_0} = ± √C(2 l_0, l_0 + f) (½ sin θ)^{l_0} tan^{±f}(θ/2), f = min(m, s), since
///              sin^{l_0+f}(θ/2) cos^{l_0−f}(θ/2) is that product; + for n = −s, − for n = +s. The
///              sign is (−1)^{m+s} for n = −s, and for n = +s (−1)^{m−s} where m > s.
/// Sums:        with P = Q + iU, M = Q − iU of an order, λ of `SpinLegendreColumns`, σ = (−1)^s and
///              e_l = (−1)^{l+m+s}:
///              P_north = −σ Σ s_l q⁻_l (E + iB),   M_north = −Σ s_l q⁺_l (E − iB),
///              P_south = −Σ e_l s_l q⁺_l (E + iB),  M_south = −σ Σ e_l s_l q⁻_l (E − iB),
///              q∓ being those of n = ∓s at the northern ring: four real sums for each.
/// Checked by:  SpinRecurrenceTests, against `WignerRecurrence`.
final class SpinSteps: OrderSteps, @unchecked Sendable {
  let spin: Int
  let lmax: Int
  private(set) var m = 0
  /// Number of degrees, 0 where lmax < s.
  private(set) var count = 0
  let scales: AlignedBuffer<Double>
  private let factors: AlignedBuffer<Double>
  private let shifts: AlignedBuffer<Double>
  private let numbers: AlignedBuffer<Double>
  private let stride: Int
  private let forms: Set<SpinStepForm>

  /// Memory for the orders of a transform, whose colatitudes need these forms of the steps.
  init(spin: Int, lmax: Int, forms: Set<SpinStepForm>) {
    self.spin = spin
    self.lmax = lmax
    stride = 2 * (lmax + 1)
    self.forms = forms
    scales = AlignedBuffer(count: lmax + 4)
    factors = AlignedBuffer(count: lmax + 4)
    shifts = AlignedBuffer(count: lmax + 4)
    numbers = AlignedBuffer(count: 6 * stride)
  }

  /// The first degree, max(m, s).
  var firstDegree: Int { max(m, spin) }
  /// (−1)^s.
  var sign: Double { spin.isMultiple(of: 2) ? 1 : -1 }
  /// e_l of the first degree.
  var parity: Double { (firstDegree + m + spin).isMultiple(of: 2) ? 1 : -1 }

  func prepare(_ m: Int) {
    self.m = m
    count = max(0, lmax - max(m, spin) + 1)
    guard count > 0 else { return }
    fillSpinSteps(
      m: m, spin: spin, count: count, scales: scales.view(), factors: factors.view(),
      shifts: shifts.view())
    for form in forms {
      for kind in 0...1 {
        fillSpinSteps(
          count: count, factors: factors.view(), shifts: shifts.view(), form: form,
          sign: kind == 0 ? 1 : -1, to: steps(kind: kind, form))
      }
    }
  }

  /// (a_l, b_l) of the functions of n = −s (kind 0) or n = +s (kind 1).
  func steps(kind: Int, _ form: SpinStepForm) -> BufferView<Double> {
    numbers.view((3 * kind + form.rawValue) * stride)
  }

  /// √[(2 l_0 + 1)/4π · C(2 l_0, l_0 + f)] 2^{−l_0} of every order, without sign.
  static func startFactors(spin: Int, mmax: Int) -> [Double] {
    // C(2 l_0, l_0 + f) / 4^{l_0} for m < s: downwards from C(2s, 2s) = 1 at m = s.
    var ratios = [Double](repeating: 0, count: max(mmax, spin) + 1)
    ratios[spin] = pow(0.25, Double(spin))
    for m in Swift.stride(from: spin - 1, through: 0, by: -1) {
      ratios[m] = ratios[m + 1] * Double(spin + m + 1) / Double(spin - m)
    }
    for m in Swift.stride(from: spin + 1, through: mmax, by: 1) {
      let x = Double(m)
      let s = Double(spin)
      ratios[m] = ratios[m - 1] * (2 * x) * (2 * x - 1) / (4 * (x + s) * (x - s))
    }
    return (0...mmax).map { m in
      (Double(2 * max(m, spin) + 1) / (4 * Double.pi) * ratios[m]).squareRoot()
    }
  }
}

extension SpinStepForm {
  /// |cos θ| from which on the distance to the pole is used, as in `WignerRecurrence`.
  static let polarCosine = 0.7

  /// The form that keeps its digits at a colatitude.
  init(cosTheta: Double) {
    self =
      cosTheta > Self.polarCosine
      ? .fromNorth : cosTheta < -Self.polarCosine ? .fromSouth : .cosine
  }

  /// y of a ring.
  func value(_ ring: Ring) -> Double {
    switch self {
    case .cosine: return ring.cosTheta
    case .fromNorth: return ring.sinTheta * ring.sinTheta / (1 + ring.cosTheta)
    case .fromSouth: return ring.sinTheta * ring.sinTheta / (1 - ring.cosTheta)
    }
  }
}
