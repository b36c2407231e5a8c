// Goals, in order:
//
// 1. Two multiply-adds per two degrees and colatitude, the same for every colatitude, so that a
//    register holds several of them.
// 2. The error stays of the order of l rounding errors, but for angles within 1/l of the poles and
//    of the equator, where it is of the order of l².
// 3. Functions of even and of odd l − m come from one sequence.

/// The normalised associated Legendre functions of one order in steps of two degrees.
///
/// Definition:  λ_{m+2k,m}(θ) = s_k q_k(θ), where
///              q_{k+1} = t_k q_k − q_{k−1},   q_{−1} = 0,   q_0 = λ_mm / s_0,
///              t_k = α_k x² + β_k = γ_k − α_k sin²θ,   x = cos θ.
/// Derivation:  multiplying x λ_l = ε_{l+1} λ_{l+1} + ε_l λ_{l−1} (`degreeCoupling`) by x once
///              more, x² λ_l = g_k λ_{l+2} + (ε²_{l+1} + ε²_l) λ_l + g_{k−1} λ_{l−2},  l = m + 2k,
///              with g_k = ε_{l+1} ε_{l+2}. With s_k s_{k+1} g_k = 1 the factor of q_{k−1} becomes
///              −1 and α_k = s_k², β_k = −α_k (ε²_{l+1} + ε²_l), γ_k = α_k + β_k. The start
///              s_0 = s_1 = g_0^{−1/2} keeps all s_k of one size [Ishioka2018, sec. 2].
/// Odd degrees: x q_k is a combination of the functions of odd l − m,
///              x λ_{m+2k} = ε_{m+2k+1} λ_{m+2k+1} + ε_{m+2k} λ_{m+2k−1}, so that
///              Σ_k a_k λ_{m+2k+1} = x Σ_k c_k λ_{m+2k} with
///              c_k = (a_k − ε_{m+2k+2} c_{k+1}) / ε_{m+2k+1}, downwards from c = 0. The factors
///              ε_{m+2k+2} / ε_{m+2k+1} are above 1, and their product grows like (lmax − m)^¼
///              only.
/// Which t_k:   the zeros of t_k² − 4 are x = 0 and sin θ = 0, where the recurrence amplifies
///              errors of its argument. Near the equator x² is known to all its digits, near the
///              poles sin²θ is; either form is used on its half, cos²θ = ½ being the border.
/// Domain:      0 ≤ m ≤ lmax.
/// Accuracy:    0.7 (l + 5) min(l + 5, 1/|sin θ cos θ|) units in the last place of the envelope:
///              next to the zeros of t_k² − 4 the errors of the steps still add up linearly.
/// Checked by:  DegreePairRecurrenceTests, against `LegendreRecurrence`, its slow twin;
///              CertifiedFunctionTests (proven values, to l = 32,768).
public struct DegreePairRecurrence: Sendable {
  /// The order m.
  public let m: Int
  /// Largest degree, inclusive.
  public let lmax: Int
  /// Number of functions q_k: degrees m, m + 2, ... up to lmax.
  public let count: Int
  /// (α_k, β_k) of every k, for the argument cos²θ.
  public let equatorialSteps: [Double]
  /// (−α_k, γ_k) of every k, for the argument sin²θ.
  public let polarSteps: [Double]
  /// s_k.
  public let scales: [Double]
  /// ε_{m+j}, j = 0...2 count.
  public let couplings: [Double]

  /// The square of cos θ from which on the polar form is used.
  public static let polarSquare = 0.5

  private let sectoral: LegendreRecurrence

  /// Prepares the order `m` for the degrees m...lmax; requires 0 ≤ m ≤ lmax.
  public init(m: Int, lmax: Int) {
    precondition(0 <= m && m <= lmax, "order m = \(m) is outside 0...lmax = 0...\(lmax)")
    self.m = m
    self.lmax = lmax
    let count = (lmax - m) / 2 + 1
    self.count = count
    sectoral = LegendreRecurrence(m: m, lmax: m)
    let couplings = (0...2 * count).map { $0 == 0 ? 0 : degreeCoupling(l: m + $0, m: m) }
    var scales = [Double](repeating: 0, count: count)
    var equatorial = [Double](repeating: 0, count: 2 * count)
    var polar = equatorial
    var below = 1 / (couplings[1] * couplings[2])
    var scale = below.squareRoot()
    for k in 0..<count {
      let (first, second) = (couplings[2 * k + 1], couplings[2 * k])
      let factor = scale * scale
      let squares = first * first + second * second
      scales[k] = scale
      equatorial[2 * k] = factor
      equatorial[2 * k + 1] = -factor * squares
      polar[2 * k] = -factor
      polar[2 * k + 1] = factor * (1 - squares)
      // 1/g_k over s_k.
      below = 1 / (couplings[2 * k + 1] * couplings[2 * k + 2])
      scale = below / scale
    }
    self.scales = scales
    self.couplings = couplings
    equatorialSteps = equatorial
    polarSteps = polar
  }

  /// q_0 at one colatitude as mantissa · 2^(800 scale), scale ≤ 0.
  public func first(sinTheta: Double) -> (mantissa: Double, scale: Int) {
    let (mantissa, scale) = sectoral.sectoral(sinTheta: sinTheta)
    return (mantissa / scales[0], scale)
  }

  /// λ_lm for l = m...lmax at one colatitude, one number after the other.
  public func values(cosTheta: Double, sinTheta: Double) -> [Double] {
    let isPolar = cosTheta * cosTheta > Self.polarSquare
    let steps = isPolar ? polarSteps : equatorialSteps
    let argument = isPolar ? sinTheta * sinTheta : cosTheta * cosTheta
    var (here, scale) = first(sinTheta: sinTheta)
    var below = 0.0
    var functions = [Double](repeating: 0, count: count)
    for k in 0..<count {
      functions[k] = scale == 0 ? here : 0
      (below, here) = (here, (steps[2 * k] * argument + steps[2 * k + 1]) * here - below)
      if scale < 0 && abs(here) > 0x1p400 {
        here *= 0x1p-800
        below *= 0x1p-800
        scale += 1
      }
    }
    // Even degrees by their scales; odd ones from x q_k, upwards.
    var odd = 0.0
    return (m...lmax).map { l in
      let k = (l - m) / 2
      if (l - m).isMultiple(of: 2) { return scales[k] * functions[k] }
      odd =
        (cosTheta * scales[k] * functions[k] - couplings[2 * k] * odd) / couplings[2 * k + 1]
      return odd
    }
  }
}
