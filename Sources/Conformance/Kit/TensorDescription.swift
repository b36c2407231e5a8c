import FileFormats

/// A tensor of a case as the manifest announces it.
public struct TensorDescription: Codable, Sendable, Equatable {
  /// The name, without `input.` or `expected.`.
  public var name: String
  /// `F64` or `I64`.
  public var dtype: String
  /// The lengths of the axes, slowest first.
  public var shape: [Int]
}

extension TensorDescription {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    name = try container.decode(String.self, forKey: .name)
    dtype = try container.decode(String.self, forKey: .dtype)
    shape = try container.whole([Int].self, .shape, "a list of integers")
  }
}
