import Kernels
import LinearAlgebra
import SpectralNetworks

/// How a density readout is fitted.
public struct DensityFitOptions: Codable, Sendable, Equatable {
  /// Most iterations of the minimiser.
  public var iterations: Int
  /// Mean ln p that ten iterations must gain for the search to go on.
  public var tolerance: Double
  /// λ ≥ 0 of the penalty λ/2 Σ w² on the weights of scaled features.
  public var ridge: Double

  public init(iterations: Int = 200, tolerance: Double = 1e-5, ridge: Double = 0) {
    self.iterations = iterations
    self.tolerance = tolerance
    self.ridge = ridge
  }
}
