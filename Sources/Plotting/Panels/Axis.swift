import Foundation

/// One axis of a panel.
package struct Axis: Sendable {
  /// The quantity with its unit, `^{...}` raised.
  package var label: String
  package var scale: AxisScale
  /// What is shown, which must hold all data; nil: all data, with a margin of 4 % of the length at
  /// each end.
  package var range: ClosedRange<Double>?
  /// Marks instead of those that `AxisTicks` chooses.
  package var ticks: [Tick]?

  /// An axis.
  package init(
    _ label: String, _ scale: AxisScale = .linear, range: ClosedRange<Double>? = nil,
    ticks: [Tick]? = nil
  ) {
    self.label = label
    self.scale = scale
    self.range = range
    self.ticks = ticks
  }
}
