import Foundation

/// Which ticks an axis shows: pure functions of its range.
package enum AxisTicks {
  /// Ticks of a linear axis: the multiples of 1, 2 or 5 times a power of ten, the finest of these
  /// steps with at most `most` ticks in the range.
  ///
  /// Labels have as many decimals as the step; numbers from 1e9 on have powers of ten. There are no
  /// ticks where the range is so narrow that its numbers cannot be told apart. Domain: lower <
  /// upper, both finite, most ≥ 2.
  package static func linear(_ range: ClosedRange<Double>, most: Int = 7) -> [Tick] {
    precondition(range.lowerBound < range.upperBound && most >= 2, "no ticks in \(range)")
    let span = range.upperBound - range.lowerBound
    guard span.isFinite, span / Double(most) > 0 else { return [] }
    var exponent = Int(log10(span / Double(most)).rounded(.down)) - 1
    while true {
      for digit in [1.0, 2, 5] {
        let indices = multiples(digit, exponent, in: range)
        guard indices.count <= most else { continue }
        return indices.map { index in
          let position = value(Double(index) * digit, exponent)
          return Tick(position: position, label: label(position, exponent, in: range))
        }
      }
      exponent += 1
    }
  }

  /// The indices k with k · digit · 10^exponent in the range, ends included within rounding.
  private static func multiples(
    _ digit: Double, _ exponent: Int, in range: ClosedRange<Double>
  ) -> [Int] {
    let step = value(digit, exponent)
    let slack = 1e-9
    let first = (range.lowerBound / step - slack).rounded(.up)
    let last = (range.upperBound / step + slack).rounded(.down)
    guard first <= last else { return [] }
    // Beyond 2^53 neighbouring multiples are no different numbers.
    guard max(first.magnitude, last.magnitude) < 0x1p53 else { return Array(0...1000) }
    // Far more ticks than any axis holds: their number is enough to refuse the step.
    guard last - first < 1000 else { return Array(0...1000) }
    return Array(Int(first)...Int(last))
  }

  /// mantissa · 10^exponent; a division for negative exponents, so that 3 tenths are 0.3 exactly.
  private static func value(_ mantissa: Double, _ exponent: Int) -> Double {
    exponent >= 0 ? mantissa * pow(10, Double(exponent)) : mantissa / pow(10, Double(-exponent))
  }

  /// Ticks of a logarithmic axis: powers of ten, every second, third, ... where more than `most`
  /// lie in the range, and 1, 2, 5 times powers of ten where fewer than two do.
  ///
  /// Domain: 0 < lower < upper.
  package static func logarithmic(_ range: ClosedRange<Double>, most: Int = 8) -> [Tick] {
    precondition(
      0 < range.lowerBound && range.lowerBound < range.upperBound, "no decades in \(range)")
    let low = Int((log10(range.lowerBound) - 1e-9).rounded(.up))
    let high = Int((log10(range.upperBound) + 1e-9).rounded(.down))
    guard high - low >= 1 else { return withinDecades(range) }
    var step = 1
    while (high - low) / step + 1 > most { step += 1 }
    return (low...high).filter { $0.isMultiple(of: step) }.map {
      Tick(position: value(1, $0), label: powerLabel($0))
    }
  }

  private static func withinDecades(_ range: ClosedRange<Double>) -> [Tick] {
    let low = Int(log10(range.lowerBound).rounded(.down))
    let high = Int(log10(range.upperBound).rounded(.up))
    var ticks: [Tick] = []
    for exponent in low...high {
      for digit in [1, 2, 5] {
        let position = value(Double(digit), exponent)
        let isOutside =
          position < range.lowerBound * (1 - 1e-9)
          || position > range.upperBound * (1 + 1e-9)
        if isOutside { continue }
        let isPlain = (-3...4).contains(exponent)
        let label =
          isPlain
          ? text(position, decimals: max(0, -exponent)) : "\(digit) \(powerLabel(exponent))"
        ticks.append(Tick(position: position, label: label))
      }
    }
    return ticks.count >= 2 ? ticks : linear(range)
  }

  /// "10^{-3}"; 1 and 10 as they are.
  static func powerLabel(_ exponent: Int) -> String {
    switch exponent {
    case 0: "1"
    case 1: "10"
    default: "10^{\(exponent)}"
    }
  }

  /// The label of a multiple of 10^exponent.
  private static func label(
    _ position: Double, _ exponent: Int, in range: ClosedRange<Double>
  ) -> String {
    let largest = max(range.lowerBound.magnitude, range.upperBound.magnitude)
    guard position != 0, largest >= 1e9 else {
      return text(position, decimals: max(0, -exponent))
    }
    // One power of ten for all labels of the axis, so that they compare at a glance.
    let power = Int(log10(largest).rounded(.down))
    let digits = min(max(0, power - exponent), 15)
    return "\(text(position / pow(10, Double(power)), decimals: digits)) \(powerLabel(power))"
  }

  private static func text(_ value: Double, decimals: Int) -> String {
    let text = String(format: "%.\(decimals)f", value)
    return Double(text) == 0 && text.hasPrefix("-") ? String(text.dropFirst()) : text
  }
}
