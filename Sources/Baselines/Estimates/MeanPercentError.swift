/// A mean of |prediction − truth|/truth over maps, in percent.
public struct MeanPercentError: Sendable, Hashable {
  /// The mean, percent.
  public let percent: Double
  /// Its standard error, percent: the scatter over maps divided by √(number of maps).
  public let standardError: Double

  /// The error of some predictions.
  ///
  /// - Throws: `BaselineError.lengthsDiffer`, `.tooFewMaps`, `.truthNotPositive` or `.notFinite`.
  public init(truths: [Double], predictions: [Double]) throws(BaselineError) {
    let errors = try PairedComparison.relativeErrors(predictions, truths)
    guard truths.count >= 2 else { throw .tooFewMaps(found: truths.count) }
    self.init(relativeErrors: errors)
  }

  /// The mean and standard error of relative errors (not in percent), one for each map.
  init(relativeErrors: [Double]) {
    let n = Double(relativeErrors.count)
    let mean = relativeErrors.reduce(0, +) / n
    let squares = relativeErrors.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    percent = 100 * mean
    standardError = 100 * (squares / (n - 1) / n).squareRoot()
  }
}
