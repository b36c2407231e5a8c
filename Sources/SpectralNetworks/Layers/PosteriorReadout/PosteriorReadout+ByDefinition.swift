import Foundation

extension PosteriorReadout {
  /// −ln p(q | η) = ln ∫ exp(Σ_k η_k φ_k) dq − Σ_k η_k φ_k(θ) and its gradient, by another rule:
  /// the slow twin of `negativeLogDensity`.
  ///
  /// Method: the product of trapezoidal rules in s with 2q − 1 = tanh(½π sinh s)
  ///         [TrefethenWeideman2014, sec. 14], `steps` of them over |s| ≤ 3.2.
  package func negativeLogDensityByDefinition(
    _ eta: [Double], at values: [Double], steps: Int
  ) -> (value: Double, gradient: [Double]) {
    let axis = (0...steps).map { k -> (weight: Double, q: Double) in
      let s = 3.2 * (2 * Double(k) / Double(steps) - 1)
      let angle = 0.5 * .pi * sinh(s)
      // dq = ½ du, du/ds = ½π cosh s/cosh²(½π sinh s).
      let slope = 0.25 * .pi * cosh(s) / (cosh(angle) * cosh(angle))
      return (slope * 6.4 / Double(steps), 0.5 * (1 + tanh(angle)))
    }
    var points: [(weight: Double, q: [Double])] = [(1, [])]
    for _ in family.priors {
      points = points.flatMap { point in
        axis.map { (point.weight * $0.weight, point.q + [$0.q]) }
      }
    }
    func exponent(_ basis: [Double]) -> Double { zip(eta, basis).reduce(0) { $0 + $1.0 * $1.1 } }
    let nodes = points.map { (weight: $0.weight, basis: family.basis(quantiles: $0.q)) }
    let largest = nodes.map { exponent($0.basis) }.max() ?? 0
    let masses = nodes.map { $0.weight * exp(exponent($0.basis) - largest) }
    let sum = masses.reduce(0, +)
    let own = basis(at: values)
    let gradient = own.indices.map { k in
      zip(nodes, masses).reduce(0) { $0 + $1.0.basis[k] * $1.1 } / sum - own[k]
    }
    return (largest + log(sum) - exponent(own), gradient)
  }
}
