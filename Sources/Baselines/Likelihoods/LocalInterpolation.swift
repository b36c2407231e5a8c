/// Interpolation from equally spaced nodes to equally spaced finer points by polynomials of degree
/// 7 through the eight nearest nodes.
///
/// Definition:  f(x) ≈ Σ_k w_k(x) f(x_k) over the window of eight nodes around x, shifted inwards
///              at the ends; w_k the Lagrange polynomials.
/// Accuracy:    |f⁽⁸⁾| h⁸/8! times the product of the distances to the nodes in units of h: at most
///              43/256 of h⁸ |f⁽⁸⁾|/8! in the middle and 528 in the first cell, so an end costs a
///              factor of ten. The interpolation is local, so that the huge values of −ln L far
///              from the maximum of ln L do not disturb those near it, as they would with one
///              polynomial for all nodes.
/// Checked by:  LocalInterpolationTests.
struct LocalInterpolation: Sendable {
  /// Number of nodes.
  let nodeCount: Int
  /// Number of fine points, both ends included.
  let pointCount: Int
  /// First node of the window of each point.
  private let starts: [Int]
  /// The weights of a point's window.
  private let weights: [Double]
  private let width: Int

  /// Prepares the weights.
  init(nodes: Int, points: Int) {
    precondition(nodes >= 2 && points >= 2, "\(nodes) nodes, \(points) points")
    var starts: [Int] = []
    var weights: [Double] = []
    for j in 0..<points {
      let window = Self.window(
        at: Double(j) * Double(nodes - 1) / Double(points - 1), nodes: nodes)
      starts.append(window.start)
      weights += window.weights
    }
    nodeCount = nodes
    pointCount = points
    self.starts = starts
    self.weights = weights
    width = min(8, nodes)
  }

  /// The first node of the window of a place x, in units of the nodes' distance from the first of
  /// them, and the weights of the window's nodes.
  static func window(at x: Double, nodes: Int) -> (start: Int, weights: [Double]) {
    let width = min(8, nodes)
    let start = min(max(Int(x) - width / 2 + 1, 0), nodes - width)
    let weights = (0..<width).map { k in
      var weight = 1.0
      for other in 0..<width where other != k {
        weight *= (x - Double(start + other)) / Double(k - other)
      }
      return weight
    }
    return (start, weights)
  }

  /// Rows of node values, `[node][inner]`, to rows of point values, `[point][inner]`.
  func callAsFunction(_ values: [Double], inner: Int) -> [Double] {
    precondition(values.count == nodeCount * inner, "\(values.count) values")
    var result = [Double](repeating: 0, count: pointCount * inner)
    for j in 0..<pointCount {
      for k in 0..<width {
        let weight = weights[j * width + k]
        let source = (starts[j] + k) * inner
        for i in 0..<inner { result[j * inner + i] += weight * values[source + i] }
      }
    }
    return result
  }
}
