import Baselines
import HarmonicTransforms
import Kernels
import LinearAlgebra
import SkyModels
import SphereGrids

/// The estimates of one parameter that need no network.
public struct SkyEstimate: Sendable, Equatable {
  /// The estimate of least mean |error|/θ: `Posterior.optimalEstimate`.
  public var optimal: Double
  /// The maximum of the likelihood within the prior.
  public var maximumLikelihood: Double
  /// Whether that is an end of the prior.
  public var isAtBoundary: Bool

  /// An estimate of one parameter.
  public init(optimal: Double, maximumLikelihood: Double, isAtBoundary: Bool) {
    self.optimal = optimal
    self.maximumLikelihood = maximumLikelihood
    self.isAtBoundary = isAtBoundary
  }

  init(_ estimates: ParameterEstimates, parameter: Int) {
    optimal = estimates.optimal[parameter]
    maximumLikelihood = estimates.maximumLikelihood[parameter]
    isAtBoundary = estimates.isAtBoundary[parameter]
  }
}
