import Baselines
import HarmonicTransforms
import Kernels
import SphereGrids

/// The estimates that need no network, from a map's own coefficients.
public struct SkyEstimate: Sendable, Equatable {
  /// The estimate of least mean |error|/θ: `Posterior.optimalEstimate`.
  public var optimal: Double
  /// The maximum of the likelihood within the prior.
  public var maximumLikelihood: Double
  /// Whether that is an end of the prior.
  public var isAtBoundary: Bool
  /// The posterior's standard deviation.
  public var standardDeviation: Double
}

/// The exact full-sky posterior of T1 maps.
///
/// Method:   coefficients by least squares, their realised spectrum, `LikelihoodGrid` with the noise
///           as that analysis passes it on.
/// Accuracy: the noise of the coefficients is slightly correlated; the likelihood takes its mean over m
///           and no correlation.
/// Cost:     1 ms per map.
/// Checked by: TrainingRunTests.
public final class FullSkyEstimator: Sendable {
  /// What the maps are.
  public let settings: TaskSettings
  private let analysis: LeastSquaresAnalysis<Double>
  private let grid: LikelihoodGrid

  /// Prepares the analysis and the likelihood.
  ///
  /// - Throws: `HealpixError`, `HarmonicTransformError.singularAnalysis`, `BaselineError`.
  public init(_ settings: TaskSettings) throws {
    self.settings = settings
    analysis = try LeastSquaresAnalysis(
      grid: try HealpixGrid(nside: settings.nside), lmax: TaskSettings.lmax)
    grid = try settings.likelihoodGrid(noiseVariance: analysis.noiseVariance)
  }

  /// The estimates of every map of a batch.
  ///
  /// - Parameters:
  ///   - maps: `[pixel][map]`.
  ///   - count: number of maps.
  ///   - threads: threads to use at most; the bits do not depend on it.
  /// - Returns: the estimates, one per map.
  /// - Throws: `HarmonicTransformError.notFinite`, `BaselineError`.
  public func estimates(_ maps: [Float], count: Int, threads: Int) throws -> [SkyEstimate] {
    let fields = FieldStack<Double>(
      grid: analysis.transform.grid, lanes: count, values: maps.map(Double.init))
    let spectra = try analysis.analysis(fields, threads: threads).spectra()
    return try spectra.map { realised in
      let posterior = try grid.posterior(realised: realised)
      let maximum = try grid.maximumLikelihood(realised: realised)
      return SkyEstimate(
        optimal: posterior.optimalEstimate, maximumLikelihood: maximum.estimate,
        isAtBoundary: maximum.isAtBoundary, standardDeviation: posterior.standardDeviation)
    }
  }
}
