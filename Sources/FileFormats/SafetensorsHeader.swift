/// The parsed and checked header of a safetensors file.
struct SafetensorsHeader {
  static let metadataKey = "__metadata__"
  /// The reference implementation refuses longer headers.
  static let largestHeader = 100_000_000

  private(set) var metadata: [String: String] = [:]
  /// The tensors in the order of their bytes.
  private(set) var entries: [Entry] = []

  /// One tensor as the header declares it; offsets count from the end of the header.
  struct Entry {
    var name: String
    var dtype: TensorData.DType
    var shape: [Int]
    var begin: Int
    var end: Int
  }

  /// Where the header ends and the data begin, from the first 8 bytes of a file of `fileCount` bytes.
  static func dataStart(
    _ prefix: some Collection<UInt8>, fileCount: Int
  ) throws(SafetensorsFault) -> Int {
    guard fileCount >= 8, prefix.count >= 8 else {
      throw SafetensorsFault.truncated(found: fileCount, expected: 8)
    }
    let length = prefix.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= largestHeader else {
      throw SafetensorsFault.headerTooLong(found: length, limit: largestHeader)
    }
    let dataStart = 8 + Int(length)
    guard dataStart <= fileCount else {
      throw SafetensorsFault.truncated(found: fileCount, expected: dataStart)
    }
    return dataStart
  }

  /// Parses the JSON of a header that so many bytes of data follow.
  init(json: [UInt8], dataCount: Int) throws(SafetensorsFault) {
    var reader = HeaderReader(json)
    entries = try readEntries(&reader)
    entries.sort { ($0.begin, $0.end) < ($1.begin, $1.end) }
    try SafetensorsHeader.requireContiguous(entries, dataCount: dataCount)
  }

  private mutating func readEntries(
    _ reader: inout HeaderReader
  ) throws(SafetensorsFault) -> [Entry] {
    var entries: [Entry] = []
    var seen: Set<String> = []
    try reader.object { (name, reader) throws(SafetensorsFault) in
      guard seen.insert(name).inserted else { throw SafetensorsFault.duplicateName(name) }
      if name == SafetensorsHeader.metadataKey {
        metadata = try SafetensorsHeader.readMetadata(&reader)
      } else {
        entries.append(try SafetensorsHeader.readEntry(name, &reader))
      }
    }
    try reader.end()
    return entries
  }

  private static func readMetadata(
    _ reader: inout HeaderReader
  ) throws(SafetensorsFault) -> [String: String] {
    var metadata: [String: String] = [:]
    try reader.object { (key, reader) throws(SafetensorsFault) in
      guard metadata[key] == nil else {
        throw SafetensorsFault.duplicateName("\(metadataKey).\(key)")
      }
      metadata[key] = try reader.string()
    }
    return metadata
  }

  private static func readEntry(
    _ name: String, _ reader: inout HeaderReader
  ) throws(SafetensorsFault) -> Entry {
    var dtypeName: String?
    var shape: [Int]?
    var offsets: [Int]?
    try reader.object { (key, reader) throws(SafetensorsFault) in
      switch key {
      case "dtype" where dtypeName == nil: dtypeName = try reader.string()
      case "shape" where shape == nil: shape = try reader.integers()
      case "data_offsets" where offsets == nil: offsets = try reader.integers()
      case "dtype", "shape", "data_offsets":
        throw SafetensorsFault.duplicateName("\(name).\(key)")
      default: throw SafetensorsFault.unknownField(tensor: name, field: key)
      }
    }
    guard let dtypeName, let shape, let offsets else {
      throw SafetensorsFault.incompleteEntry(tensor: name)
    }
    guard let dtype = TensorData.DType(rawValue: dtypeName) else {
      throw SafetensorsFault.unknownType(tensor: name, found: dtypeName)
    }
    guard offsets.count == 2, offsets[0] <= offsets[1] else {
      throw SafetensorsFault.badOffsets(tensor: name, found: offsets)
    }
    guard let expected = TensorData.byteCount(dtype: dtype, shape: shape),
      expected == offsets[1] - offsets[0]
    else {
      throw SafetensorsFault.sizeMismatch(
        tensor: name, dtype: dtype, shape: shape, found: offsets[1] - offsets[0])
    }
    return Entry(name: name, dtype: dtype, shape: shape, begin: offsets[0], end: offsets[1])
  }

  /// The tensors, sorted by their offsets, must cover the data exactly once.
  private static func requireContiguous(
    _ entries: [Entry], dataCount: Int
  ) throws(SafetensorsFault) {
    var expected = 0
    for entry in entries {
      guard entry.begin == expected else {
        throw SafetensorsFault.notContiguous(
          tensor: entry.name, found: entry.begin, expected: expected)
      }
      expected = entry.end
    }
    guard expected <= dataCount else {
      throw SafetensorsFault.dataTruncated(found: dataCount, expected: expected)
    }
    guard expected == dataCount else {
      throw SafetensorsFault.trailingBytes(found: dataCount, expected: expected)
    }
  }
}

/// A reader of the JSON that a safetensors header may contain: objects, strings, and arrays of
/// non-negative integers. Nothing nests deeper than the format, so it cannot recurse without end.
///
/// A general JSON parser would hide duplicate keys and round integers beyond 2^53.
private struct HeaderReader {
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
