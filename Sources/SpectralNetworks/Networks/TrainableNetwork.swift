import Kernels

/// What the training loop needs to know of a network.
///
/// Layout: a batch of `count` maps with C channels is `[point][map * C + channel]`; outputs are
/// `[map][output]`.
/// Threads: the number of threads never changes a bit of any result.
public protocol TrainableNetwork: Sendable {
  /// The precision of the parameters.
  associatedtype Scalar: LaneScalar

  /// The trained parameters, in a fixed order with fixed names and shapes.
  ///
  /// Back this by a stored property: the optimiser changes millions of elements in place, and a
  /// computed property would copy them at every step.
  var parameters: [NamedTensor<Scalar>] { get set }

  /// What is not trained but belongs to the state: running means and variances, counters, the
  /// standardisation of the input.
  var buffers: [NamedTensor<Scalar>] { get set }

  /// Number of outputs per map.
  var outputCount: Int { get }

  /// Inference: the outputs of `count` maps, `count * outputCount` values, `[map][output]`.
  func predict(_ maps: [Scalar], count: Int, threads: Int) -> [Scalar]

  /// Forward in training mode and backward for one batch; returns the loss.
  ///
  /// Adds ∂loss/∂parameter to `gradients` and updates the buffers.
  ///
  /// - Parameters:
  ///   - maps: the batch, in lane layout.
  ///   - count: number of maps in the batch.
  ///   - step: number of the optimiser step, the key of whatever is random in training (dropout),
  ///     so that a repeated step draws the same.
  ///   - threads: threads to use at most.
  ///   - gradients: the accumulators, in the order and shapes of `parameters`.
  ///   - loss: receives the outputs `[map][output]`, of a density readout its natural parameters
  ///     `[map][output, j]`, and returns the loss and ∂loss/∂outputs.
  /// - Returns: the loss.
  mutating func accumulateGradients(
    _ maps: [Scalar], count: Int, step: Int, threads: Int,
    into gradients: inout [NamedTensor<Scalar>],
    loss: (_ outputs: [Scalar]) -> (value: Double, gradient: [Scalar])
  ) -> Double
}
