/// Predictions set against those of the optimal estimator on the same maps.
///
/// Definition: R = Σ e_k / Σ o_k with e_k and o_k the two relative errors on map k. By linear
///             propagation its variance is Σ (e_k − R o_k)² / (n (n − 1) ō²): what the two have in
///             common, the luck of the sky, cancels.
/// Use:        the optimal estimator has the least mean error of all; R below 1 by more than
///             four standard errors means that the predictions know something that is not in the
///             map.
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

  /// Compares the predictions of several parameters, one comparison for each.
  ///
  /// - Parameters:
  ///   - truths: `[parameter][map]`; the others likewise.
  ///   - predictions: what is judged.
  ///   - optimalPredictions: the optimal estimates on the same maps.
  /// - Returns: the comparisons in the order of the parameters.
  /// - Throws: `BaselineError.parametersDiffer`; as `init`.
  public static func each(
    truths: [[Double]], predictions: [[Double]], optimal optimalPredictions: [[Double]]
  ) throws(BaselineError) -> [PairedComparison] {
    for list in [predictions, optimalPredictions] where list.count != truths.count {
      throw .parametersDiffer(found: list.count, expected: truths.count)
    }
    var comparisons: [PairedComparison] = []
    for i in truths.indices {
      comparisons.append(
        try PairedComparison(
          truths: truths[i], predictions: predictions[i], optimal: optimalPredictions[i]))
    }
    return comparisons
  }

  static func relativeErrors(
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
