import Foundation
import SpecialFunctions

/// The densities of a family, tabulated for speed.
///
/// Method:     Z and the means by Gauss-Legendre quadrature with 256 nodes, at most π/256 apart in
///             u, which resolves a peak of that standard deviation to 10⁻⁸; estimates from a table
///             of 1,201 equally spaced parameters, see `Posterior`.
/// Slow twin:  `negativeLogDensityByDefinition`.
/// Checked by: DensityReadoutTests.
package struct DensityReadout: Sendable {
  package let family: DensityFamily
  /// Number of quadrature nodes.
  package static let nodeCount = 256
  /// ½ w of every node.
  package let nodeWeights: [Double]
  /// φ_j at the nodes, `[j][node]`.
  package let nodeBasis: [Double]
  private let parameters: [Double]
  /// φ_j at the parameters of the table, `[parameter][j]`.
  private let tableBasis: [Double]

  /// Makes the tables.
  package init(_ family: DensityFamily) {
    precondition(
      family.degree >= 1 && family.upperBound > family.lowerBound, "no densities: \(family)")
    self.family = family
    let rule = gaussLegendre(count: Self.nodeCount)
    nodeWeights = rule.weights.map { $0 / 2 }
    let atNodes = rule.nodes.map { family.basis($0) }
    nodeBasis = (0..<family.degree).flatMap { j in atNodes.map { $0[j] } }
    let count = 1200
    parameters = (0...count).map {
      family.lowerBound
        + (family.upperBound - family.lowerBound) * Double($0) / Double(count)
    }
    tableBasis = parameters.flatMap { family.basis(family.scaled($0)) }
  }

  /// φ_1, …, φ_J at a parameter.
  package func basis(at parameter: Double) -> [Double] { family.basis(family.scaled(parameter)) }

  /// −ln p(θ | η) and its gradient ⟨φ_j⟩_η − φ_j(θ), which is convex in η.
  package func negativeLogDensity(
    _ eta: [Double], at parameter: Double
  ) -> (value: Double, gradient: [Double]) {
    let n = Self.nodeCount
    var exponents = [Double](repeating: 0, count: n)
    for (j, factor) in eta.enumerated() {
      for k in 0..<n { exponents[k] += factor * nodeBasis[j * n + k] }
    }
    let largest = exponents.reduce(-Double.infinity) { max($0, $1) }
    var sum = 0.0
    for k in 0..<n {
      exponents[k] = nodeWeights[k] * exp(exponents[k] - largest)
      sum += exponents[k]
    }
    let own = basis(at: parameter)
    var value = largest + log(sum)
    var gradient = own
    for j in eta.indices {
      var mean = 0.0
      for k in 0..<n { mean += exponents[k] * nodeBasis[j * n + k] }
      gradient[j] = mean / sum - own[j]
      value -= eta[j] * own[j]
    }
    return (value, gradient)
  }

  /// p(θ | η), tabulated.
  package func posterior(_ eta: [Double]) -> Posterior {
    let degree = family.degree
    let logDensity = parameters.indices.map { k in
      var sum = 0.0
      for j in 0..<degree { sum += eta[j] * tableBasis[k * degree + j] }
      return sum
    }
    return Posterior(parameters: parameters, logDensity: logDensity)
  }

  /// The estimate of least mean |estimate − θ|/θ under p(θ | η); NaN where an η_j is not finite,
  /// which is no density.
  package func estimate(_ eta: [Double]) -> Double {
    eta.allSatisfy(\.isFinite) ? posterior(eta).optimalEstimate : .nan
  }
}
