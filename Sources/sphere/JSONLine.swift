import Foundation

/// A JSON object on one line, keys in the order in which they were added.
struct JSONLine {
  private var entries: [String] = []

  /// The object.
  var text: String { "{\(entries.joined(separator: ","))}" }

  mutating func add(_ key: String, _ value: String) {
    entries.append("\(Self.quoted(key)):\(Self.quoted(value))")
  }

  /// A value that is JSON already.
  mutating func addLiteral(_ key: String, _ json: String) {
    entries.append("\(Self.quoted(key)):\(json)")
  }

  mutating func add(_ key: String, _ value: Int) {
    entries.append("\(Self.quoted(key)):\(value)")
  }

  /// A number, or null if there is none or it is not finite, for which JSON has no word.
  mutating func add(_ key: String, _ value: Double?) {
    entries.append("\(Self.quoted(key)):\(Self.number(value))")
  }

  mutating func add(_ key: String, _ values: [String]) {
    let list = values.map(Self.quoted).joined(separator: ",")
    entries.append("\(Self.quoted(key)):[\(list)]")
  }

  /// One number per parameter.
  mutating func add(_ key: String, _ values: [(String, Double?)]) {
    let list = values.map { "\(Self.quoted($0.0)):\(Self.number($0.1))" }.joined(separator: ",")
    entries.append("\(Self.quoted(key)):{\(list)}")
  }

  static func number(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "null" }
    return value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
  }

  static func quoted(_ text: String) -> String {
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

/// A prediction or an error bar: the shortest text that reads back to the same float32.
func numberText(_ value: Double) -> String { "\(Float(value))" }
