/// How often values fall into bins of equal width, drawn as steps with filled area.
///
/// Heights:     as a density, count/(n width) with n the number of all values, those beyond the
///              range included: the area is the share of values that are shown.
/// Checked by:  HistogramTests.
package struct Histogram: Sendable {
  /// The entry in the legend; empty: none.
  package var name: String
  /// Number of values per bin; value v is in bin k for edge_k <= v < edge_{k+1}, in the last also
  /// at its end.
  package let counts: [Int]
  /// What the bins cover.
  package let range: ClosedRange<Double>
  /// Number of values below and above the range.
  package let beyond: (below: Int, above: Int)
  package var colour: Colour

  /// Counts values.
  ///
  /// - Parameters:
  ///   - name: the entry in the legend.
  ///   - values: finite numbers, at least one.
  ///   - range: what the bins cover.
  ///   - bins: their number, at least 1.
  ///   - colour: of outline and, weaker, area.
  /// - Throws: `PlottingError.empty`, `.notFinite`, `.invalidRange`.
  package init(
    _ name: String, values: [Double], range: ClosedRange<Double>, bins: Int, colour: Colour
  ) throws(PlottingError) {
    precondition(bins >= 1, "\(bins) bins")
    let content = "histogram '\(name)'"
    if values.isEmpty { throw .empty(content: content) }
    guard range.lowerBound < range.upperBound, range.lowerBound.isFinite,
      range.upperBound.isFinite, (range.upperBound - range.lowerBound).isFinite
    else { throw .invalidRange(axis: "x", lower: range.lowerBound, upper: range.upperBound) }
    try requireOn(.linear, AxisNumbers(content: content, axis: "x", values: values))
    var counts = [Int](repeating: 0, count: bins)
    var beyond = (below: 0, above: 0)
    let width = (range.upperBound - range.lowerBound) / Double(bins)
    for value in values {
      if value < range.lowerBound {
        beyond.below += 1
      } else if value > range.upperBound {
        beyond.above += 1
      } else {
        counts[min(bins - 1, Int((value - range.lowerBound) / width))] += 1
      }
    }
    self.name = name
    self.range = range
    self.colour = colour
    self.counts = counts
    self.beyond = beyond
  }

  /// Number of all values.
  package var valueCount: Int { counts.reduce(0, +) + beyond.below + beyond.above }

  /// The width of a bin.
  package var width: Double { (range.upperBound - range.lowerBound) / Double(counts.count) }

  /// Heights of the bins.
  package var densities: [Double] {
    counts.map { Double($0) / (Double(valueCount) * width) }
  }

  /// The outline from left to right, in data coordinates.
  var outline: [(x: Double, y: Double)] {
    var points: [(x: Double, y: Double)] = [(range.lowerBound, 0)]
    for (k, height) in densities.enumerated() {
      let left = range.lowerBound + Double(k) * width
      points.append((left, height))
      points.append((k == counts.count - 1 ? range.upperBound : left + width, height))
    }
    return points + [(range.upperBound, 0)]
  }
}
