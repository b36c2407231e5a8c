import Foundation
import HarmonicTransforms
import Kernels
import SphereGrids

/// What is made of the power of a channel before it is read out.
public enum PowerFunction: String, Sendable, Codable, CaseIterable {
  /// ln p. The noise of a band power is a constant share of it, so its logarithm has constant
  /// scatter.
  case logarithm
  /// √p, what the mean of a rectified field measures.
  case squareRoot
  /// p itself.
  case identity

  /// f(p) and f'(p); p > 0 for the logarithm and the square root.
  func evaluate(_ p: Double) -> (value: Double, derivative: Double) {
    switch self {
    case .logarithm: return (log(p), 1 / p)
    case .squareRoot:
      let root = p.squareRoot()
      return (root, 1 / (2 * root))
    case .identity: return (p, 1)
    }
  }
}
