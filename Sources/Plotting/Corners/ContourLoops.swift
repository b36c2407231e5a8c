/// The lines along which a function on a rectangular grid has one value.
///
/// Method:     marching squares: a line crosses an edge of a cell where the function, linear along
///             the edge, has the value; a saddle is decided by the mean of its four corners.
///             Outside the grid the function counts as smaller, so that every line is closed, along
///             the rim where the region reaches it.
/// Orientation: larger values lie on the left of a line, seen with y upwards: rims of regions are
///             anticlockwise, of their holes clockwise.
/// Checked by: ContourLoopsTests.
package enum ContourLoops {
  /// A place in the coordinates of the grid.
  package typealias Point = (x: Double, y: Double)

  /// An edge between two neighbouring points, by the lower one; the grid has a rim around it.
  private struct Edge: Hashable {
    var column: Int
    var row: Int
    var isAlongX: Bool
  }

  /// The closed lines of a value.
  ///
  /// - Parameters:
  ///   - x: ascending, at least two (a precondition, as for all).
  ///   - y: ascending, at least two.
  ///   - values: `[x][y]`, y fastest, as many as there are points, finite.
  ///   - level: the value.
  /// - Returns: the points of every line; the first follows the last.
  package static func loops(
    x: [Double], y: [Double], values: [Double], level: Double
  ) -> [[Point]] {
    precondition(
      x.count >= 2 && y.count >= 2 && values.count == x.count * y.count,
      "\(values.count) values of \(x.count) x \(y.count) points")
    /// Points -1 and count are the rim, at the place of their neighbour.
    func isInside(_ column: Int, _ row: Int) -> Bool {
      x.indices.contains(column) && y.indices.contains(row)
        && values[column * y.count + row] >= level
    }
    func value(_ column: Int, _ row: Int) -> Double {
      let isPoint = x.indices.contains(column) && y.indices.contains(row)
      return isPoint ? values[column * y.count + row] : -Double.infinity
    }
    func place(_ column: Int, _ row: Int) -> Point {
      (x[min(max(column, 0), x.count - 1)], y[min(max(row, 0), y.count - 1)])
    }
    func crossing(_ edge: Edge) -> Point {
      let (c, r) = (edge.column, edge.row)
      let (a, b) = (value(c, r), edge.isAlongX ? value(c + 1, r) : value(c, r + 1))
      let (p, q) = (place(c, r), edge.isAlongX ? place(c + 1, r) : place(c, r + 1))
      guard a.isFinite, b.isFinite else { return a.isFinite ? p : q }
      let share = (level - a) / (b - a)
      return (p.x + share * (q.x - p.x), p.y + share * (q.y - p.y))
    }
    // The line that leaves through an edge enters the next cell there.
    var next: [Edge: Edge] = [:]
    for column in -1..<x.count {
      for row in -1..<y.count {
        let below = Edge(column: column, row: row, isAlongX: true)
        let above = Edge(column: column, row: row + 1, isAlongX: true)
        let left = Edge(column: column, row: row, isAlongX: false)
        let right = Edge(column: column + 1, row: row, isAlongX: false)
        // Corners anticlockwise from the lower left one; inside lies to the left of a line.
        let corners = [
          isInside(column, row), isInside(column + 1, row), isInside(column + 1, row + 1),
          isInside(column, row + 1),
        ]
        // Edge k joins corners k and k + 1.
        let edges = [below, right, above, left]
        // A line enters where an edge goes from inside to outside, and leaves where one goes back.
        let enters = (0..<4).filter { corners[$0] && !corners[($0 + 1) % 4] }
        let leaves = (0..<4).filter { !corners[$0] && corners[($0 + 1) % 4] }
        if enters.count == 1 { next[edges[enters[0]]] = edges[leaves[0]] }
        guard enters.count == 2 else { continue }
        let mean =
          (value(column, row) + value(column + 1, row) + value(column + 1, row + 1)
            + value(column, row + 1)) / 4
        for edge in enters {
          // Around the outside corner if the middle is inside, else around the inside corner.
          let partner = mean >= level ? (edge + 1) % 4 : (edge + 3) % 4
          next[edges[edge]] = edges[partner]
        }
      }
    }
    var loops: [[Point]] = []
    // In the order of the grid, so that equal grids give equal lines.
    let order = next.keys.sorted {
      ($0.column, $0.row, $0.isAlongX ? 0 : 1) < ($1.column, $1.row, $1.isAlongX ? 0 : 1)
    }
    for first in order where next[first] != nil {
      var loop: [Point] = []
      var edge = first
      while let following = next.removeValue(forKey: edge) {
        loop.append(crossing(edge))
        edge = following
      }
      loops.append(loop)
    }
    return loops
  }

  /// The area that lines enclose, holes subtracted: ½ Σ (x_k y_{k+1} − x_{k+1} y_k).
  package static func area(_ loops: [[Point]]) -> Double {
    loops.reduce(0) { sum, loop in
      loop.indices.reduce(sum) { sum, k in
        let (p, q) = (loop[k], loop[(k + 1) % loop.count])
        return sum + (p.x * q.y - q.x * p.y) / 2
      }
    }
  }
}
