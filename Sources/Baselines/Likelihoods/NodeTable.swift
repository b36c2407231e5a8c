/// ln L of several maps at the nodes of a grid over the prior, as far as it is known.
struct NodeTable: Sendable {
  /// Number of maps.
  let mapCount: Int
  /// `[node][map]`; NaN where nothing is known.
  private var values: [Double]

  /// A table of which nothing is known.
  init(nodes: Int, maps: Int) {
    mapCount = maps
    values = [Double](repeating: .nan, count: nodes * maps)
  }

  /// ln L of a map at a node; NaN where it is not known.
  subscript(node: Int, map: Int) -> Double {
    get { values[node * mapCount + map] }
    set { values[node * mapCount + map] = newValue }
  }

  /// Whether ln L of a map is known at a node.
  func isKnown(_ node: Int, map: Int) -> Bool { !self[node, map].isNaN }

  /// The first node of largest ln L among those known for a map.
  func best(of map: Int) -> Int {
    var best = 0
    for node in 0..<values.count / mapCount where isKnown(node, map: map) {
      if !isKnown(best, map: map) || self[node, map] > self[best, map] { best = node }
    }
    return best
  }
}

/// A block of neighbouring nodes, one range of indices per axis.
struct NodeWindow: Sendable, Equatable {
  /// First and last node along every axis.
  var ranges: [ClosedRange<Int>]

  /// Whether a node, by its indices, belongs to the block.
  func contains(_ place: [Int]) -> Bool {
    zip(ranges, place).allSatisfy { $0.contains($1) }
  }

  /// Makes one range long enough to hold an index.
  mutating func extend(_ axis: Int, to index: Int) {
    ranges[axis] = min(ranges[axis].lowerBound, index)...max(ranges[axis].upperBound, index)
  }
}
