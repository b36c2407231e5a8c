import Kernels
import SpectralNetworks

/// The Adam optimiser and its state [Kingma2015, algorithm 1], as PyTorch computes it.
///
/// Definition:  at step t = 1, 2, … with gradient g and learning rate η
///
///     m ← β₁ m + (1 − β₁) g
///     v ← β₂ v + (1 − β₂) g²
///     p ← p − η/(1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + ε)
///
/// Both moments are corrected for their start at zero, and ε is outside the square root of the
/// corrected second moment. Other libraries differ in either.
/// Method:      `adamUpdate` in `Kernels`, one pass over memory per tensor.
/// Checked by:  OptimiserFixtureTests (PyTorch), AdamDefinitionTests.
public struct Adam<T: LaneScalar>: Sendable, Equatable {
  /// β₁, β₂ and ε.
  public let options: AdamOptions
  /// t, the number of updates so far.
  public internal(set) var stepCount = 0
  /// m, in the order and shapes of the parameters.
  public internal(set) var firstMoments: [NamedTensor<T>]
  /// v, in the order and shapes of the parameters.
  public internal(set) var secondMoments: [NamedTensor<T>]

  /// The state before the first step: both moments zero.
  public init(options: AdamOptions = AdamOptions(), parameters: [NamedTensor<T>]) {
    precondition(
      (0..<1).contains(options.beta1) && (0..<1).contains(options.beta2) && options.epsilon >= 0,
      "Adam needs 0 <= beta < 1 and epsilon >= 0, found \(options)")
    self.options = options
    firstMoments = parameters.map(\.zeros)
    secondMoments = parameters.map(\.zeros)
  }

  /// One step on all parameters, in place; clears the gradients.
  ///
  /// - Parameters:
  ///   - parameters: p, in the order and shapes given to `init`.
  ///   - gradients: g, zero afterwards, ready for the next batch.
  ///   - learningRate: η.
  ///   - threads: threads to use at most; the bits do not depend on it.
  /// - Returns: whether all second moments are finite. They are not as soon as one gradient is not
  ///   finite or its square overflows; the parameters are then worthless.
  public mutating func update(
    _ parameters: inout [NamedTensor<T>], gradients: inout [NamedTensor<T>],
    learningRate: Double, threads: Int
  ) -> Bool {
    precondition(
      parameters.count == firstMoments.count && gradients.count == firstMoments.count,
      "Adam has the state of \(firstMoments.count) tensors, was given \(parameters.count) "
        + "parameters and \(gradients.count) gradients")
    stepCount += 1
    let step = AdamStep<T>(
      number: stepCount, learningRate: learningRate, beta1: options.beta1, beta2: options.beta2,
      epsilon: options.epsilon)
    var isFinite = true
    for k in parameters.indices {
      let tensorIsFinite = adamUpdate(
        parameters: &parameters[k].values, gradients: &gradients[k].values,
        firstMoments: &firstMoments[k].values, secondMoments: &secondMoments[k].values,
        step: step, threads: threads)
      isFinite = isFinite && tensorIsFinite
    }
    return isFinite
  }
}
