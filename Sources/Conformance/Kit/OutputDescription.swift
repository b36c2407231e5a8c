import FileFormats

/// An output of a case, and how a backend's is judged.
public struct OutputDescription: Codable, Sendable, Equatable {
  /// The name, without `expected.`.
  public var name: String
  /// `F64`, for which a backend may write F32 too, or `I64`.
  public var dtype: String
  /// The lengths of the axes, slowest first.
  public var shape: [Int]
  /// How the error is measured.
  public var measure: Measure
  /// With `relative_l2`, the norm that the expected values count as at least; nil: their own.
  public var scale: Double?
  /// The largest error that passes, by the type that the backend wrote.
  public var tolerance: [String: Double]
  /// Where the tolerance comes from.
  public var reason: String
}

extension OutputDescription {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    name = try container.decode(String.self, forKey: .name)
    dtype = try container.decode(String.self, forKey: .dtype)
    shape = try container.whole([Int].self, .shape, "a list of integers")
    measure = try container.decode(Measure.self, forKey: .measure)
    scale = try container.decodeIfPresent(Double.self, forKey: .scale)
    tolerance = try container.decode([String: Double].self, forKey: .tolerance)
    reason = try container.decode(String.self, forKey: .reason)
  }
}
