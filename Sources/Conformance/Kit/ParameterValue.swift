/// One parameter of a case: what a backend needs beside tensors.
///
/// In JSON an integer, a number, a text or a list of integers. A number without fraction reads as
/// an integer.
public enum ParameterValue: Codable, Sendable, Equatable {
  /// A size, a degree, a flag.
  case integer(Int)
  /// An angle, a rate.
  case number(Double)
  /// A choice by name.
  case text(String)
  /// A list of sizes, orders or steps.
  case integers([Int])

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let value = try? container.decode(Int.self) {
      self = .integer(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode([Int].self) {
      self = .integers(value)
    } else {
      self = .text(try container.decode(String.self))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .integer(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .text(let value): try container.encode(value)
    case .integers(let values): try container.encode(values)
    }
  }
}

extension ParameterValue: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByStringLiteral, ExpressibleByArrayLiteral
{
  public init(integerLiteral value: Int) { self = .integer(value) }
  public init(floatLiteral value: Double) { self = .number(value) }
  public init(stringLiteral value: String) { self = .text(value) }
  public init(arrayLiteral elements: Int...) { self = .integers(elements) }
}
