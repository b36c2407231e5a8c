import Kernels

/// Weights and bias of a fully connected layer, of a convolution or of a readout, or their
/// gradients.
package struct LinearParameters<T: LaneScalar>: Sendable {
  /// `name.weight`.
  package var weight: NamedTensor<T>
  /// `name.bias`.
  package var bias: NamedTensor<T>

  /// The next two tensors.
  package init(_ tensors: inout TensorSequence<T>) {
    weight = tensors.next()
    bias = tensors.next()
  }

  /// The same as a list.
  package var tensors: [NamedTensor<T>] { [weight, bias] }
}
