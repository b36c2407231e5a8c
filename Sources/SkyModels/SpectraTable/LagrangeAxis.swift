/// Local polynomials through the nodes of one axis.
///
/// Definition: p(x) = Σ_j y_j L_j(x), L_j(x) = Π_{k ≠ j} (x − x_k)/(x_j − x_k), over the
///             min(8, n) successive nodes around x: as many to the left as to the right of x, where
///             there are so many. p'(x) = Σ_j y_j Σ_{m ≠ j} 1/(x_j − x_m) Π_{k ≠ j, m} (...)
///             [DLMF, 3.3].
/// At a node:  L is exactly 1 there and exactly 0 for the other nodes.
/// Checked by: TabulatedModelPropertyTests.
struct LagrangeAxis: Sendable, Hashable {
  /// x_k, strictly monotonic.
  let nodes: [Double]

  /// The most nodes of a polynomial: degree 7.
  static let mostPoints = 8

  /// L_j(x) and L_j'(x) of the nodes `first`, `first` + 1, ...
  struct Weights {
    var first: Int
    var values: [Double]
    var slopes: [Double]
  }

  /// The weights at x.
  func weights(at x: Double) -> Weights {
    let count = min(Self.mostPoints, nodes.count)
    // The node at or below x.
    let place = (nodes.firstIndex { $0 > x } ?? nodes.count) - 1
    let first = min(max(place + 1 - count / 2, 0), nodes.count - count)
    var (values, slopes) = ([Double](), [Double]())
    for j in first..<first + count {
      var (value, slope) = (1.0, 0.0)
      for k in first..<first + count where k != j {
        let scale = nodes[j] - nodes[k]
        let factor = (x - nodes[k]) / scale
        slope = slope * factor + value / scale
        value *= factor
      }
      values.append(value)
      slopes.append(slope)
    }
    return Weights(first: first, values: values, slopes: slopes)
  }

  /// The axis without one of its nodes.
  func leavingOut(_ place: Int) -> LagrangeAxis {
    var rest = nodes
    rest.remove(at: place)
    return LagrangeAxis(nodes: rest)
  }
}
