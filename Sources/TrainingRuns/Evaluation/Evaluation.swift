import Baselines
import Models
import RandomFields
import Tasks
import Training

/// A model's errors on test maps.
public struct Evaluation: Sendable {
  /// One per parameter.
  public let parameters: [ParameterEvaluation]
  /// Number of maps.
  public let mapCount: Int
  /// Number of maps with a warning.
  public let warningCount: Int
  /// Number of maps with a value that is no estimate; the errors count it all the same.
  public let refusedCount: Int

  /// Evaluates a model.
  ///
  /// - Parameters:
  ///   - model: the model.
  ///   - maps: the test maps.
  ///   - estimator: the optimal estimator for these maps; nil where there is none.
  ///   - threads: threads to use at most; the bits do not depend on it.
  ///   - interruption: looked at before every block of maps.
  ///   - progress: receives the number of maps done, from any thread; where an estimator works on
  ///     many maps at once, the number that its share of the work stands for.
  /// - Throws: `BaselineError`, `TaskError`, what reading the maps throws.
  public init(
    _ model: TrainedModel, on maps: TestMaps, estimator: (any SkyEstimator)?, threads: Int,
    interruption: InterruptionFlag = InterruptionFlag(),
    progress: @escaping @Sendable (_ done: Int) -> Void = { _ in }
  ) throws {
    let n = maps.parameters.count
    var predictions = ModelPredictions(parameters: maps.parameters)
    var reference = ReferenceEstimates(parameterCount: n)
    try maps.forEachBlock(
      of: estimator?.batchSize ?? TestMaps.blockLength, interruption: interruption,
      progress: progress
    ) { block, truths in
      let count = truths.count / n
      predictions.append(
        try model.predict(block, count: count, threads: threads), truths: truths)
      guard let estimator else { return }
      let before = reference.mapCount
      reference.append(
        try estimator.estimates(
          block, count: count, channels: model.network.inputChannels, threads: threads,
          interruption: interruption,
          progress: { progress(before + mapsDone($0, of: $1, count: count)) }))
    }
    mapCount = predictions.mapCount
    warningCount = predictions.warningCount
    refusedCount = predictions.refusedCount
    parameters = try maps.parameters.indices.map { index in
      try ParameterEvaluation(
        parameter: maps.parameters[index], truths: predictions.truths[index],
        predictions: predictions.values[index],
        standardErrors: predictions.standardErrors[index], optimal: reference.optimal[index])
    }
  }

  /// The figures by name, as records and models carry them; with several parameters a figure's name
  /// ends in the parameter's, `standard_error_ell_e`.
  public var figures: [String: Double] {
    var figures = ["test_maps": Double(mapCount)]
    for own in parameters {
      func set(_ key: String, _ value: Double?) {
        figures[figureName(key, own.parameter, of: parameters.count)] = value
      }
      set("mean_absolute_percent_error", own.error.percent)
      set("standard_error", own.error.standardError)
      set("optimal", own.comparison?.optimal.percent)
      set("optimal_standard_error", own.comparison?.optimal.standardError)
      set("ratio_to_optimal", own.comparison?.ratio)
      set("ratio_standard_error", own.comparison?.ratioStandardError)
      set("coverage", own.coverage?.share)
    }
    return figures
  }
}

/// The name of a figure of one of `count` parameters in records and models.
public func figureName(_ key: String, _ parameter: String, of count: Int) -> String {
  count == 1 ? key : "\(key)_\(parameter)"
}

/// The maps of a block that `done` of `total` parts of the work on all of them stand for: fewer
/// than all, since something follows the last part.
func mapsDone(_ done: Int, of total: Int, count: Int) -> Int { count * done / (total + 1) }
