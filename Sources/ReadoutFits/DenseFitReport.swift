import Kernels
import LinearAlgebra
import SpectralNetworks

/// How the fit of dense layers went.
public struct DenseFitReport: Codable, Sendable, Equatable {
  /// Number of maps.
  public var maps: Int
  /// Number of weights and biases.
  public var unknowns: Int
  /// Iterations of the minimiser.
  public var iterations: Int
  /// Evaluations of the loss and its gradient.
  public var evaluations: Int
  /// Whether the search ended before its last iteration.
  public var hasConverged: Bool
  /// The loss with the weights that the fit started from, and with those it found.
  public var firstLoss: Double
  public var lastLoss: Double
}
