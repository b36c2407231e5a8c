import Baselines
import SkyModels
import TrainingRuns

/// One parameter of a model on fresh maps, map by map and in figures.
///
/// All that tables and pictures show of it follows from these lists.
package struct ParameterScore: Sendable {
  /// The parameter's name.
  package let parameter: String
  /// The prior of the parameter.
  package let prior: ClosedRange<Double>
  /// The true values, one per map.
  package let truths: [Double]
  /// The model's predictions, one per map.
  package let predictions: [Double]
  /// The model's error bars, one per map; empty for a model without.
  package let errorBars: [Double]
  /// The optimal estimates of the first maps; empty where there is no optimal estimator.
  package let optimal: [Double]
  /// The maximum-likelihood estimates of the same first maps.
  package let maximumLikelihood: [Double]
  /// The mean error, and the ratio to the optimum paired on the first maps.
  package let evaluation: ParameterEvaluation
  /// The mean error of the maximum-likelihood estimates; nil without them.
  package let maximumLikelihoodError: MeanPercentError?
  /// Bias, slope and coverage of the model.
  package let calibration: Calibration
  /// Bias and slope of the optimal estimates; nil without them.
  package let optimalCalibration: Calibration?
  /// For each bin of the prior the mean of prediction − optimal estimate on the maps that have one,
  /// in units of the optimum's scatter there; empty without an optimum, nil in bins with fewer than
  /// two maps.
  ///
  /// It is the model's bias less the optimum's. What the two have in common, the luck of the sky,
  /// cancels, so that it is known several times better than either.
  package let excessBias: [ValueWithError?]

  /// The mean |error|/θ of the model on all maps.
  package var error: MeanPercentError { evaluation.error }
  /// The comparison with the optimum, on the maps that have one.
  package var comparison: PairedComparison? { evaluation.comparison }

  /// Scores predictions.
  ///
  /// - Parameters:
  ///   - parameter: its name.
  ///   - prior: the range of the truths.
  ///   - truths: at least two, one per map.
  ///   - predictions: one per map.
  ///   - errorBars: one per map, or none.
  ///   - optimal: of the first maps, at least two, or none.
  ///   - maximumLikelihood: of the maps that `optimal` has.
  /// - Throws: `BaselineError.lengthsDiffer`, `.tooFewMaps`, `.truthNotPositive`, `.notFinite`.
  package init(
    parameter: String, prior: ClosedRange<Double>, truths: [Double], predictions: [Double],
    errorBars: [Double] = [], optimal: [Double] = [], maximumLikelihood: [Double] = []
  ) throws(BaselineError) {
    self.parameter = parameter
    self.prior = prior
    self.truths = truths
    self.predictions = predictions
    self.errorBars = errorBars
    self.optimal = optimal
    self.maximumLikelihood = maximumLikelihood
    evaluation = try ParameterEvaluation(
      parameter: parameter, truths: truths, predictions: predictions, standardErrors: errorBars,
      optimal: optimal)
    let first = Array(truths.prefix(optimal.count))
    maximumLikelihoodError =
      maximumLikelihood.isEmpty
      ? nil : try MeanPercentError(truths: first, predictions: maximumLikelihood)
    calibration = Calibration(
      truths: truths, predictions: predictions, errorBars: errorBars, prior: prior)
    let ownOptimum =
      optimal.isEmpty ? nil : Calibration(truths: first, predictions: optimal, prior: prior)
    optimalCalibration = ownOptimum
    // Bins of the differences: those of truth + difference as if it were a prediction.
    let differences = optimal.indices.map { truths[$0] + predictions[$0] - optimal[$0] }
    excessBias =
      ownOptimum.map { optimum in
        let bins = Calibration(truths: first, predictions: differences, prior: prior).bins
        return zip(bins, optimum.bins).map { $0.bias?.divided(by: $1.scatter) }
      } ?? []
  }

  /// The excess bias of largest size; nil without an optimum.
  package var largestExcessBias: ValueWithError? {
    excessBias.compactMap { $0 }.max { abs($0.value) < abs($1.value) }
  }
}
