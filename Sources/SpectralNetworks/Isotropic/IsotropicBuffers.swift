import Kernels

/// What belongs to the state of an isotropic network and is not trained.
package struct IsotropicBuffers<T: LaneScalar> {
  /// Of all blocks but the last.
  package var statistics: [RunningStatistics<T>]
  /// z_0 of the whitening, `readout.mean`.
  package var mean: NamedTensor<T>
  /// R of the whitening, `readout.rotation`, `[component][band]`.
  package var rotation: NamedTensor<T>

  /// The fields of a list.
  package init(_ tensors: TensorSequence<T>, blocks count: Int) {
    var tensors = tensors
    statistics = (1..<count).map { _ in RunningStatistics(&tensors, countsBatches: false) }
    mean = tensors.next()
    rotation = tensors.next()
  }

  /// The same as a list.
  package var tensors: [NamedTensor<T>] { statistics.flatMap(\.tensors) + [mean, rotation] }
}
