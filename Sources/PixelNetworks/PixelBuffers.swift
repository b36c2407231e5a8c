import Kernels
import SpectralNetworks

/// What belongs to the state of a network of pixels and is not trained: how maps and parameters
/// are brought to order one.
package struct PixelBuffers<T: LaneScalar>: Sendable {
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
