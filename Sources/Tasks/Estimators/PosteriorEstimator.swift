import Baselines
import HarmonicTransforms
import Kernels
import LinearAlgebra
import SkyMaps
import SkyModels
import SpecialFunctions
import SphereGrids
import Training

/// An estimator that gives the exact joint posterior of maps.
public protocol PosteriorEstimator: SkyEstimator {
  /// What the maps are.
  var settings: TaskSettings { get }

  /// The posteriors of some maps.
  ///
  /// - Parameters:
  ///   - maps: `[pixel][map * channels + channel]`.
  ///   - count: number of maps.
  ///   - channels: channels per map, of which the first ones are read; nil: the task's fields.
  ///   - threads: any number gives the same bits.
  ///   - interruption: looked at now and then.
  ///   - progress: told, by any thread, how many parts of the work are done.
  /// - Returns: one density per map.
  /// - Throws: `HarmonicTransformError.notFinite`, `BaselineError`, `TaskError.interrupted`.
  func posteriors(
    _ maps: [Float], count: Int, channels: Int?, threads: Int, interruption: InterruptionFlag,
    progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void
  ) throws -> [PosteriorGrid]

  /// The Cramér-Rao bound of every parameter: no unbiased estimator has a smaller standard
  /// deviation.
  ///
  /// - Parameters:
  ///   - values: the parameters.
  ///   - threads: any number gives the same bits.
  /// - Returns: √((F⁻¹)_ii), in the parameters' units.
  /// - Throws: `BaselineError`; `LinearAlgebraError.notPositiveDefinite` where the parameters
  ///   cannot be told apart.
  func cramerRaoBounds(at values: [Double], threads: Int) throws -> [Double]
}

extension PosteriorEstimator {
  /// The posteriors without reports.
  public func posteriors(
    _ maps: [Float], count: Int, channels: Int?, threads: Int
  ) throws -> [PosteriorGrid] {
    try posteriors(
      maps, count: count, channels: channels, threads: threads, interruption: InterruptionFlag(),
      progress: { _, _ in })
  }

  public func estimates(
    _ maps: [Float], count: Int, channels: Int?, threads: Int, interruption: InterruptionFlag,
    progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void
  ) throws -> [[SkyEstimate]] {
    try posteriors(
      maps, count: count, channels: channels, threads: threads, interruption: interruption,
      progress: progress
    ).map { grid in
      let mean = grid.mean
      return mean.indices.map { index in
        let marginal = grid.marginal(index)
        let best = marginal.density.indices.max { marginal.density[$0] < marginal.density[$1] } ?? 0
        let ends = [0.0, 1.0].map { settings.priors[index].value(at: $0) }
        let value = settings.priors[index].value(at: marginal.parameters[best])
        return SkyEstimate(
          optimal: mean[index], maximumLikelihood: value, isAtBoundary: ends.contains(value))
      }
    }
  }
}

/// The exact joint posterior of the observed pixels of Q and U, or of T, for a task of one or two
/// parameters with any priors, and any noise without correlation.
///
/// Method:   `CutSkyPosterior` of the task's `QuantileModel`: the covariance is factored at 31
///           values of q per parameter, whatever the number of maps. Data are the observed pixels,
///           or on a full sky with noise the coefficients if these are fewer.
/// Checked by: CutSkyTableTests.
public final class CutSkyPosteriorEstimator: PosteriorEstimator {
  public let settings: TaskSettings
  public var batchSize: Int { CutSkyEstimator.blockLength }
  private let mask: SkyMask
  private let grid: HealpixGrid
  private let likelihood: PixelLikelihood
  private let posterior: CutSkyPosterior

  /// Prepares the likelihood of a task; without a mask all pixels are observed.
  ///
  /// - Parameters:
  ///   - settings: the task.
  ///   - floor: white noise that the likelihood assumes, as a fraction of the rms (`PixelFloor`).
  ///   - threads: for the preparation.
  /// - Throws: `BaselineError`, `.tooManyParameters` for three; `HealpixError`.
  public init(
    _ settings: TaskSettings, floor: Double = PixelFloor.standard, threads: Int
  ) throws {
    let mask = try settings.mask ?? SkyMask.fullSky(nside: settings.nside)
    self.settings = settings
    self.mask = mask
    grid = try HealpixGrid(nside: settings.nside)
    likelihood = try PixelLikelihood(
      QuantileModel(settings.model(), fields: settings.task.fields), mask: mask,
      fields: settings.task.fields, noise: settings.noise, noiseMap: settings.noiseMap,
      floor: PixelFloor(fraction: floor), isReduced: settings.hasReducedLikelihood,
      threads: threads)
    posterior = try CutSkyPosterior(likelihood)
  }

  public func posteriors(
    _ maps: [Float], count: Int, channels: Int?, threads: Int, interruption: InterruptionFlag,
    progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void
  ) throws -> [PosteriorGrid] {
    let width = settings.fieldCount
    let components = (0..<width).map {
      field(maps, channel: $0, of: channels ?? width, count: count, grid: grid)
    }
    let observed = try ObservedMaps(components, mask: mask)
    do {
      return try posterior.posteriors(
        likelihood.data(observed, threads: threads), priors: settings.priors, threads: threads,
        progress: WorkProgress(isStopped: { interruption.isRaised }, update: progress))
    } catch {
      if case .interrupted = error { throw TaskError.interrupted }
      throw error
    }
  }
}

extension CutSkyPosteriorEstimator {
  public func cramerRaoBounds(at values: [Double], threads: Int) throws -> [Double] {
    let priors = settings.priors
    let quantiles = zip(priors, values).map { $0.quantile(of: $1) }
    let inverse = try CholeskyFactor(
      posterior.likelihood.fisherInformation(at: quantiles, threads: threads)
    ).inverse()
    // An error in q is one in θ times dq/dθ.
    return priors.indices.map {
      inverse[$0, $0].squareRoot() / priors[$0].density(at: values[$0])
    }
  }
}

extension TaskSettings {
  /// The exact posteriors of a task of a table; nil for a cut sky, or uneven noise, of more than
  /// `pixels` pixels of Q and U or twice as many of T, or of three parameters, and on the published
  /// sky, whose covariances have rank one: E and B of a mode are one number times known factors, so
  /// that the parameters follow exactly (`PublishedSky`); nil too where the noise of the analysis
  /// is correlated (`JointPosteriorEstimator.isExact`).
  ///
  /// - Parameters:
  ///   - threads: for the preparation.
  ///   - pixels: most pixels of a cut sky, of Q and U.
  ///   - floor: the floor of a cut sky, as a fraction of the rms; nil: `PixelFloor.standard`.
  /// - Returns: the estimator.
  /// - Throws: as the initialisers of the estimators.
  public func posteriorEstimator(
    threads: Int, most pixels: Int = mostPosteriorPixels, floor: Double? = nil
  ) throws -> (any PosteriorEstimator)? {
    guard !isPublishedSky else { return nil }
    guard hasFilters else {
      guard JointPosteriorEstimator.isExact(for: self) else { return nil }
      return try JointPosteriorEstimator(self, threads: threads)
    }
    guard likelihoodOrder <= 2 * pixels, parameterNames.count <= 2 else { return nil }
    return try CutSkyPosteriorEstimator(
      self, floor: floor ?? PixelFloor.standard, threads: threads)
  }
}
