import Foundation
import SpecialFunctions

/// The joint densities of one to three parameters that a readout can answer with: those whose
/// logarithm is a polynomial in the probabilities q_i of the prior below θ_i.
///
///     p(q | η) = exp(Σ_k η_k φ_k(q)) / Z(η),         φ_k(q) = Π_i √(2 k_i + 1) P_{k_i}(2 q_i − 1)
///     Z(η)     = ∫ exp(Σ_k η_k φ_k(q)) dq            over the unit cube
///
/// over all k = (k_1, …, k_D) with 0 < k_1 + … + k_D ≤ J. The density is relative to the prior,
/// whatever the prior's shape is: η = 0 is the prior. Where a map's likelihood is that of band
/// powers P_l with expectation C_l(θ), ln p = −½ Σ_l (2l + 1) [P_l/C_l(θ) + ln C_l(θ)] is linear in
/// the powers, and each coefficient is a smooth function of q: natural parameters that are linear
/// in the powers can then be the exact posterior, up to the degree J.
/// `DensityFamily` is the case D = 1 with a uniform prior, one for every output.
public struct PosteriorFamily: Codable, Sendable, Hashable {
  /// One per parameter, one to three.
  public var priors: [ParameterPrior]
  /// J ≥ 1.
  public var degree: Int

  /// The densities of degree `degree` under some priors.
  public init(priors: [ParameterPrior], degree: Int) {
    self.priors = priors
    self.degree = degree
  }

  /// Degrees that a family may have.
  public static let degrees = 1...32

  /// k of every term, by ascending k_1 + … + k_D; of one sum, descending in k_1, then in k_2.
  package var terms: [[Int]] {
    (1...degree).flatMap { Self.exponents(sum: $0, count: priors.count) }
  }

  /// Number of natural parameters.
  public var termCount: Int {
    // (J + D over D) polynomials without the constant.
    (1...priors.count).reduce(1) { $0 * (degree + $1) / $1 } - 1
  }

  private static func exponents(sum: Int, count: Int) -> [[Int]] {
    guard count > 1 else { return [[sum]] }
    return stride(from: sum, through: 0, by: -1).flatMap { first in
      exponents(sum: sum - first, count: count - 1).map { [first] + $0 }
    }
  }

  /// √(2j + 1) P_j(2q − 1), j = 0...J, by P_{j+1} = ((2j + 1) u P_j − j P_{j−1})/(j + 1).
  package func legendre(_ q: Double) -> [Double] {
    let u = 2 * q - 1
    var (before, here) = (1.0, u)
    return [1]
      + (1...degree).map { j in
        let value = Double(2 * j + 1).squareRoot() * here
        (before, here) = (
          here, (Double(2 * j + 1) * u * here - Double(j) * before) / Double(j + 1)
        )
        return value
      }
  }

  /// φ_k at some parameters.
  package func basis(at values: [Double]) -> [Double] {
    basis(quantiles: zip(priors, values).map { $0.quantile(of: $1) })
  }

  /// φ_k at some q.
  package func basis(quantiles: [Double]) -> [Double] {
    let own = quantiles.map(legendre)
    return terms.map { k in zip(own, k).reduce(1) { $0 * $1.0[$1.1] } }
  }

  /// Throws what makes no family.
  func validate() throws(NetworkConfigurationError) {
    let require = NetworkConfigurationError.require
    try require(
      (1...3).contains(priors.count), "number of parameters of the posterior", priors.count,
      "1, 2 or 3")
    try require(
      Self.degrees.contains(degree), "degree of the posterior", degree, "\(Self.degrees)")
    for (index, prior) in priors.enumerated() {
      do { try prior.validate(name: "parameter \(index)") } catch {
        throw .invalid(key: "prior", found: "\(error)", expected: "a prior")
      }
    }
  }
}
