/// A reader of the JSON that a safetensors header may contain: objects, strings, and arrays of
/// non-negative integers. Nothing nests deeper than the format, so it cannot recurse without end.
///
/// A general JSON parser would hide duplicate keys and round integers beyond 2^53.
struct HeaderReader {
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private func fault(_ expected: String) -> SafetensorsFault {
    let found = next.map { byte in
      byte >= 0x20 && byte < 0x7f ? "'\(Character(UnicodeScalar(byte)))'" : "byte \(byte)"
    }
    return .malformedHeader(
      position: position, found: found ?? "the end of the header", expected: expected)
  }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d {
      position += 1
    }
  }

  private mutating func accept(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard next == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func require(_ character: Unicode.Scalar) throws(SafetensorsFault) {
    guard accept(character) else { throw fault("'\(character)'") }
  }

  /// Reads `{ "key": value, ... }`; `value` consumes what follows each colon.
  mutating func object(
    value: (_ key: String, _ reader: inout HeaderReader) throws(SafetensorsFault) -> Void
  ) throws(SafetensorsFault) {
    try require("{")
    if accept("}") { return }
    repeat {
      let key = try string()
      try require(":")
      try value(key, &self)
    } while accept(",")
    try require("}")
  }

  /// Reads an array of non-negative integers that fit an `Int`.
  mutating func integers() throws(SafetensorsFault) -> [Int] {
    var values: [Int] = []
    try require("[")
    if accept("]") { return values }
    repeat {
      skipSpace()
      var digits = ""
      while let byte = next, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") {
        digits.unicodeScalars.append(UnicodeScalar(byte))
        position += 1
      }
      guard let value = Int(digits), digits == "0" || !digits.hasPrefix("0") else {
        throw fault("a non-negative integer below 2^63")
      }
      values.append(value)
    } while accept(",")
    try require("]")
    return values
  }

  /// Reads a string with JSON's escapes.
  mutating func string() throws(SafetensorsFault) -> String {
    try require("\"")
    var utf8: [UInt8] = []
    while true {
      guard let byte = next, byte >= 0x20 else { throw fault("the rest of a string") }
      position += 1
      if byte == UInt8(ascii: "\"") { break }
      if byte == UInt8(ascii: "\\") {
        utf8 += Array(String(try escapedScalar()).utf8)
      } else {
        utf8.append(byte)
      }
    }
    guard let text = String(validating: utf8, as: UTF8.self) else { throw fault("valid UTF-8") }
    return text
  }

  private mutating func escapedScalar() throws(SafetensorsFault) -> Unicode.Scalar {
    guard let byte = next else { throw fault("an escaped character") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): break
    default: throw fault("one of JSON's escapes")
    }
    var unit = try hexadecimalUnit()
    if unit & 0xfc00 == 0xd800 {
      guard position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
        bytes[position + 1] == UInt8(ascii: "u")
      else { throw fault("the second half of a surrogate pair") }
      position += 2
      let low = try hexadecimalUnit()
      guard low & 0xfc00 == 0xdc00 else { throw fault("the second half of a surrogate pair") }
      unit = 0x10000 + (unit & 0x3ff) << 10 + low & 0x3ff
    }
    guard let scalar = Unicode.Scalar(unit) else { throw fault("a Unicode scalar value") }
    return scalar
  }

  private mutating func hexadecimalUnit() throws(SafetensorsFault) -> UInt32 {
    var unit: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = next, let digit = Character(UnicodeScalar(byte)).hexDigitValue else {
        throw fault("four hexadecimal digits")
      }
      unit = unit << 4 | UInt32(digit)
      position += 1
    }
    return unit
  }

  /// Requires that only white space is left.
  mutating func end() throws(SafetensorsFault) {
    skipSpace()
    if next != nil { throw fault("nothing after the header's last '}'") }
  }
}
