import Foundation

extension PowerFunction {
  /// f(p), with the square root as a power.
  package func valueByDefinition(_ p: Double) -> Double {
    switch self {
    case .logarithm: log(p)
    case .squareRoot: pow(p, 0.5)
    case .identity: p
    }
  }

  /// df/dp: 1/p, ½ p^{−1/2} or 1.
  package func derivativeByDefinition(_ p: Double) -> Double {
    switch self {
    case .logarithm: 1 / p
    case .squareRoot: 0.5 * pow(p, -0.5)
    case .identity: 1
    }
  }
}
