import Foundation

/// How positions on an axis follow from numbers.
package enum AxisScale: String, Sendable, Hashable {
  case linear
  /// By the logarithm; numbers must be positive.
  case logarithmic

  /// Where a number lies, 0 at the beginning of a range and 1 at its end.
  func fraction(_ value: Double, in range: ClosedRange<Double>) -> Double {
    switch self {
    case .linear:
      return (value - range.lowerBound) / (range.upperBound - range.lowerBound)
    case .logarithmic:
      return log(value / range.lowerBound) / log(range.upperBound / range.lowerBound)
    }
  }
}
