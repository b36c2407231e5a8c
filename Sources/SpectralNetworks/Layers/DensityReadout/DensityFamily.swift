import Foundation
import SpecialFunctions

/// The densities that a readout can answer with: those of one parameter in a...b whose logarithm is
/// a polynomial.
///
///     p(θ | η) = exp(Σ_{j=1}^{J} η_j φ_j(u)) / Z(η),      u = (2θ − a − b)/(b − a)
///     φ_j(u)   = √(2j + 1) P_j(u)                          ½ ∫ φ_j φ_k du = δ_jk over −1...1
///     Z(η)     = ½ ∫ exp(Σ_j η_j φ_j(u)) du
///
/// relative to the uniform density, the prior; η = 0 is the prior itself. Where a map's likelihood
/// is that of band powers P_l with expectation C_l(θ), ln p = −½ Σ_l (2l + 1) [P_l/C_l(θ) + ln
/// C_l(θ)] is linear in the powers, and each coefficient is a smooth function of θ: natural
/// parameters that are linear in the powers can then be the exact posterior, up to the degree J of
/// the polynomial.
public struct DensityFamily: Codable, Sendable, Hashable {
  /// J ≥ 1.
  public var degree: Int
  /// a.
  public var lowerBound: Double
  /// b > a.
  public var upperBound: Double

  /// The densities of degree `degree` on a prior range.
  public init(degree: Int, range: ClosedRange<Double>) {
    self.degree = degree
    lowerBound = range.lowerBound
    upperBound = range.upperBound
  }

  /// u of a parameter.
  func scaled(_ parameter: Double) -> Double {
    (2 * parameter - lowerBound - upperBound) / (upperBound - lowerBound)
  }

  /// φ_1(u), …, φ_J(u), by P_{j+1} = ((2j + 1) u P_j − j P_{j−1})/(j + 1).
  func basis(_ u: Double) -> [Double] {
    var (before, here) = (1.0, u)
    return (1...degree).map { j in
      let value = Double(2 * j + 1).squareRoot() * here
      (before, here) = (here, (Double(2 * j + 1) * u * here - Double(j) * before) / Double(j + 1))
      return value
    }
  }
}
