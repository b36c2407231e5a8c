/// The name and shape of a tensor that a network has.
public struct TensorShape: Sendable, Equatable {
  public var name: String
  public var shape: [Int]

  /// One tensor.
  public init(_ name: String, _ shape: [Int]) {
    self.name = name
    self.shape = shape
  }
}

extension TensorShape {
  /// Compares the tensors of a file with those that a network has.
  ///
  /// - Parameters:
  ///   - found: shapes by name.
  ///   - expected: the network's.
  ///   - optional: names that need not be there; those that `expected` does not list may have any
  ///     shape.
  /// - Throws: `StateDictionaryError.missing`, `.shape` or `.unexpected`.
  public static func require(
    _ found: [String: [Int]], are expected: [TensorShape], optional: Set<String> = []
  ) throws(StateDictionaryError) {
    var known = optional
    for tensor in expected {
      known.insert(tensor.name)
      guard let shape = found[tensor.name] else {
        if optional.contains(tensor.name) { continue }
        throw .missing(tensor: tensor.name)
      }
      guard shape == tensor.shape else {
        throw .shape(tensor: tensor.name, found: shape, expected: tensor.shape)
      }
    }
    if let other = found.keys.sorted().first(where: { !known.contains($0) }) {
      throw .unexpected(tensor: other)
    }
  }
}
