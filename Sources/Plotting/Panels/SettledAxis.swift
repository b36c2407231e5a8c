import Foundation

/// An axis with its range settled: a map from numbers to 0...1.
struct SettledAxis: Sendable {
  let axis: Axis
  let range: ClosedRange<Double>
  let ticks: [Tick]

  /// Settles an axis on the numbers it shows.
  ///
  /// - Throws: `PlottingError.invalidRange`, `.empty`.
  init(_ axis: Axis, name: String, numbers: [Double]) throws(PlottingError) {
    self.axis = axis
    if let range = axis.range {
      guard
        range.lowerBound.isFinite, range.upperBound.isFinite, range.lowerBound < range.upperBound,
        (range.upperBound - range.lowerBound).isFinite,
        axis.scale == .linear
          || (range.lowerBound > 0 && (range.upperBound / range.lowerBound).isFinite)
      else {
        throw .invalidRange(axis: name, lower: range.lowerBound, upper: range.upperBound)
      }
      self.range = range
    } else {
      guard let least = numbers.min(), let most = numbers.max() else {
        throw .empty(content: "the data of the \(name) axis")
      }
      let range = Self.range(least, most, axis.scale)
      // A length or a ratio beyond the largest number cannot be divided into parts.
      guard range.lower < range.upper, (range.upper - range.lower).isFinite,
        axis.scale == .linear || (range.lower > 0 && (range.upper / range.lower).isFinite)
      else {
        throw .invalidRange(axis: name, lower: least, upper: most)
      }
      self.range = range.lower...range.upper
    }
    switch (axis.ticks, axis.scale) {
    case (let ticks?, _): self.ticks = ticks
    case (nil, .linear): self.ticks = AxisTicks.linear(self.range)
    case (nil, .logarithmic): self.ticks = AxisTicks.logarithmic(self.range)
    }
  }

  /// All numbers and a margin. A single number gets one unit, or half a decade, to both sides.
  private static func range(
    _ least: Double, _ most: Double, _ scale: AxisScale
  ) -> (lower: Double, upper: Double) {
    switch scale {
    case .linear:
      let margin = least == most ? max(1, abs(least) / 2) : 0.04 * (most - least)
      return (least - margin, most + margin)
    case .logarithmic:
      let margin = least == most ? 0.5 : max(0.04 * log10(most / least), 0.02)
      return (least * pow(10, -margin), most * pow(10, margin))
    }
  }

  /// Where a number lies, 0 at the beginning of the axis and 1 at its end.
  func fraction(_ value: Double) -> Double { axis.scale.fraction(value, in: range) }

  /// The number at a place between 0 and 1.
  func value(at fraction: Double) -> Double {
    switch axis.scale {
    case .linear:
      return range.lowerBound + fraction * (range.upperBound - range.lowerBound)
    case .logarithmic:
      return range.lowerBound * pow(range.upperBound / range.lowerBound, fraction)
    }
  }

  /// The ticks that lie on the axis.
  var visibleTicks: [Tick] { ticks.filter { (-1e-9...1 + 1e-9).contains(fraction($0.position)) } }
}
