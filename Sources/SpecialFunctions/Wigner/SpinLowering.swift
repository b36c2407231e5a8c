/// sin θ times a function of spin s as a sum of three functions of spin s − 1.
///
/// Definition:  with δ_l^{−s} = √[(2l+1)/4π] d^l_{m,−s}(θ) of `WignerRecurrence`,
///              sin θ δ_l^{−s} = ε_{l+1} f_l δ_{l+1}^{−s+1} − m h_l δ_l^{−s+1}
///                             − ε_l g_l δ_{l−1}^{−s+1},
///              f_l = √[(l−s+1)(l−s+2)] / (l+1),   g_l = √[(l+s−1)(l+s)] / l,
///              h_l = √[(l−s+1)(l+s)] / [l (l+1)],   ε_l = `degreeCoupling`.
///              For n = +s the whole has the other sign, and the term of h_l once more.
/// Derivation:  d^1_{0,±1} = ± sin θ/√2, and a product of Wigner functions is a Clebsch–Gordan
///              series [Varshalovich1988, sec. 4.6],
///              d^1_{0,1} d^l_{m,−s} = Σ_L ⟨l m; 1 0|L m⟩ ⟨l −s; 1 1|L −s+1⟩ d^L_{m,−s+1},
///              L = l − 1, l, l + 1, with the coefficients of sec. 8.5.2 there. The factors of the
///              normalisations, √[(2l+1)/(2L+1)], complete ε.
/// Use:         s such steps turn sin^s θ times a function of spin s into Legendre functions λ_L,
///              |L − l| ≤ s. No coefficient is above 1: the step is the multiplication by a
///              function below 1 in an orthonormal basis. Dividing by sin^s θ in the end magnifies
///              rounding errors near the poles.
/// Domain:      1 ≤ s ≤ l, 0 ≤ m ≤ l.
/// Checked by:  SpinLoweringTests.
public struct SpinLowering: Sendable {
  /// ε_{l+1} f_l, the part of degree l + 1.
  public let above: Double
  /// −m h_l, the part of degree l.
  public let same: Double
  /// −ε_l g_l, the part of degree l − 1.
  public let below: Double

  /// The three numbers of degree `l`, order `m` and `spin` s.
  public init(l: Int, m: Int, spin: Int) {
    precondition(1 <= spin && spin <= l, "spin \(spin) is outside 1...l = 1...\(l)")
    precondition(0 <= m && m <= l, "order m = \(m) is outside 0...l = 0...\(l)")
    above = degreeCoupling(l: l + 1, m: m) * Self.upward(l: l, spin: spin)
    same = -Double(m) * Self.level(l: l, spin: spin)
    below = -degreeCoupling(l: l, m: m) * Self.downward(l: l, spin: spin)
  }

  /// f_l = √[(l−s+1)(l−s+2)] / (l+1).
  public static func upward(l: Int, spin: Int) -> Double {
    (Double(l - spin + 1) * Double(l - spin + 2)).squareRoot() / Double(l + 1)
  }

  /// g_l = √[(l+s−1)(l+s)] / l.
  public static func downward(l: Int, spin: Int) -> Double {
    (Double(l + spin - 1) * Double(l + spin)).squareRoot() / Double(l)
  }

  /// h_l = √[(l−s+1)(l+s)] / [l (l+1)].
  public static func level(l: Int, spin: Int) -> Double {
    (Double(l - spin + 1) * Double(l + spin)).squareRoot() / (Double(l) * Double(l + 1))
  }
}
