import Baselines

/// A number with its standard error, where that is known.
package struct ValueWithError: Sendable, Hashable {
  package let value: Double
  /// nil where the source gives none.
  package let standardError: Double?

  /// A number and how well it is known.
  package init(_ value: Double, standardError: Double? = nil) {
    self.value = value
    self.standardError = standardError
  }

  /// A mean error in percent.
  package init(_ error: MeanPercentError) {
    self.init(error.percent, standardError: error.standardError)
  }

  /// The mean of independent samples with its standard error s/√n; nil below two samples.
  package init?(meanOf samples: [Double]) {
    guard samples.count >= 2 else { return nil }
    let count = Double(samples.count)
    let mean = samples.reduce(0, +) / count
    let squares = samples.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    self.init(mean, standardError: (squares / (count - 1) / count).squareRoot())
  }

  /// The number in another unit; nil if the unit is unknown or 0.
  func divided(by unit: Double?) -> ValueWithError? {
    guard let unit, unit > 0 else { return nil }
    return ValueWithError(value / unit, standardError: standardError.map { $0 / unit })
  }
}
