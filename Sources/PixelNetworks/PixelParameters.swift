import Kernels
import SpectralNetworks

/// The parameters of a network of pixels by name, or their gradients.
///
/// Order:      in the flat list those of the blocks come first, then the dense layers. The initial
///             weights of a tensor are drawn with its place in this order.
package struct PixelParameters<T: LaneScalar>: Sendable {
  /// Weights and bias of every convolution.
  package var blocks: [LinearParameters<T>]
  /// The dense layer to the hidden width, `fc.0`.
  package var hidden: LinearParameters<T>
  /// The dense layer to the outputs, `fc.3`.
  package var output: LinearParameters<T>

  /// The fields of a list.
  package init(_ tensors: TensorSequence<T>, blocks count: Int) {
    var tensors = tensors
    blocks = (0..<count).map { _ in LinearParameters(&tensors) }
    hidden = LinearParameters(&tensors)
    output = LinearParameters(&tensors)
  }
}
