/// A table of coloured cells, with a text in each or with a colour bar beside it.
///
/// Layout: row 0 at the bottom; cell (row, column) covers column...column + 1, row...row + 1 of the
///         axes, which therefore have ticks at half-integers (`HeatMap.ticks`).
package struct HeatMap: Sendable {
  /// `[row][column]`; nil: a cell that stays white.
  package var values: [[Double?]]
  /// What is written into each cell, in the same shape; nil: nothing, and no lines between the
  /// cells.
  package var texts: [[String]]?
  /// Values at both ends of the colours; those beyond get the colour of the end.
  package var range: ClosedRange<Double>
  package var scale: AxisScale
  /// The quantity, beside a colour bar; nil: no bar.
  package var barLabel: String?

  /// Cells from their values.
  package init(
    values: [[Double?]], texts: [[String]]? = nil, range: ClosedRange<Double>,
    scale: AxisScale = .linear, barLabel: String? = nil
  ) {
    self.values = values
    self.texts = texts
    self.range = range
    self.scale = scale
    self.barLabel = barLabel
  }

  /// Ticks in the middle of the cells.
  package static func ticks(_ labels: [String]) -> [Tick] {
    labels.enumerated().map { Tick(position: Double($0.offset) + 0.5, label: $0.element) }
  }
}
