/// The numbers of one Adam step that are the same for every element.
package struct AdamStep<T: LaneScalar>: Sendable {
  /// 1 − β₁.
  package var firstRate: T
  /// β₂.
  package var secondDecay: T
  /// 1 − β₂.
  package var secondRate: T
  /// η / (1 − β₁ᵗ).
  package var stepSize: T
  /// 1 / √(1 − β₂ᵗ).
  package var rootCorrection: T
  /// ε.
  package var epsilon: T

  /// Rounds the coefficients of step `number`, t = 1, 2, …, once from `Double`.
  package init(
    number: Int, learningRate: Double, beta1: Double, beta2: Double, epsilon: Double
  ) {
    precondition(number > 0, "Adam counts its steps from 1, this is step \(number)")
    firstRate = T(1 - beta1)
    secondDecay = T(beta2)
    secondRate = T(1 - beta2)
    stepSize = T(learningRate / (1 - power(beta1, number)))
    rootCorrection = T(1 / (1 - power(beta2, number)).squareRoot())
    self.epsilon = T(epsilon)
  }
}

/// baseⁿ by repeated squaring, n ≥ 0.
func power(_ base: Double, _ exponent: Int) -> Double {
  var (result, square, remaining) = (1.0, base, exponent)
  while remaining > 0 {
    if remaining & 1 == 1 { result *= square }
    square *= square
    remaining >>= 1
  }
  return result
}
