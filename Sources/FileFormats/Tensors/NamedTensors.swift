/// Tensors by name, in the order in which they were added.
public struct NamedTensors: Sendable, Equatable {
  /// The names in order.
  public private(set) var names: [String] = []
  private var table: [String: TensorData] = [:]

  public init() {}

  /// Number of tensors.
  public var count: Int { names.count }

  /// The tensor of this name, or nil. Assigning adds it at the end or replaces it where it is;
  /// assigning nil removes it.
  public subscript(name: String) -> TensorData? {
    get { table[name] }
    set {
      if newValue == nil {
        names.removeAll { $0 == name }
      } else if table[name] == nil {
        names.append(name)
      }
      table[name] = newValue
    }
  }

  /// The tensor of this name.
  ///
  /// - Throws: `TensorError.missing`, which lists the names that there are.
  public func tensor(_ name: String) throws(TensorError) -> TensorData {
    guard let tensor = table[name] else {
      throw TensorError.missing(name: name, available: names)
    }
    return tensor
  }
}

extension NamedTensors: Sequence {
  /// The (name, tensor) pairs in order.
  public func makeIterator() -> AnyIterator<(name: String, tensor: TensorData)> {
    var index = 0
    return AnyIterator {
      while index < names.count {
        defer { index += 1 }
        if let tensor = table[names[index]] { return (names[index], tensor) }
      }
      return nil
    }
  }
}

extension NamedTensors: ExpressibleByDictionaryLiteral {
  /// Tensors in the order of the literal; a repeated name keeps the last value.
  public init(dictionaryLiteral elements: (String, TensorData)...) {
    for (name, tensor) in elements { self[name] = tensor }
  }
}
