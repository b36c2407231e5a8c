import Foundation
import SpecialFunctions

/// Polynomials through scattered nodes by least squares, of every degree at once, and the error of
/// leaving nodes out.
///
/// Method:     A_nk = φ_k(x^(n)) is made orthonormal column by column, A = Q R (Gram-Schmidt, twice
///             [Higham2002, section 19.8]). A fit of smaller degree takes the first columns only:
///             ŷ = Q_D Q_Dᵀ y, coefficients R_D⁻¹ Q_Dᵀ y. The prediction of y_n by the other nodes
///             is y_n − (y_n − ŷ_n)/(1 − h_n), h_n = Σ_k Q_nk².
struct ScatteredFit {
  let table: SpectraTable
  let priors: [ParameterPrior?]
  private let coordinates: [[Double]]
  private let ranges: [ClosedRange<Double>]
  /// The columns of Q.
  private var columns: [[Double]] = []
  /// R_jk of column k, j ≤ k.
  private var triangle: [[Double]] = []
  /// The largest degree whose functions the nodes tell apart.
  private(set) var largestDegree = 0
  /// The nodes that may be left out: not at an end of any parameter's range.
  private let inner: [Int]

  /// The most coefficients of a polynomial: more make every evaluation slow.
  static let mostCoefficients = 256
  /// Columns of which less than this fraction is left are combinations of those before them.
  private static let dependence = 1e-9

  init(_ table: SpectraTable, priors: [ParameterPrior?]) {
    self.table = table
    self.priors = priors
    let count = table.parameters.count
    let coordinates = table.nodes.map { TableInterpolant.coordinates($0, priors) }
    let ranges = SpectraTable.ranges(coordinates, count: count)
    self.coordinates = coordinates
    self.ranges = ranges
    inner = coordinates.indices.filter { node in
      zip(coordinates[node], ranges).allSatisfy { $0 > $1.lowerBound && $0 < $1.upperBound }
    }
    let degree = Self.degree(nodes: table.nodes.count, variables: count)
    let basis = PolynomialBasis(degree: degree, ranges: ranges)
    let matrix = coordinates.map { basis.values(at: $0).values }
    for k in basis.exponents.indices {
      guard append(matrix.map { $0[k] }) else { break }
      let reached = basis.exponents[k].reduce(0, +)
      if columns.count == PolynomialBasis.count(degree: reached, variables: count) {
        largestDegree = reached
      }
    }
  }

  /// The largest degree with at least two nodes per coefficient.
  static func degree(nodes: Int, variables: Int) -> Int {
    var degree = 1
    while true {
      let count = PolynomialBasis.count(degree: degree + 1, variables: variables)
      if 2 * count > nodes || count > mostCoefficients { return degree }
      degree += 1
    }
  }

  /// Adds a column to Q; false if it depends on those before it.
  private mutating func append(_ column: [Double]) -> Bool {
    var rest = column
    var shares = [Double](repeating: 0, count: columns.count)
    for _ in 0..<2 {
      for (j, q) in columns.enumerated() {
        let share = Self.product(q, rest)
        shares[j] += share
        for n in rest.indices { rest[n] -= share * q[n] }
      }
    }
    let norm = Self.product(rest, rest).squareRoot()
    guard norm > Self.dependence * Self.product(column, column).squareRoot() else { return false }
    columns.append(rest.map { $0 / norm })
    triangle.append(shares + [norm])
    return true
  }

  private static func product(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for n in a.indices { sum += a[n] * b[n] }
    return sum
  }

  /// Q_Dᵀ: the rows of weights that turn values at nodes into coefficients of Q.
  private func size(_ degree: Int) -> Int {
    PolynomialBasis.count(degree: degree, variables: table.parameters.count)
  }

  /// R_D⁻¹ Q_Dᵀ, one list of weights of the nodes per coefficient.
  private func coefficientWeights(_ degree: Int) -> [[Double]] {
    var result = Array(columns[0..<size(degree)])
    for k in result.indices.reversed() {
      let norm = triangle[k][k]
      result[k] = result[k].map { $0 / norm }
      for j in 0..<k {
        let share = triangle[k][j]
        for n in result[j].indices { result[j][n] -= share * result[k][n] }
      }
    }
    return result
  }

  /// The fit of one degree.
  func interpolant(_ values: PackedSpectra, degree: Int) -> TableInterpolant {
    TableInterpolant(
      basis: .polynomials(PolynomialBasis(degree: degree, ranges: ranges)),
      packed: values.combined(coefficientWeights(degree)), priors: priors)
  }

  /// The largest error of a node that is left out, for one degree.
  func error(
    _ values: PackedSpectra, degree: Int, coordinates: InterpolationReport.Coordinates
  ) -> InterpolationReport.Variant {
    let count = size(degree)
    let parts = values.combined(Array(columns[0..<count]))
    let every = Array(0..<count)
    var worst = WorstNode()
    for node in inner {
      let weights = (0..<count).map { columns[$0][node] }
      let leverage = Self.product(weights, weights)
      let fitted = parts.sum(rows: every, weights: weights)
      let own = values.sum(rows: [node], weights: [1])
      let predicted = zip(own, fitted).map { $0 - ($0 - $1) / max(1 - leverage, 1e-12) }
      worst.take(values.spectra(predicted), of: table, node: node)
    }
    return InterpolationReport.Variant(
      coordinates: coordinates, quantity: values.quantity, degree: degree,
      error: inner.isEmpty ? .infinity : worst.error, node: worst.node, l: worst.l, axis: nil)
  }
}
