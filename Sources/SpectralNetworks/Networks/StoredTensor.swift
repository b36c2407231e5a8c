import Kernels

/// A tensor of a network as files have it.
public struct StoredTensor: Sendable, Equatable {
  /// The elements, row-major.
  public enum Elements: Sendable, Equatable {
    case numbers([Float])
    /// Counters and tables.
    case integers([Int64])
  }

  /// The name in files.
  public var name: String
  /// The lengths of the axes.
  public var shape: [Int]
  /// Π shape of them.
  public var elements: Elements

  /// A tensor of these elements.
  public init(name: String, shape: [Int], _ elements: Elements) {
    self.name = name
    self.shape = shape
    self.elements = elements
  }

  /// A parameter or a buffer; `Double` is rounded.
  public init<T: LaneScalar>(_ tensor: NamedTensor<T>) {
    self.init(
      name: tensor.name, shape: tensor.shape,
      .numbers(tensor.values as? [Float] ?? tensor.values.map { Float(Double($0)) }))
  }
}

/// The tensors of a file that a network has not taken yet.
struct StoredState {
  private var byName: [String: StoredTensor] = [:]

  init(_ tensors: [StoredTensor]) {
    for tensor in tensors { byName[tensor.name] = tensor }
  }

  /// Whether there is a tensor of this name.
  func has(_ name: String) -> Bool { byName[name] != nil }

  /// Takes out the integers of a tensor; nil if there is none of this name.
  ///
  /// - Throws: `StateDictionaryError.unusable` for numbers that are no integers.
  mutating func takeIntegers(_ name: String) throws(StateDictionaryError) -> [Int]? {
    guard let tensor = byName.removeValue(forKey: name) else { return nil }
    switch tensor.elements {
    case .integers(let values): return values.map { Int($0) }
    case .numbers(let values):
      var integers: [Int] = []
      for (k, value) in values.enumerated() {
        guard let integer = Int(exactly: value) else {
          throw .unusable(tensor: name, element: k, found: Double(value), expected: "an integer")
        }
        integers.append(integer)
      }
      return integers
    }
  }

  /// Takes out the elements of a tensor of this name and shape.
  ///
  /// - Throws: `StateDictionaryError.missing`, `.shape`; `.unusable` for a number that no network
  ///   can use.
  mutating func take<T: LaneScalar>(
    _ expected: NamedTensor<T>
  ) throws(StateDictionaryError) -> [T] {
    guard let tensor = byName.removeValue(forKey: expected.name) else {
      throw .missing(tensor: expected.name)
    }
    guard tensor.shape == expected.shape else {
      throw .shape(tensor: expected.name, found: tensor.shape, expected: expected.shape)
    }
    var result = expected
    switch tensor.elements {
    case .numbers(let values): result.values = values as? [T] ?? values.map { T(Double($0)) }
    case .integers(let values):
      result.values = values.map { T(Double($0)) }
      for (k, value) in values.enumerated() where Int64(exactly: Double(result.values[k])) != value
      {
        throw .unusable(
          tensor: expected.name, element: k, found: Double(value),
          expected: "an integer that the network's precision holds")
      }
    }
    if let fault = result.firstUnusable {
      throw .unusable(
        tensor: expected.name, element: fault.index, found: fault.found, expected: fault.expected)
    }
    return result.values
  }

  /// Refuses tensors that no network took.
  ///
  /// - Throws: `StateDictionaryError.unexpected`.
  func requireNothingLeft() throws(StateDictionaryError) {
    if let other = byName.keys.sorted().first { throw .unexpected(tensor: other) }
  }
}
