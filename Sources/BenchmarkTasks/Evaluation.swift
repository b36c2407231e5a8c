import Baselines
import Foundation
import RandomFields
import Training

/// Maps with known truth, simulated or read from files.
public struct TestMaps: Sendable {
  /// Number of maps.
  public let count: Int
  private let load: @Sendable (_ maps: Range<Int>) throws -> (maps: [Float], truths: [Double])

  /// The first `count` maps of a split of a source.
  public init(
    _ source: T1MapSource, split: DataSplit = .test, count: Int, threads: Int
  ) {
    self.count = count
    load = { range in
      let batch = source.batch(maps: range, split: split, threads: threads)
      return (batch.maps, source.truths(maps: range, split: split))
    }
  }

  /// The maps of a folder that a table lists.
  ///
  /// - Throws: `FileError`, `FitsError`, `ModelError` for the table; for the maps when they are read.
  public init(folder: URL, truth: URL, settings: TaskSettings) throws {
    let table = try TruthTable(contentsOf: truth, parameter: settings.parameterNames[0])
    count = table.rows.count
    load = { range in
      let rows = table.rows[range]
      let maps = try rows.map {
        try TemperatureMap(
          contentsOf: folder.appendingPathComponent($0.file), nside: settings.nside)
      }
      return (interleaved(maps), rows.map(\.truth))
    }
  }

  /// Calls `body` with all maps, `[pixel][map]`, and their truths, block by block.
  ///
  /// - Throws: `BenchmarkError.interrupted`; what reading and `body` throw.
  public func forEachBlock(
    interruption: InterruptionFlag = InterruptionFlag(), progress: (_ done: Int) -> Void = { _ in },
    _ body: (_ maps: [Float], _ truths: [Double]) throws -> Void
  ) throws {
    for first in stride(from: 0, to: count, by: 128) {
      if interruption.isRaised { throw BenchmarkError.interrupted }
      let range = first..<min(first + 128, count)
      let (maps, truths) = try load(range)
      try body(maps, truths)
      progress(range.upperBound)
    }
  }
}

/// A model's error on test maps, beside that of the optimal estimator on the same maps.
public struct Evaluation: Sendable {
  /// The model's and the optimal mean |error|/θ, and their ratio.
  public let comparison: PairedComparison
  /// Share of truths within one error bar, which should be 0.6827; nil without error bars.
  public let coverage: Double?
  /// Number of maps with a warning.
  public let warningCount: Int

  /// Evaluates a model.
  ///
  /// - Parameters:
  ///   - model: the model.
  ///   - maps: the test maps.
  ///   - estimator: the optimal estimator for the noise of these maps.
  ///   - threads: threads to use at most; the bits do not depend on it.
  ///   - interruption: looked at before every block of maps.
  ///   - progress: receives the number of maps done.
  /// - Throws: `BaselineError`, `BenchmarkError`, what reading the maps throws.
  public init(
    _ model: TrainedModel, on maps: TestMaps, estimator: FullSkyEstimator, threads: Int,
    interruption: InterruptionFlag = InterruptionFlag(), progress: (_ done: Int) -> Void = { _ in }
  ) throws {
    var (truths, values, optimal): ([Double], [Double], [Double]) = ([], [], [])
    var (covered, withBar, warned) = (0, 0, 0)
    try maps.forEachBlock(interruption: interruption, progress: progress) { block, blockTruths in
      let count = blockTruths.count
      let predictions = try model.predict(block, count: count, threads: threads)
      optimal += try estimator.estimates(block, count: count, threads: threads).map(\.optimal)
      for (prediction, truth) in zip(predictions, blockTruths) {
        values.append(prediction.value)
        warned += prediction.warnings.isEmpty ? 0 : 1
        guard let error = prediction.standardError else { continue }
        withBar += 1
        covered += abs(prediction.value - truth) <= error ? 1 : 0
      }
      truths += blockTruths
    }
    comparison = try PairedComparison(truths: truths, predictions: values, optimal: optimal)
    coverage = withBar > 0 ? Double(covered) / Double(withBar) : nil
    warningCount = warned
  }

  /// The figures by name, as records and models carry them.
  public var figures: [String: Double] {
    var figures = [
      "test_maps": Double(comparison.mapCount),
      "mean_absolute_percent_error": comparison.predicted.percent,
      "standard_error": comparison.predicted.standardError,
      "optimal": comparison.optimal.percent,
      "optimal_standard_error": comparison.optimal.standardError,
      "ratio_to_optimal": comparison.ratio,
      "ratio_standard_error": comparison.ratioStandardError,
    ]
    figures["coverage"] = coverage
    return figures
  }
}

/// The errors of the estimators that need no network.
public struct BaselineEvaluation: Sendable {
  /// Maximum likelihood as the prediction, set against the optimal estimate.
  public let comparison: PairedComparison
  /// Share of maps whose likelihood is largest at an end of the prior.
  public let boundaryFraction: Double

  /// Evaluates both estimators.
  ///
  /// - Throws: `BaselineError`, `BenchmarkError.interrupted`, what reading the maps throws.
  public init(
    _ estimator: FullSkyEstimator, on maps: TestMaps, threads: Int,
    interruption: InterruptionFlag = InterruptionFlag(), progress: (_ done: Int) -> Void = { _ in }
  ) throws {
    var truths: [Double] = []
    var estimates: [SkyEstimate] = []
    try maps.forEachBlock(interruption: interruption, progress: progress) { block, blockTruths in
      estimates += try estimator.estimates(block, count: blockTruths.count, threads: threads)
      truths += blockTruths
    }
    comparison = try PairedComparison(
      truths: truths, predictions: estimates.map(\.maximumLikelihood),
      optimal: estimates.map(\.optimal))
    boundaryFraction =
      Double(estimates.count { $0.isAtBoundary }) / Double(estimates.count)
  }
}
