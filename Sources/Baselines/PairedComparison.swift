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

/// Predictions set against those of the optimal estimator on the same maps.
///
/// Definition: R = Σ e_k / Σ o_k with e_k and o_k the two relative errors on map k. By linear
///             propagation its variance is Σ (e_k − R o_k)² / (n (n − 1) ō²): what the two have in
///             common, the luck of the sky, cancels.
/// Use:        the optimal estimator has the least mean error of all; R below 1 by more than
///             four standard errors means that the predictions know something that is not in the map.
/// Checked by: PairedComparisonTests.
public struct PairedComparison: Sendable, Hashable {
  public let predicted: MeanPercentError
  public let optimal: MeanPercentError
  /// R.
  public let ratio: Double
  public let ratioStandardError: Double
  public let mapCount: Int

  /// How many standard errors the ratio lies below 1; negative when it lies above.
  public var deviationsBelowOne: Double { (1 - ratio) / ratioStandardError }

  /// Compares two lists of predictions of the same true values.
  ///
  /// - Throws: `BaselineError.lengthsDiffer`, `.tooFewMaps`, `.truthNotPositive` or `.notFinite`.
  public init(
    truths: [Double], predictions: [Double], optimal optimalPredictions: [Double]
  ) throws(BaselineError) {
    let errors = try PairedComparison.relativeErrors(predictions, truths)
    let optimalErrors = try PairedComparison.relativeErrors(optimalPredictions, truths)
    guard truths.count >= 2 else { throw .tooFewMaps(found: truths.count) }
    let n = Double(truths.count)
    let optimalSum = optimalErrors.reduce(0, +)
    let ratio = errors.reduce(0, +) / optimalSum
    var squares = 0.0
    for (e, o) in zip(errors, optimalErrors) {
      squares += (e - ratio * o) * (e - ratio * o)
    }
    predicted = MeanPercentError(relativeErrors: errors)
    optimal = MeanPercentError(relativeErrors: optimalErrors)
    self.ratio = ratio
    ratioStandardError = (squares / (n - 1) * n).squareRoot() / optimalSum
    mapCount = truths.count
  }

  fileprivate static func relativeErrors(
    _ predictions: [Double], _ truths: [Double]
  ) throws(BaselineError) -> [Double] {
    guard predictions.count == truths.count else {
      throw .lengthsDiffer(truths: truths.count, found: predictions.count)
    }
    var errors: [Double] = []
    errors.reserveCapacity(truths.count)
    for (map, (prediction, truth)) in zip(predictions, truths).enumerated() {
      guard truth > 0 && truth.isFinite else {
        throw .truthNotPositive(map: map, value: truth)
      }
      guard prediction.isFinite else { throw .notFinite(map: map, value: prediction) }
      errors.append(abs(prediction - truth) / truth)
    }
    return errors
  }
}
