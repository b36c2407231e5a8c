import Baselines
import HarmonicTransforms
import Kernels
import LinearAlgebra
import SkyMaps
import SphereGrids
import Training

/// The exact posterior of the observed pixels of polarisation maps.
///
/// Method:   `CutSkyPosterior` with the floor `PixelFloor.standard`. It factors a covariance at
///           every node of the prior, whatever the number of maps: ask for many maps at once.
/// Checked by: CutSkyPosteriorTests.
public final class CutSkyEstimator: SkyEstimator {
  /// Maps at a time.
  static let blockLength = 4096
  public var batchSize: Int { Self.blockLength }
  private let mask: SkyMask
  private let grid: HealpixGrid
  private let posterior: CutSkyPosterior

  /// Prepares the likelihood of a row with a mask.
  ///
  /// - Throws: `BaselineError`, `.correlatedFields` for the published sky; `HealpixError`.
  public init(_ settings: TaskSettings, threads: Int) throws {
    guard let mask = settings.mask else { preconditionFailure("a cut sky without mask") }
    self.mask = mask
    grid = try HealpixGrid(nside: settings.nside)
    posterior = try CutSkyPosterior(
      PixelLikelihood(
        settings.model(), mask: mask, noise: settings.noise, floor: PixelFloor(),
        threads: threads))
  }

  public func estimates(
    _ maps: [Float], count: Int, channels: Int?, threads: Int, interruption: InterruptionFlag,
    progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void
  ) throws -> [[SkyEstimate]] {
    let fields = (0...1).map {
      field(maps, channel: $0, of: channels ?? 2, count: count, grid: grid)
    }
    let observed = try ObservedMaps(SpinFields(q: fields[0], u: fields[1]), mask: mask)
    let estimates = try all(
      observed, threads: threads,
      WorkProgress(isStopped: { interruption.isRaised }, update: progress))
    return estimates.map { ofMap in
      ofMap.optimal.indices.map { SkyEstimate(ofMap, parameter: $0) }
    }
  }

  private func all(
    _ maps: ObservedMaps, threads: Int, _ progress: WorkProgress
  ) throws -> [ParameterEstimates] {
    do {
      return try posterior.estimates(maps, threads: threads, progress: progress)
    } catch {
      if case .interrupted = error { throw TaskError.interrupted }
      throw error
    }
  }
}
