import Baselines
import Foundation
import RandomFields
import Training

/// Maps with known parameters, simulated or read from files.
public struct TestMaps: Sendable {
  /// Number of maps.
  public let count: Int
  /// Names of the parameters.
  public let parameters: [String]
  /// Maps at a time, unless an estimator wants more.
  public static let blockLength = 128
  private let load: @Sendable (_ maps: Range<Int>) throws -> (maps: [Float], truths: [Double])

  /// The first `count` maps of a split of a source.
  public init(
    _ source: SkyMapSource, split: DataSplit = .test, count: Int, threads: Int
  ) {
    self.count = count
    parameters = source.settings.parameterNames
    load = { range in
      let batch = source.batch(maps: range, split: split, threads: threads)
      return (batch.maps, source.truths(maps: range, split: split))
    }
  }

  /// The maps of a folder that a table lists.
  ///
  /// - Parameters:
  ///   - folder: the folder of the maps.
  ///   - truth: the table.
  ///   - settings: what the maps are. Every pixel of the mask must be observed.
  ///   - channels: fields per map, and the mask if there is one channel more.
  /// - Throws: `FileError`, `FitsError`, `ModelError` for the table; for the maps when they are read.
  public init(folder: URL, truth: URL, settings: TaskSettings, channels: Int? = nil) throws {
    let table = try TruthTable(contentsOf: truth, parameters: settings.parameterNames)
    count = table.rows.count
    parameters = settings.parameterNames
    load = { range in
      let rows = table.rows[range]
      let maps = try rows.map {
        var map = try InputMap(
          contentsOf: folder.appendingPathComponent($0.file), task: settings.task,
          nside: settings.nside)
        try requireObserved(map, mask: settings.mask)
        if let mask = settings.mask { map.apply(mask) }
        return map
      }
      return (interleaved(maps, channels: channels), rows.flatMap(\.truths))
    }
  }

  /// Calls `body` with all maps, `[pixel][map * channels + channel]`, and their parameters,
  /// `[map][parameter]`, block by block.
  ///
  /// - Throws: `BenchmarkError.interrupted`; what reading and `body` throw.
  public func forEachBlock(
    of size: Int = blockLength, interruption: InterruptionFlag = InterruptionFlag(),
    progress: (_ done: Int) -> Void = { _ in },
    _ body: (_ maps: [Float], _ truths: [Double]) throws -> Void
  ) throws {
    for first in stride(from: 0, to: count, by: size) {
      if interruption.isRaised { throw BenchmarkError.interrupted }
      let range = first..<min(first + size, count)
      let (maps, truths) = try load(range)
      try body(maps, truths)
      progress(range.upperBound)
    }
  }
}

/// A model's error in one parameter on test maps, beside that of the optimal estimator on the same maps
/// where there is one.
public struct ParameterEvaluation: Sendable {
  /// The parameter's name.
  public let parameter: String
  /// The model's mean |error|/θ.
  public let error: MeanPercentError
  /// The same set against the optimal estimator.
  public let comparison: PairedComparison?
  /// The truths within one error bar; nil without error bars.
  public let coverage: Coverage?

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
  }
}

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
  ///   - progress: receives the number of maps done, from any thread; where an estimator works on many maps at
  ///     once, the number that its share of the work stands for.
  /// - Throws: `BaselineError`, `BenchmarkError`, what reading the maps throws.
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

  /// The figures by name, as records and models carry them; with several parameters a figure's name ends
  /// in the parameter's, `standard_error_ell_e`.
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

/// The maps of a block that `done` of `total` parts of the work on all of them stand for: fewer than all,
/// since something follows the last part.
private func mapsDone(_ done: Int, of total: Int, count: Int) -> Int { count * done / (total + 1) }

/// The errors of the estimators that need no network.
public struct BaselineEvaluation: Sendable {
  /// One per parameter: maximum likelihood as the prediction, set against the optimal estimate.
  public let comparisons: [PairedComparison]
  /// Share of maps whose likelihood is largest at an end of the prior, per parameter.
  public let boundaryFractions: [Double]

  /// Evaluates both estimators.
  ///
  /// - Throws: `BaselineError`, `BenchmarkError.interrupted`, what reading the maps throws.
  public init(
    _ estimator: some SkyEstimator, on maps: TestMaps, threads: Int,
    interruption: InterruptionFlag = InterruptionFlag(),
    progress: @escaping @Sendable (_ done: Int) -> Void = { _ in }
  ) throws {
    let n = maps.parameters.count
    var truths: [Double] = []
    var estimates = ReferenceEstimates(parameterCount: n)
    try maps.forEachBlock(
      of: estimator.batchSize, interruption: interruption, progress: progress
    ) { block, blockTruths in
      let (before, count) = (estimates.mapCount, blockTruths.count / n)
      estimates.append(
        try estimator.estimates(
          block, count: count, channels: nil, threads: threads, interruption: interruption,
          progress: { progress(before + mapsDone($0, of: $1, count: count)) }))
      truths += blockTruths
    }
    comparisons = try (0..<n).map { index in
      try PairedComparison(
        truths: stride(from: index, to: truths.count, by: n).map { truths[$0] },
        predictions: estimates.maximumLikelihood[index], optimal: estimates.optimal[index])
    }
    boundaryFractions = estimates.boundaryCounts.map { Double($0) / Double(estimates.mapCount) }
  }
}
