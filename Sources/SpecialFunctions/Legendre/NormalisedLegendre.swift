import Foundation

/// Normalised associated Legendre functions λ_lm(θ) of one order m, for every degree m...lmax.
///
/// Definition:  λ_lm(θ) = √[(2l+1)/4π · (l−m)!/(l+m)!] P_lm(cos θ), orthonormal as
///              2π ∫ λ_lm λ_l'm sin θ dθ = δ_ll', with the Condon–Shortley phase.
/// Method:      `LegendreRecurrence`, which is the one to use for many colatitudes.
/// Layout:      element k is λ_{m+k,m}.
/// Domain:      0 ≤ m ≤ lmax and 0 ≤ θ ≤ π; sin θ is given separately because √(1 − cos²θ) loses
///              digits near the poles.
/// Checked by:  LegendreOracleTests (GSL), LegendreDefinitionTests, LegendreFixtureTests (mpmath).
public func normalisedLegendre(
  m: Int, lmax: Int, cosTheta: Double, sinTheta: Double
) -> [Double] {
  LegendreRecurrence(m: m, lmax: lmax).values(cosTheta: cosTheta, sinTheta: sinTheta)
}

/// Normalised associated Legendre functions λ_lm(θ), l = m...lmax, at the colatitude `theta` in
/// 0...π, radians.
public func normalisedLegendre(m: Int, lmax: Int, theta: Double) -> [Double] {
  precondition(0 <= theta && theta <= .pi, "colatitude \(theta) rad is outside 0...π")
  return normalisedLegendre(m: m, lmax: lmax, cosTheta: cos(theta), sinTheta: sin(theta))
}

/// λ_lm(θ) from the derivative formula, term by term: the slow twin of `normalisedLegendre`.
///
/// Definition:  P_lm(x) = (−1)^m (1−x²)^{m/2} (d/dx)^m P_l(x)  [DLMF, 14.6.1], with Rodrigues'
///              P_l(x) = 2^−l Σ_k (−1)^k C(l,k) C(2l−2k,l) x^{l−2k}  [DLMF, 18.5.8], hence
///              P_lm = (−1)^m sin^m θ 2^−l Σ_{k=0…⌊(l−m)/2⌋} (−1)^k
///                     (2l−2k)! / [k! (l−k)! (l−2k−m)!] x^{l−2k−m}.
/// Domain:      0 ≤ m ≤ l ≤ 16. The terms alternate and exceed their sum by up to (1+√2)^l, so
///              that at l = 16 six of the sixteen digits are lost.
/// Accuracy:    (1+√2)^l rounding errors, relative to √[(2l+1)/4π].
public func legendreByDefinition(l: Int, m: Int, theta: Double) -> Double {
  precondition(0 <= m && m <= l && l <= 16, "(l, m) = (\(l), \(m)) is outside 0 ≤ m ≤ l ≤ 16")
  precondition(0 <= theta && theta <= .pi, "colatitude \(theta) rad is outside 0...π")
  func factorial(_ n: Int) -> Double { (0..<n).reduce(1.0) { $0 * Double($1 + 1) } }

  let x = cos(theta)
  var sum = 0.0
  for k in 0...(l - m) / 2 {
    let sign = k.isMultiple(of: 2) ? 1.0 : -1.0
    let denominator = factorial(k) * factorial(l - k) * factorial(l - 2 * k - m)
    sum += sign * factorial(2 * l - 2 * k) / denominator * pow(x, Double(l - 2 * k - m))
  }
  let phase = m.isMultiple(of: 2) ? 1.0 : -1.0
  let associated = phase * pow(sin(theta), Double(m)) * sum / pow(2, Double(l))
  let degreeFactor = Double(2 * l + 1) / (4 * Double.pi)
  return (degreeFactor * factorial(l - m) / factorial(l + m)).squareRoot() * associated
}
