import Foundation
import SpecialFunctions

/// The joint densities of a family, tabulated for speed.
///
/// Method:     Z and the means by a product of Gauss-Legendre rules of 256 nodes for one parameter,
///             40 each for two and 18 each for three: their largest distance in q is 1/163, 1/26
///             and 1/12. A normal density of standard deviation s in q has the relative error
///             2 exp(−2π² s²/h²), h the distance: 10⁻⁴ at s = 0.0045, 0.027 and 0.06 in the middle
///             of the prior, where nodes are farthest apart, and less towards its ends.
/// Slow twin:  `negativeLogDensityByDefinition`.
/// Checked by: PosteriorReadoutTests.
package struct PosteriorReadout: Sendable {
  package let family: PosteriorFamily
  /// Nodes per parameter, for one, two and three.
  package static let nodesPerParameter = [256, 40, 18]
  /// Number of nodes.
  package let nodeCount: Int
  /// Their weights, of sum 1.
  package let nodeWeights: [Double]
  /// φ_k at the nodes, `[k][node]`.
  package let nodeBasis: [Double]

  /// Makes the tables.
  package init(_ family: PosteriorFamily) {
    precondition(
      (1...3).contains(family.priors.count) && family.degree >= 1, "no densities: \(family)")
    self.family = family
    let rule = gaussLegendre(count: Self.nodesPerParameter[family.priors.count - 1])
    let axis = zip(rule.nodes, rule.weights).map { (q: 0.5 * (1 - $0), weight: 0.5 * $1) }
    var nodes: [(q: [Double], weight: Double)] = [([], 1)]
    for _ in family.priors {
      nodes = nodes.flatMap { node in
        axis.map { (node.q + [$0.q], node.weight * $0.weight) }
      }
    }
    nodeCount = nodes.count
    nodeWeights = nodes.map(\.weight)
    let atNodes = nodes.map { family.basis(quantiles: $0.q) }
    nodeBasis = (0..<family.termCount).flatMap { k in atNodes.map { $0[k] } }
  }

  /// φ_k at some parameters.
  package func basis(at values: [Double]) -> [Double] { family.basis(at: values) }

  /// −ln p(q | η) at some parameters and its gradient ⟨φ_k⟩_η − φ_k, which is convex in η.
  package func negativeLogDensity(
    _ eta: [Double], at values: [Double]
  ) -> (value: Double, gradient: [Double]) {
    let n = nodeCount
    var exponents = [Double](repeating: 0, count: n)
    for (k, factor) in eta.enumerated() {
      for node in 0..<n { exponents[node] += factor * nodeBasis[k * n + node] }
    }
    let largest = exponents.reduce(-Double.infinity) { max($0, $1) }
    var sum = 0.0
    for node in 0..<n {
      exponents[node] = nodeWeights[node] * exp(exponents[node] - largest)
      sum += exponents[node]
    }
    let own = basis(at: values)
    var value = largest + log(sum)
    var gradient = own
    for k in eta.indices {
      var mean = 0.0
      for node in 0..<n { mean += exponents[node] * nodeBasis[k * n + node] }
      gradient[k] = mean / sum - own[k]
      value -= eta[k] * own[k]
    }
    return (value, gradient)
  }

  /// Σ_k η_k φ_k on the product of some q, the last parameter fastest.
  ///
  /// Method: one parameter after the other: Σ_{k_1} P_{k_1}(q_1) Σ_{k_2} P_{k_2}(q_2) …
  package func exponents(_ eta: [Double], quantiles: [[Double]]) -> [Double] {
    let tables = quantiles.map { $0.map(family.legendre) }
    let width = family.degree + 1
    // η on the full cube of exponents, the last one fastest.
    var values = [Double](
      repeating: 0, count: quantiles.reduce(1) { product, _ in product * width })
    for (k, factor) in zip(family.terms, eta) {
      values[k.reduce(0) { $0 * width + $1 }] = factor
    }
    // The first exponent becomes points, and moves behind the others.
    for table in tables {
      let inner = values.count / width
      var next = [Double](repeating: 0, count: inner * table.count)
      for (point, row) in table.enumerated() {
        for (k, factor) in row.enumerated() {
          for i in 0..<inner { next[i * table.count + point] += factor * values[k * inner + i] }
        }
      }
      values = next
    }
    return values
  }

  /// p(q | η) on a grid around its peaks; nil where an η_k is so large that sums overflow, which is
  /// no density.
  package func posterior(_ eta: [Double]) -> PosteriorGrid? {
    // Σ |η_k φ_k| is at most Σ |η_k| times the largest φ_k, Π √(2 k_i + 1) ≤ (2J + 1)^(D/2).
    let bound = eta.reduce(0) { $0 + abs($1) }
    guard bound < 1e200 else { return nil }
    return PosteriorGrid.zoomed(family.priors) { exponents(eta, quantiles: $0) }
  }

  /// The posterior means, the estimates of least mean square error; NaN where an η_k is not finite,
  /// which is no density.
  package func estimates(_ eta: [Double]) -> [Double] {
    posterior(eta)?.mean ?? [Double](repeating: .nan, count: family.priors.count)
  }
}
