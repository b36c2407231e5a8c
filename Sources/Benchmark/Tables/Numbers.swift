import Foundation

/// A number for reading, to four digits.
func short(_ value: Double) -> String { String(format: "%.4g", value) }
