import SkyModels
import SpecialFunctions

/// A product of Gauss-Legendre rules over the uniform priors: Σ weight f(values) is the prior mean
/// of f.
/// Checked by: PriorQuadratureTests.
struct PriorQuadrature: Sendable {
  /// Points of the prior with weights that sum to 1.
  let nodes: [(values: [Double], weight: Double)]

  var count: Int { nodes.count }

  init(_ parameters: [ModelParameter], points: Int) {
    precondition(points >= 1, "a rule of \(points) points")
    let rule = gaussLegendre(count: points)
    var nodes: [(values: [Double], weight: Double)] = [([], 1)]
    for parameter in parameters {
      let (low, high) = (parameter.range.lowerBound, parameter.range.upperBound)
      nodes = nodes.flatMap { node in
        (0..<points).map { k in
          (
            node.values + [low + 0.5 * (high - low) * (1 - rule.nodes[k])],
            0.5 * node.weight * rule.weights[k]
          )
        }
      }
    }
    self.nodes = nodes
  }
}
