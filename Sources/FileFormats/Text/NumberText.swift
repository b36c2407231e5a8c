import Foundation

/// Numbers for people to read: in messages, tables and captions. Files that programs read have all
/// digits instead.
/// Checked by: NumberTextTests.
package enum NumberText {
  /// Four significant digits: "0.01235", "1.235e+07".
  package static func short(_ value: Double) -> String { String(format: "%.4g", value) }

  /// The shortest text that reads back to the same float32: predictions and their error bars.
  package static func float32(_ value: Double) -> String { "\(Float(value))" }

  /// A number of decimals: "1.270".
  package static func fixed(_ value: Double, decimals: Int) -> String {
    String(format: "%.\(decimals)f", value)
  }

  /// A value with its standard error, as many decimals for both: "1.070 +- 0.008".
  package static func fixed(
    _ value: Double, standardError: Double, decimals: Int, plusMinus: String = "+-"
  ) -> String {
    fixed(value, decimals: decimals) + " \(plusMinus) " + fixed(standardError, decimals: decimals)
  }

  /// Both ends to four significant digits: "5...20".
  package static func short(_ range: ClosedRange<Double>) -> String {
    "\(short(range.lowerBound))...\(short(range.upperBound))"
  }

  /// A whole number with commas between thousands: "8,600,000".
  package static func grouped(_ value: Int) -> String {
    var digits = String(value.magnitude)
    var groups: [String] = []
    while digits.count > 3 {
      groups.insert(String(digits.suffix(3)), at: 0)
      digits.removeLast(3)
    }
    return (value < 0 ? "-" : "") + ([digits] + groups).joined(separator: ",")
  }
}
