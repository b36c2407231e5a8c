import Baselines
import RandomFields

/// A model's error in one parameter on test maps, beside that of the optimal estimator on the same
/// maps where there is one.
public struct ParameterEvaluation: Sendable {
  /// The parameter's name.
  public let parameter: String
  /// The model's mean |error|/θ.
  public let error: MeanPercentError
  /// The same set against the optimal estimator.
  public let comparison: PairedComparison?
  /// The truths within one error bar; nil without error bars.
  public let coverage: Coverage?
  /// The same by the place of the prediction; nil without error bars and for few maps.
  public let coverageByPrediction: CoverageByPrediction?

  /// Evaluates predictions.
  ///
  /// - Parameters:
  ///   - parameter: its name.
  ///   - truths: one per map.
  ///   - predictions: likewise.
  ///   - standardErrors: the error bars, or none.
  ///   - optimal: the optimal estimates of the first maps, of all or fewer; none where there is no
  ///     optimal estimator. The comparison is on these maps.
  /// - Throws: `BaselineError` as `PairedComparison`.
  public init(
    parameter: String, truths: [Double], predictions: [Double], standardErrors: [Double],
    optimal: [Double]
  ) throws(BaselineError) {
    self.parameter = parameter
    error = try MeanPercentError(truths: truths, predictions: predictions)
    comparison =
      optimal.isEmpty
      ? nil
      : try PairedComparison(
        truths: Array(truths.prefix(optimal.count)),
        predictions: Array(predictions.prefix(optimal.count)), optimal: optimal)
    coverage =
      standardErrors.isEmpty
      ? nil
      : Coverage(
        bars: 1, truths: truths, predictions: predictions, standardErrors: standardErrors)
    coverageByPrediction =
      standardErrors.isEmpty
      ? nil
      : CoverageByPrediction(
        truths: truths, predictions: predictions, standardErrors: standardErrors)
  }
}
