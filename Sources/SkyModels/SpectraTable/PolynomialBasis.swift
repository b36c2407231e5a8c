/// Products of Chebyshev polynomials of d variables, up to a total degree.
///
/// Definition: φ_a(x) = Π_i T_{a_i}(t_i), t_i = (x_i − centre_i)/halfWidth_i, Σ a_i ≤ degree,
///             ordered by total degree, so that the functions of a smaller degree come first.
/// Checked by: TabulatedModelPropertyTests.
struct PolynomialBasis: Sendable, Hashable {
  /// The a of each function.
  let exponents: [[Int]]
  private let degree: Int
  private let centres: [Double]
  private let halfWidths: [Double]

  /// The basis on a box.
  init(degree: Int, ranges: [ClosedRange<Double>]) {
    self.degree = degree
    centres = ranges.map { 0.5 * ($0.lowerBound + $0.upperBound) }
    halfWidths = ranges.map { 0.5 * ($0.upperBound - $0.lowerBound) }
    exponents = (0...degree).flatMap { Self.compositions(of: $0, parts: ranges.count) }
  }

  /// Number of functions of d variables up to a total degree: (d + degree)!/(d! degree!).
  static func count(degree: Int, variables: Int) -> Int {
    guard variables > 0 else { return 1 }
    return (1...variables).reduce(1) { $0 * (degree + $1) / $1 }
  }

  /// φ_a(x), and ∂φ_a/∂x_i, one list per variable.
  func values(at x: [Double]) -> (values: [Double], slopes: [[Double]]) {
    let chebyshev = x.indices.map { i in
      Self.chebyshev(degree, (x[i] - centres[i]) / halfWidths[i])
    }
    let values = exponents.map { a in
      a.indices.reduce(1.0) { $0 * chebyshev[$1].values[a[$1]] }
    }
    let slopes = x.indices.map { variable in
      exponents.map { a in
        let product = a.indices.reduce(1.0) {
          $0 * ($1 == variable ? chebyshev[$1].slopes[a[$1]] : chebyshev[$1].values[a[$1]])
        }
        return product / halfWidths[variable]
      }
    }
    return (values, slopes)
  }

  /// T_k(t) and T_k'(t) = k U_{k−1}(t), k = 0...degree [DLMF, 18.9].
  private static func chebyshev(
    _ degree: Int, _ t: Double
  ) -> (values: [Double], slopes: [Double]) {
    var (values, slopes) = ([1.0], [0.0])
    var (below, here) = (1.0, t)  // T_{k−1}, T_k
    var (secondBelow, second) = (0.0, 1.0)  // U_{k−2}, U_{k−1}
    for k in stride(from: 1, through: degree, by: 1) {
      values.append(here)
      slopes.append(Double(k) * second)
      (below, here) = (here, 2 * t * here - below)
      (secondBelow, second) = (second, 2 * t * second - secondBelow)
    }
    return (values, slopes)
  }

  private static func compositions(of sum: Int, parts: Int) -> [[Int]] {
    if parts == 1 { return [[sum]] }
    return (0...sum).flatMap { first in
      compositions(of: sum - first, parts: parts - 1).map { [first] + $0 }
    }
  }
}
