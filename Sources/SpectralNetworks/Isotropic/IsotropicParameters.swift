import Kernels

/// The parameters of an isotropic network by name, or their gradients.
///
/// Order:      in the flat list those of the blocks come first, then the bands, then the readout.
///             The initial weights of a tensor are drawn with its place in this order.
package struct IsotropicParameters<T: LaneScalar> {
  /// All blocks but the last.
  package var blocks: [BlockParameters<T>]
  /// Weights of the last block, whose channels are the bands that are read out.
  package var bands: NamedTensor<T>
  /// The linear stage of the readout.
  package var readout: LinearParameters<T>

  /// The fields of a list.
  package init(_ tensors: TensorSequence<T>, blocks count: Int) {
    var tensors = tensors
    blocks = (1..<count).map { _ in BlockParameters(&tensors) }
    bands = tensors.next()
    readout = LinearParameters(&tensors)
  }

  /// The same as a list.
  package var tensors: [NamedTensor<T>] { blocks.flatMap(\.tensors) + [bands] + readout.tensors }
}
