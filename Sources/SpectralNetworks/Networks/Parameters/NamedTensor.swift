import Kernels

/// A named array with a shape: a parameter, a buffer, a gradient or an optimiser's moment.
///
/// Layout: row-major, the last axis fastest; a scalar has the shape [] and one value.
public struct NamedTensor<T: LaneScalar>: Sendable, Equatable {
  /// The name in files and messages, unique within a network.
  public var name: String
  /// The lengths of the axes.
  public var shape: [Int]
  /// The elements, Π shape of them.
  public var values: [T]

  /// A tensor of the given values; as many as the shape has elements.
  public init(name: String, shape: [Int], values: [T]) {
    precondition(
      values.count == shape.reduce(1, *),
      "tensor \(name) of shape \(shape) was given \(values.count) values")
    self.name = name
    self.shape = shape
    self.values = values
  }

  /// A tensor whose elements all have one value.
  public init(name: String, shape: [Int], repeating value: T = 0) {
    self.init(
      name: name, shape: shape, values: [T](repeating: value, count: shape.reduce(1, *)))
  }

  /// Number of elements.
  public var count: Int { values.count }

  /// A tensor of the same name and shape that vanishes.
  public var zeros: NamedTensor { NamedTensor(name: name, shape: shape, values: .zeros(count)) }
}
