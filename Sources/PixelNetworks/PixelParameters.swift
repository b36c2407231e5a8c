import Kernels
import SpectralNetworks

/// The parameters of a network of pixels by name, or their gradients.
///
/// Order:      in the flat list those of the blocks come first, then the dense layers. The initial
///             weights of a tensor are drawn with its place in this order.
package struct PixelParameters<T: LaneScalar> {
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

/// What belongs to the state of a network of pixels and is not trained: how maps and parameters
/// are brought to order one.
package struct PixelBuffers<T: LaneScalar> {
  /// The factor of every channel, `input.scale`.
  package var inputScale: NamedTensor<T>
  /// What is added to every output, `output.offset`, and its factor before that, `output.scale`.
  package var outputOffset: NamedTensor<T>
  package var outputScale: NamedTensor<T>

  /// The fields of a list.
  package init(_ tensors: TensorSequence<T>) {
    var tensors = tensors
    inputScale = tensors.next()
    outputOffset = tensors.next()
    outputScale = tensors.next()
  }

  /// The same as a list.
  package var tensors: [NamedTensor<T>] { [inputScale, outputOffset, outputScale] }
}
