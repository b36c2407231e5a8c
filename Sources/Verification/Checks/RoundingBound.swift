/// How large rounding errors may be: the formulas from which tests take their tolerances.
///
/// u is the unit roundoff, half the distance from 1 to the next number: 2⁻⁵³ for `Double`, 2⁻²⁴ for
/// `Float`. Every function returns a number relative to the scale that its comment names; the test
/// multiplies by that scale and never rounds the result up to a power of ten.
/// Checked by: RoundingBoundTests.
package enum RoundingBound {
  /// u = ulp(1) / 2.
  package static func unitRoundoff<T: BinaryFloatingPoint>(_ type: T.Type = Double.self) -> Double {
    Double(T.ulpOfOne) / 2
  }

  /// γ_n = n u / (1 − n u): n roundings in a row, whatever their signs [Higham2002, lemma 3.1].
  ///
  /// A sum of n terms is within γ_{n−1} Σ|x_i|, an inner product of n terms within γ_n Σ|x_i y_i|
  /// [Higham2002, sections 4.2 and 3.1], in any order of summation. Certain, and therefore far
  /// above what happens for large n.
  ///
  /// Domain: n u < 1; beyond it the bound is infinite.
  package static func certain<T: BinaryFloatingPoint>(
    operations n: Int, _ type: T.Type = Double.self
  ) -> Double {
    precondition(n >= 0, "\(n) roundings")
    let product = Double(n) * unitRoundoff(T.self)
    return product < 1 ? product / (1 - product) : .infinity
  }

  /// λ √n u: n roundings with independent errors of mean zero [HighamMary2019].
  ///
  /// Rounding errors add like a random walk, so √n takes the place of n, with the same scales as in
  /// `certain`. For λ the deviation of a sum is exceeded with probability 2 exp(−λ²/2): 7·10⁻⁴ at
  /// λ = 4 by that inequality, although single errors are uniform in (−u, u) at worst and then
  /// their standard deviation is u/√3, which makes λ = 4 seven standard deviations.
  /// Use only where errors are not systematic: a recurrence that drifts needs `certain`.
  package static func probable<T: BinaryFloatingPoint>(
    operations n: Int, lambda: Double = 4, _ type: T.Type = Double.self
  ) -> Double {
    precondition(n >= 0, "\(n) roundings")
    return lambda * Double(n).squareRoot() * unitRoundoff(T.self)
  }

  /// Relative L2 error of a fast Fourier transform of length n [Higham2002, theorem 24.2].
  ///
  /// ‖ŷ − y‖ / ‖y‖ ≤ log2(n) η / (1 − log2(n) η),  η = μ + γ_4 (√2 + μ),
  /// with twiddle factors accurate to μ = u. Certain for radix 2; other radices do fewer roundings.
  package static func fourierTransform<T: BinaryFloatingPoint>(
    length n: Int, _ type: T.Type = Double.self
  ) -> Double {
    precondition(n >= 1, "a transform of length \(n)")
    // ⌈log2 n⌉ stages; a transform of length 1 copies.
    let stages = Double(n == 1 ? 0 : Int.bitWidth - (n - 1).leadingZeroBitCount)
    let mu = unitRoundoff(T.self)
    let eta = mu + certain(operations: 4, T.self) * (2.0.squareRoot() + mu)
    return stages * eta / (1 - stages * eta)
  }
}
