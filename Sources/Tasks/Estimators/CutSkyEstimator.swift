import Baselines
import HarmonicTransforms
import Kernels
import LinearAlgebra
import SkyMaps
import SphereGrids
import Training

/// The exact posterior of the observed pixels of polarisation maps.
///
/// Method:   `CutSkyPosterior`. It factors a covariance at every node of the prior, whatever the
///           number of maps: ask for many maps at once.
/// Checked by: CutSkyEstimatorTests, ShippedRatioSlowTests.
public final class CutSkyEstimator: SkyEstimator {
  /// Maps at a time.
  static let blockLength = 4096
  public var batchSize: Int { Self.blockLength }
  private let mask: SkyMask
  private let grid: HealpixGrid
  private let posterior: CutSkyPosterior

  /// Prepares the likelihood of a row with a mask.
  ///
  /// - Parameters:
  ///   - settings: the row; without a mask a precondition fails.
  ///   - floor: white noise that the likelihood assumes, as a fraction of the rms (`PixelFloor`).
  ///   - threads: for the preparation.
  /// - Throws: `BaselineError`, `.correlatedFields` for the published sky; `HealpixError`.
  public init(
    _ settings: TaskSettings, floor: Double = PixelFloor.standard, threads: Int
  ) throws {
    guard let mask = settings.mask else { preconditionFailure("a cut sky without mask") }
    self.mask = mask
    grid = try HealpixGrid(nside: settings.nside)
    posterior = try CutSkyPosterior(
      PixelLikelihood(
        settings.model(), mask: mask, noise: settings.noise,
        floor: PixelFloor(fraction: floor), threads: threads))
  }

  /// What the posterior of some maps takes: the covariances that are kept, those that are factored,
  /// the maps at once and their table. A block of maps visits a ninth of the nodes with all maps
  /// and all nodes with some; a map is computed at a quarter of them.
  ///
  /// - Parameters:
  ///   - pixels: observed pixels.
  ///   - maps: number of maps.
  ///   - atOnce: maps of a block; nil: those that an estimator takes.
  ///   - parameters: one or two.
  ///   - threads: threads that factor.
  /// - Returns: the estimate.
  public static func workEstimate(
    pixels: Int, maps: Int, atOnce: Int? = nil, parameters: Int, threads: Int
  ) -> WorkEstimate {
    let (data, columns) = (2.0 * Double(pixels), Double(CutSkyPosterior.standardNodeCount))
    let hasTwo = parameters == 2
    let nodes = hasTwo ? columns * columns : columns
    let block = Double(min(maps, atOnce ?? blockLength))
    let blocks = (Double(maps) / block).rounded(.up)
    let kept = hasTwo ? columns + 1 : 0
    return WorkEstimate(
      stage: "the posterior of \(pixels) pixels for \(maps) maps", subject: .pixels,
      bytes: 8 * data * (kept * data + Double(threads) * (2 * data + 2 * block) + block)
        + 8 * nodes * block,
      multiplications: data * data * nodes
        * (blocks * (1 + 1.0 / 9) * data / 6 + Double(maps) / 8))
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
