import Foundation

/// One axis of a panel.
public struct Axis: Sendable {
  /// The quantity with its unit, `^{...}` raised.
  public var label: String
  public var scale: AxisScale
  /// What is shown, which must hold all data; nil: all data, with a margin of 4 % of the length at
  /// each end.
  public var range: ClosedRange<Double>?
  /// Marks instead of those that `AxisTicks` chooses.
  public var ticks: [Tick]?

  /// An axis.
  public init(
    _ label: String, _ scale: AxisScale = .linear, range: ClosedRange<Double>? = nil,
    ticks: [Tick]? = nil
  ) {
    self.label = label
    self.scale = scale
    self.range = range
    self.ticks = ticks
  }
}
