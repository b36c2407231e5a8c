import Foundation

/// A JSON object on one line, keys in the order in which they were added.
public struct JSONLine: Sendable {
  private var entries: [String] = []

  /// An object without entries.
  public init() {}

  /// The object.
  public var text: String { "{\(entries.joined(separator: ","))}" }

  /// Adds a text.
  public mutating func add(_ key: String, _ value: String) {
    entries.append("\(Self.quoted(key)):\(Self.quoted(value))")
  }

  /// Adds a value that is JSON already.
  public mutating func addLiteral(_ key: String, _ json: String) {
    entries.append("\(Self.quoted(key)):\(json)")
  }

  /// Adds a whole number.
  public mutating func add(_ key: String, _ value: Int) {
    entries.append("\(Self.quoted(key)):\(value)")
  }

  /// Adds a number, or null if there is none or it is not finite, which JSON cannot express.
  public mutating func add(_ key: String, _ value: Double?) {
    entries.append("\(Self.quoted(key)):\(Self.number(value))")
  }

  /// Adds a list of texts.
  public mutating func add(_ key: String, _ values: [String]) {
    let list = values.map(Self.quoted).joined(separator: ",")
    entries.append("\(Self.quoted(key)):[\(list)]")
  }

  /// Adds an object of numbers, one per parameter.
  public mutating func add(_ key: String, _ values: [(String, Double?)]) {
    let list = values.map { "\(Self.quoted($0.0)):\(Self.number($0.1))" }.joined(separator: ",")
    entries.append("\(Self.quoted(key)):{\(list)}")
  }

  /// Adds an object of lists of numbers, one per parameter; null where there is no list.
  public mutating func add(_ key: String, _ values: [(String, [Double]?)]) {
    let list = values.map { name, numbers in
      let text = numbers.map { "[\($0.map { Self.number($0) }.joined(separator: ","))]" }
      return "\(Self.quoted(name)):\(text ?? "null")"
    }
    entries.append("\(Self.quoted(key)):{\(list.joined(separator: ","))}")
  }

  /// A number as JSON, null if there is none or it is not finite.
  public static func number(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "null" }
    return value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
  }

  /// A text as JSON.
  public static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\u{0}"..<" ": result += String(format: "\\u%04x", scalar.value)
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
