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

  /// Where the header ends and the data begin, from the first 8 bytes of a file of `fileCount`
  /// bytes.
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
