import Kernels

/// The parameters of a block that ends in batch normalisation, or their gradients.
package struct BlockParameters<T: LaneScalar> {
  /// Of the mixing of channels, `blocks.k.weights`.
  package var weights: NamedTensor<T>
  /// γ and β of batch normalisation, `batchnorms.k.weight` and `.bias`.
  package var gamma: NamedTensor<T>
  package var beta: NamedTensor<T>

  /// The next three tensors.
  package init(_ tensors: inout TensorSequence<T>) {
    weights = tensors.next()
    gamma = tensors.next()
    beta = tensors.next()
  }

  /// The same as a list.
  package var tensors: [NamedTensor<T>] { [weights, gamma, beta] }

  /// Adds gradients of γ and β, one per channel.
  package mutating func add(gamma: [Double], beta: [Double]) {
    for channel in gamma.indices {
      self.gamma.values[channel] += T(gamma[channel])
      self.beta.values[channel] += T(beta[channel])
    }
  }
}
