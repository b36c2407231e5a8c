import Kernels
import LinearAlgebra
import SpectralNetworks
import Training

/// How the dense layers of a network are fitted.
public struct DenseFitOptions: Codable, Sendable, Equatable {
  /// Most iterations of the minimiser.
  public var iterations: Int
  /// Part of the first loss that ten iterations must gain for the search to go on.
  public var tolerance: Double
  /// What is minimised.
  public var loss: Loss

  /// The defaults, or other values.
  public init(
    iterations: Int = 600, tolerance: Double = 1e-4, loss: Loss = .relativeHuber(delta: 0.005)
  ) {
    self.iterations = iterations
    self.tolerance = tolerance
    self.loss = loss
  }

  /// Throws `ClosedFormError.invalidOption` for the first value that cannot be.
  func validate() throws(ClosedFormError) {
    guard iterations >= 0 else {
      throw .invalidOption(key: "iterations", found: "\(iterations)", expected: "0 or more")
    }
    guard tolerance >= 0, tolerance.isFinite else {
      throw .invalidOption(
        key: "tolerance", found: "\(tolerance)", expected: "a finite number, 0 or more")
    }
    switch loss {
    case .negativeLogDensity:
      throw .invalidOption(
        key: "loss", found: "a density", expected: "a loss of outputs and targets")
    case .relativeHuber(let delta) where !(delta > 0 && delta.isFinite):
      throw .invalidOption(
        key: "delta of the loss", found: "\(delta)", expected: "a finite number above 0")
    default: break
    }
  }
}
