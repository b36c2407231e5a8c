import Foundation
import Kernels
import SpecialFunctions

/// The joint densities of a family, with their normaliser, means, grids and estimates.
///
/// Method:     of Z and the means: Σ_k η_k φ_k on equally spaced q of the whole prior, 256 for one
///             parameter, 48 each for two and 24 each for three; then a product of Gauss-Legendre
///             rules, 64, 40 and 24 nodes per parameter, in the box of all points less than
///             `rimDepth` below the largest and one point more on every side.
/// Accuracy:   what lies outside the box is e^−30 of the peak. A normal density of standard
///             deviation s in a box of ±8 s and a point more has nodes 0.4, 0.8 and 1.3 s apart at
///             most, h, and the relative error 2 exp(−2π² s²/h²): 10⁻¹³ for two parameters,
///             10⁻⁵ for three. The nodes are farther apart than 1.5 s, an error of
///             3 10⁻⁴, for widths s below 1/7,000, 1/900 and 1/200 of the prior, where the box is
///             two points wide. Narrower ridges that lie slantwise in their box are resolved less
///             well.
/// Bits:       value and means are of the same nodes, so that the means are the derivatives of ln Z
///             but for its steps where a box grows by a point, e^−30 and the error above.
/// Slow twin:  `negativeLogDensityByDefinition`.
/// Checked by: PosteriorReadoutTests.
package struct PosteriorReadout: Sendable {
  package let family: PosteriorFamily
  /// Points per parameter on the whole prior, for one, two and three parameters.
  package static let coarseCounts = [256, 48, 24]
  /// Nodes per parameter in the box.
  package static let nodeCounts = [64, 40, 24]
  /// How far Σ_k η_k φ_k has fallen at the rim of the box.
  package static let rimDepth = 30.0

  private let terms: [[Int]]
  /// Place of every term in the cube of all k, the last parameter fastest.
  private let places: [Int]
  /// Equally spaced q of the whole prior, and f at them, `[function][point]`.
  private let coarse: [Double]
  private let coarseTable: [Double]
  /// Nodes of 0...1 with weights of sum 1.
  private let rule: [(q: Double, weight: Double)]
  /// Products of the weights, the last parameter fastest.
  private let nodeWeights: [Double]

  /// Makes the tables.
  package init(_ family: PosteriorFamily) {
    precondition(
      (1...3).contains(family.priors.count) && family.degree >= 1, "no densities: \(family)")
    self.family = family
    terms = family.terms
    let width = family.functionCount
    places = terms.map { k in k.reduce(0) { $0 * width + $1 } }
    let count = Self.coarseCounts[family.priors.count - 1]
    coarse = (0..<count).map { Double($0) / Double(count - 1) }
    coarseTable = Self.table(family, coarse)
    let gauss = gaussLegendre(count: Self.nodeCounts[family.priors.count - 1])
    let rule = zip(gauss.nodes, gauss.weights).map { (q: 0.5 * (1 - $0), weight: 0.5 * $1) }
    self.rule = rule
    nodeWeights = family.priors.reduce([1.0]) { products, _ in
      products.flatMap { product in rule.map { product * $0.weight } }
    }
  }

  /// f at some q, `[function][point]`.
  private static func table(_ family: PosteriorFamily, _ points: [Double]) -> [Double] {
    var table = [Double](repeating: 0, count: family.functionCount * points.count)
    for (point, q) in points.enumerated() {
      family.write(q, to: &table, stride: points.count, at: point)
    }
    return table
  }

  /// φ_k at some parameters.
  package func basis(at values: [Double]) -> [Double] { family.basis(at: values) }

  /// −ln p(q | η) at some parameters and its gradient ⟨φ_k⟩_η − φ_k, which is convex in η.
  package func negativeLogDensity(
    _ eta: [Double], at values: [Double]
  ) -> (value: Double, gradient: [Double]) {
    let workspace = PosteriorWorkspace(family)
    let numbers = AlignedBuffer<Double>(count: eta.count)
    for k in eta.indices { numbers[k] = eta[k] }
    let own = basis(at: values)
    var value = withViews(numbers) { logNormaliser($0, workspace) }
    for k in eta.indices { value -= eta[k] * own[k] }
    return (value, eta.indices.map { numbers[$0] - own[$0] })
  }

  /// ln Z(η); η ← ⟨φ⟩_η in place.
  package func logNormaliser(
    _ eta: BufferView<Double>, _ workspace: PosteriorWorkspace
  ) -> Double {
    let dimensions = family.priors.count
    let width = family.functionCount
    let (count, nodes) = (coarse.count, rule.count)
    // Where the density is.
    workspace.clear()
    for (k, place) in places.enumerated() { workspace.values[place] = eta[k] }
    for _ in 0..<dimensions {
      workspace.contract(coarseTable, from: width, to: count)
    }
    let box = workspace.box(count: count, dimensions: dimensions, depth: Self.rimDepth)
    // The exponents there.
    workspace.clear()
    for (k, place) in places.enumerated() { workspace.values[place] = eta[k] }
    var volume = 1.0
    for (axis, range) in box.enumerated() {
      let (first, last) = (coarse[range.lowerBound], coarse[range.upperBound])
      volume *= last - first
      for (node, own) in rule.enumerated() {
        family.write(
          first + (last - first) * own.q, to: &workspace.tables[axis], stride: nodes, at: node)
      }
      workspace.contract(workspace.tables[axis], from: width, to: nodes)
    }
    let logSum = workspace.normalise(nodeWeights)
    // Sums over the nodes of every axis.
    for axis in 0..<dimensions {
      workspace.contractBack(workspace.tables[axis], from: nodes, to: width)
    }
    for (k, place) in places.enumerated() { eta[k] = workspace.values[place] }
    return logSum + log(volume)
  }

  /// Σ_k η_k φ_k on the product of some q, the last parameter fastest.
  ///
  /// Method: one parameter after the other: Σ_{k_1} f_{k_1}(q_1) Σ_{k_2} f_{k_2}(q_2) …
  package func exponents(_ eta: [Double], quantiles: [[Double]]) -> [Double] {
    let tables = quantiles.map { $0.map(family.functions) }
    let width = family.functionCount
    // η on the full cube of exponents, the last one fastest.
    var values = [Double](
      repeating: 0, count: quantiles.reduce(1) { product, _ in product * width })
    for (place, factor) in zip(places, eta) { values[place] = factor }
    // The first exponent becomes points, and moves behind the others.
    for table in tables {
      let inner = values.count / width
      var next = [Double](repeating: 0, count: inner * table.count)
      for (point, row) in table.enumerated() {
        for (k, factor) in row.enumerated() where factor != 0 {
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
    // Σ |η_k φ_k| is at most Σ |η_k| times the largest φ_k: 1 for splines, and for polynomials
    // Π √(2 k_i + 1) ≤ (2J + 1)^(D/2).
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
