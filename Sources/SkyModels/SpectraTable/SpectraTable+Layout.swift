extension SpectraTable {
  /// Whether nodes are a grid.
  ///
  /// Method:     the values of each axis, sorted. Nodes that are as many as the combinations of
  ///             these are a grid; nodes that are at least half as many are a grid with gaps, which
  ///             is refused; fewer are scattered.
  /// - Throws: `SpectraTableError`.
  static func layout(
    _ nodes: [[Double]], _ parameters: [ModelParameter]
  ) throws(SpectraTableError) -> Layout {
    var rows: [[Double]: Int] = [:]
    for (node, values) in nodes.enumerated() {
      // -0 and 0 are the same value.
      let key = values.map { $0 + 0 }
      if let first = rows[key] {
        throw .repeatedNode(node: node, first: first, values: text(of: values, parameters))
      }
      rows[key] = node
    }
    let fewest = parameters.count == 1 ? fewestNodesOfAxis : fewestNodes(parameters.count)
    guard nodes.count >= fewest else {
      throw .tooFewNodes(found: nodes.count, expected: fewest)
    }
    var axes: [[Double]] = []
    for (axis, parameter) in parameters.enumerated() {
      let values = Set(nodes.map { $0[axis] + 0 }).sorted()
      for (below, above) in zip(values, values.dropFirst())
      where above - below <= nodeSpacing * (values[values.count - 1] - values[0]) {
        throw .nearlyEqualNodes(parameter: parameter.name, first: below, second: above)
      }
      axes.append(values)
    }
    var combinations = 1
    for axis in axes {
      let (product, overflow) = combinations.multipliedReportingOverflow(by: axis.count)
      combinations = overflow ? Int.max : product
    }
    if nodes.count < combinations {
      guard nodes.count >= combinations - combinations / 2 else { return .scattered }
      let missing = firstMissing(axes, rows)
      throw .missingNodes(
        count: combinations - nodes.count, first: text(of: missing, parameters),
        shape: axes.map(\.count))
    }
    for (axis, parameter) in zip(axes, parameters) where axis.count < fewestNodesOfAxis {
      throw .shortAxis(parameter: parameter.name, found: axis.count)
    }
    return .grid(axes: axes)
  }

  /// Values of an axis that are nearer than this fraction of its range are one value, written with
  /// different roundings.
  static let nodeSpacing = 1e-10

  /// Nodes that lie on no grid: two per coefficient of a linear function of d parameters.
  static func fewestNodes(_ parameterCount: Int) -> Int { 2 * (parameterCount + 1) }

  private static func firstMissing(_ axes: [[Double]], _ rows: [[Double]: Int]) -> [Double] {
    var places = [Int](repeating: 0, count: axes.count)
    while true {
      let values = zip(axes, places).map { $0[$1] }
      if rows[values] == nil { return values }
      var axis = axes.count - 1
      while axis > 0 && places[axis] == axes[axis].count - 1 {
        places[axis] = 0
        axis -= 1
      }
      places[axis] += 1
    }
  }
}
