import Baselines
import HarmonicTransforms
import Kernels
import LinearAlgebra
import SkyModels
import SphereGrids
import Training

/// An estimator that needs no network.
public protocol SkyEstimator: Sendable {
  /// Maps that it wants in one batch; more of them at a time cost less.
  var batchSize: Int { get }

  /// The estimates of every parameter of every map of a batch, `[map][parameter]`.
  ///
  /// - Parameters:
  ///   - maps: `[pixel][map * channels + channel]`.
  ///   - count: number of maps.
  ///   - channels: channels per map, of which the estimator reads the first ones; nil: the task's
  ///     fields.
  ///   - threads: threads to use at most; the bits do not depend on it.
  ///   - interruption: looked at now and then.
  ///   - progress: told, by any thread, how many parts of the work on this batch are done.
  /// - Returns: one list of estimates per map, in the order of the task's parameters.
  /// - Throws: `HarmonicTransformError.notFinite`, `BaselineError`, `TaskError.interrupted`.
  func estimates(
    _ maps: [Float], count: Int, channels: Int?, threads: Int, interruption: InterruptionFlag,
    progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void
  ) throws -> [[SkyEstimate]]
}

extension SkyEstimator {
  /// The estimates without reports.
  public func estimates(
    _ maps: [Float], count: Int, channels: Int?, threads: Int, interruption: InterruptionFlag
  ) throws -> [[SkyEstimate]] {
    try estimates(
      maps, count: count, channels: channels, threads: threads, interruption: interruption,
      progress: { _, _ in })
  }
}
