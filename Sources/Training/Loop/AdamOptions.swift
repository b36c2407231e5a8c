import Kernels
import SpectralNetworks

/// The constants of the Adam optimiser; the learning rate comes from the schedule.
public struct AdamOptions: Codable, Sendable, Equatable {
  /// β₁, the decay of the mean gradient per step, 0 ≤ β₁ < 1.
  public var beta1: Double
  /// β₂, the decay of the mean squared gradient per step, 0 ≤ β₂ < 1.
  public var beta2: Double
  /// ε, added outside the square root, ≥ 0.
  public var epsilon: Double

  /// The values recommended in [Kingma2015, algorithm 1], which are also PyTorch's defaults.
  public init(beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8) {
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
  }
}
