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

/// An estimator that needs no network.
public protocol SkyEstimator: Sendable {
  /// The estimates of every parameter of every map of a batch, `[map][parameter]`.
  ///
  /// - Parameters:
  ///   - maps: `[pixel][map * channels + channel]`.
  ///   - count: number of maps.
  ///   - channels: channels per map, of which the estimator reads the first ones; nil: the task's fields.
  ///   - threads: threads to use at most; the bits do not depend on it.
  /// - Returns: one list of estimates per map, in the order of the task's parameters.
  /// - Throws: `HarmonicTransformError.notFinite`, `BaselineError`.
  func estimates(
    _ maps: [Float], count: Int, channels: Int?, threads: Int
  ) throws -> [[SkyEstimate]]
}

/// The exact full-sky posterior of T1 maps.
///
/// Method:   coefficients by least squares, their realised spectrum, `LikelihoodGrid` with the noise
///           as that analysis passes it on.
/// Accuracy: the noise of the coefficients is slightly correlated; the likelihood takes its mean over m
///           and no correlation.
/// Cost:     1 ms per map.
/// Checked by: TrainingRunTests.
public final class FullSkyEstimator: SkyEstimator {
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

  public func estimates(
    _ maps: [Float], count: Int, channels: Int?, threads: Int
  ) throws -> [[SkyEstimate]] {
    precondition(channels ?? 1 == 1, "\(channels ?? 1) channels of temperature maps")
    let fields = FieldStack<Double>(
      grid: analysis.transform.grid, lanes: count, values: maps.map(Double.init))
    let spectra = try analysis.analysis(fields, threads: threads).spectra()
    return try spectra.map { realised in
      let posterior = try grid.posterior(realised: realised)
      let maximum = try grid.maximumLikelihood(realised: realised)
      return [
        SkyEstimate(
          optimal: posterior.optimalEstimate, maximumLikelihood: maximum.estimate,
          isAtBoundary: maximum.isAtBoundary, standardDeviation: posterior.standardDeviation)
      ]
    }
  }
}

extension TaskSettings {
  /// The optimal estimator of this row; nil where none is known to this program.
  ///
  /// - Throws: as `FullSkyEstimator.init`.
  public func estimator() throws -> (any SkyEstimator)? {
    task == .t1 ? try FullSkyEstimator(self) : nil
  }
}
