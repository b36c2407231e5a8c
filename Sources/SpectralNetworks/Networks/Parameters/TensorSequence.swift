import Kernels

/// Hands out the tensors of a list one after the other: how the flat list of a network, which the
/// optimiser and files know, becomes the fields that formulas name.
///
/// Memory:     the fields share the elements of the list. Once the list is gone they are the only
///             owners, and change in place.
package struct TensorSequence<T: LaneScalar> {
  private var rest: ArraySlice<NamedTensor<T>>

  /// The tensors of a network, in its order.
  package init(_ tensors: [NamedTensor<T>]) { rest = tensors[...] }

  /// Takes the tensors out of a list and leaves it empty.
  package init(taking tensors: inout [NamedTensor<T>]) {
    rest = tensors[...]
    tensors = []
  }

  /// The next tensor; there must be one.
  package mutating func next() -> NamedTensor<T> { rest.removeFirst() }
}
