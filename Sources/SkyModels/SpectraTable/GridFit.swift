import SpecialFunctions
/// A grid of nodes with polynomials along its axes, and the error of leaving nodes out.
struct GridFit {
  let table: SpectraTable
  /// The nodes of each axis in the coordinates of the interpolation.
  let axes: [LagrangeAxis]
  let priors: [ParameterPrior?]
  /// The node of each point of the grid, the last axis fastest.
  let order: [Int]

  init(_ table: SpectraTable, axes values: [[Double]], priors: [ParameterPrior?]) {
    self.table = table
    self.priors = priors
    axes = zip(values, priors).map { list, prior in
      LagrangeAxis(nodes: list.map { prior?.coordinate(of: $0) ?? $0 })
    }
    let places = values.map { list in
      Dictionary(uniqueKeysWithValues: list.enumerated().map { ($1, $0) })
    }
    var order = [Int](repeating: 0, count: table.nodes.count)
    for (node, theta) in table.nodes.enumerated() {
      var row = 0
      for axis in values.indices {
        row = row * values[axis].count + (places[axis][theta[axis] + 0] ?? 0)
      }
      order[row] = node
    }
    self.order = order
  }

  func interpolant(_ quantity: InterpolationReport.Quantity) -> TableInterpolant {
    TableInterpolant(
      basis: .grid(axes), packed: PackedSpectra(table, order: order, quantity: quantity),
      priors: priors)
  }

  /// The largest error of a node, over all axes, that is left out together with all nodes of its
  /// value on one axis; and the largest of each axis.
  func error(
    _ interpolant: TableInterpolant, coordinates: InterpolationReport.Coordinates
  ) -> (variant: InterpolationReport.Variant, perAxis: [Double]) {
    var worst = WorstNode()
    var perAxis: [Double] = []
    var worstAxis = 0
    for axis in axes.indices {
      let here = worstNode(interpolant.packed, axis: axis)
      perAxis.append(here.error)
      if here.error > worst.error || axis == 0 {
        worst = here
        worstAxis = axis
      }
    }
    let variant = InterpolationReport.Variant(
      coordinates: coordinates, quantity: interpolant.packed.quantity, degree: nil,
      error: worst.error, node: worst.node, l: worst.l, axis: worstAxis)
    return (variant, perAxis)
  }
}

extension GridFit {
  /// The worst of the nodes that are left out of one axis.
  ///
  /// - Parameters:
  ///   - packed: the nodes' numbers.
  ///   - axis: the axis.
  ///   - step: 2 for a table with every second value of the axis only.
  /// - Returns: the node with the largest divergence.
  func worstNode(_ packed: PackedSpectra, axis: Int, step: Int = 1) -> WorstNode {
    let stride = axes[(axis + 1)...].reduce(1) { $0 * $1.nodes.count }
    let count = axes[axis].nodes.count
    let places = Array(Swift.stride(from: 0, to: count, by: step))
    let line = LagrangeAxis(nodes: places.map { axes[axis].nodes[$0] })
    var worst = WorstNode()
    for index in places.indices.dropFirst().dropLast() {
      let place = places[index]
      let weights = line.leavingOut(index).weights(at: line.nodes[index])
      for row in order.indices where row / stride % count == place {
        let rows = weights.values.indices.map { k in
          let other = weights.first + k
          return row + (places[other < index ? other : other + 1] - place) * stride
        }
        let found = packed.spectra(packed.sum(rows: rows, weights: weights.values))
        worst.take(found, of: table, node: order[row])
      }
    }
    return worst
  }
}

/// The node with the largest divergence of those seen so far.
struct WorstNode {
  var error = 0.0
  var node = 0
  var l = 0

  /// Compares the spectra that were predicted for a node with its own.
  mutating func take(_ found: NamedSpectra, of table: SpectraTable, node: Int) {
    let terms = SpectraDivergence.terms(of: found, from: table.spectra[node])
    let sum = terms.reduce(0, +)
    // Not a number where the prediction overflowed.
    let error = sum.isNaN ? .infinity : sum
    guard error > self.error else { return }
    self.error = error
    self.node = node
    l = terms.indices.max { (terms[$0].isNaN ? .infinity : terms[$0]) < terms[$1] } ?? 0
  }
}
