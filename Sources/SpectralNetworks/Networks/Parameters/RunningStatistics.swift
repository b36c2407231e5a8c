import Kernels

/// The running statistics of a batch normalisation.
package struct RunningStatistics<T: LaneScalar> {
  /// `batchnorms.k.running_mean` and `.running_var`.
  package var mean: NamedTensor<T>
  package var variance: NamedTensor<T>
  /// `batchnorms.k.num_batches_tracked`, which serves nothing; nil where it is not kept.
  package var batches: NamedTensor<T>?

  /// The next two tensors, or three with a counter of batches.
  package init(_ tensors: inout TensorSequence<T>, countsBatches: Bool) {
    mean = tensors.next()
    variance = tensors.next()
    batches = countsBatches ? tensors.next() : nil
  }

  /// The same as a list.
  package var tensors: [NamedTensor<T>] { [mean, variance] + (batches.map { [$0] } ?? []) }

  /// Mean and variance in `Double`.
  package var statistics: BatchNormalisation.Statistics {
    BatchNormalisation.Statistics(mean: mean.values.doubles(), variance: variance.values.doubles())
  }

  /// Takes the statistics after one more batch.
  package mutating func take(_ updated: BatchNormalisation.Statistics) {
    mean.values = updated.mean.rounded()
    variance.values = updated.variance.rounded()
    batches?.values[0] += 1
  }
}
