import Kernels
import LinearAlgebra
import SpectralNetworks

/// How the fit of a density readout went.
public struct DensityFitReport: Codable, Sendable, Equatable {
  /// Number of maps.
  public var maps: Int
  /// Number of coefficients of all parameters.
  public var unknowns: Int
  /// Iterations of the minimiser.
  public var iterations: Int
  /// Evaluations of the likelihood and its gradient.
  public var evaluations: Int
  /// Whether the search ended before its last iteration.
  public var hasConverged: Bool
  /// Mean of ln p(θ | map) over maps and parameters, relative to the prior, natural logarithm: the
  /// information in nats that the readout finds in a map.
  public var meanLogDensity: Double
  /// |gradient| at the end, in scaled features.
  public var gradientNorm: Double
}
