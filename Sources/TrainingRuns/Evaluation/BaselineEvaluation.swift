import Baselines
import Models
import RandomFields
import Tasks
import Training

/// The errors of the estimators that need no network.
public struct BaselineEvaluation: Sendable {
  /// One per parameter: maximum likelihood as the prediction, set against the optimal estimate.
  public let comparisons: [PairedComparison]
  /// Share of maps whose likelihood is largest at an end of the prior, per parameter.
  public let boundaryFractions: [Double]

  /// Evaluates both estimators.
  ///
  /// - Throws: `BaselineError`, `TaskError.interrupted`, what reading the maps throws.
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
