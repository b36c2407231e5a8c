import Foundation

/// A safetensors file: named tensors and text metadata [Safetensors].
///
/// Layout:  8 bytes header length n (little-endian), n bytes JSON header, then the tensors' bytes
///          without gaps. The header maps each name to {"dtype", "shape", "data_offsets": [begin,
///          end)}, offsets counted from the end of the header; `__metadata__` maps text to text.
/// Writing: the same contents give the same bytes: header keys sorted by their UTF-8 bytes, the
///          header padded with spaces so that data begins at a multiple of 8, data ordered by
///          decreasing element size and then by name, so that each tensor is aligned.
/// Reading: a file with any doubt about it is refused: see `SafetensorsError`.
/// Digest:  a file may carry the SHA-256 of its contents under the metadata entry `digestKey`,
///          which reading verifies and takes out of `metadata`, and writing computes anew.
/// Checked by: SafetensorsPropertyTests, SafetensorsErrorTests, SafetensorsFixtureTests,
///          WrittenFilesFixtureTests, SafetensorsDigestTests.
public struct SafetensorsFile: Sendable, Equatable {
  /// The tensors; after reading, in the order of their bytes in the file.
  public var tensors: NamedTensors
  /// Text by name; without the digest.
  public var metadata: [String: String]
  /// Whether the file carries a digest of its contents. After reading: it had one, which was
  /// verified. Before writing: it is to get one.
  public var carriesDigest: Bool

  /// A file of the given contents.
  public init(
    tensors: NamedTensors = NamedTensors(), metadata: [String: String] = [:],
    carriesDigest: Bool = false
  ) {
    self.tensors = tensors
    self.metadata = metadata
    self.carriesDigest = carriesDigest
  }

  /// Reads a file.
  ///
  /// - Throws: `FileError`, `SafetensorsError`.
  public init(contentsOf url: URL) throws {
    try self.init(data: try FileFormats.contents(of: url), name: url.path)
  }

  /// Reads a file that is in memory; `name` is what messages call it.
  ///
  /// - Throws: `SafetensorsError`.
  public init(data: Data, name: String = "safetensors data") throws(SafetensorsError) {
    do throws(SafetensorsFault) {
      let start = try SafetensorsHeader.dataStart(data, fileCount: data.count)
      let bytes = data.dropFirst(start)
      let header = try SafetensorsHeader(
        json: [UInt8](data.prefix(start).dropFirst(8)), dataCount: bytes.count)
      tensors = NamedTensors()
      for entry in header.entries {
        let begin = bytes.startIndex + entry.begin
        tensors[entry.name] = TensorData(
          dtype: entry.dtype, shape: entry.shape,
          bytes: [UInt8](bytes[begin..<begin + entry.end - entry.begin]))
      }
      metadata = header.metadata
      let stated = metadata.removeValue(forKey: Self.digestKey)
      carriesDigest = stated != nil
      if let stated {
        let found = digest
        guard found == stated else {
          throw SafetensorsFault.digestMismatch(found: found, expected: stated)
        }
      }
    } catch {
      throw SafetensorsError(file: name, fault: error)
    }
  }

  /// Writes the file, complete or not at all (`AtomicFile`).
  ///
  /// - Throws: `FileError`; `SafetensorsError` if a tensor is called `__metadata__` or a metadata
  ///   entry `digestKey`.
  public func write(to url: URL) throws {
    try AtomicFile.write(try data(name: url.path), to: url)
  }

  /// The bytes of the file.
  ///
  /// - Throws: `SafetensorsError` if a tensor is called `__metadata__` or a metadata entry
  ///   `digestKey`.
  public func data(name: String = "safetensors data") throws(SafetensorsError) -> Data {
    if tensors[SafetensorsHeader.metadataKey] != nil || metadata[Self.digestKey] != nil {
      throw SafetensorsError(file: name, fault: .reservedName)
    }
    var metadata = metadata
    if carriesDigest { metadata[Self.digestKey] = digest }
    let ordered = tensors.sorted { a, b in
      let (aSize, bSize) = (a.tensor.dtype.byteCount, b.tensor.dtype.byteCount)
      return aSize == bSize ? a.name.utf8.lexicographicallyPrecedes(b.name.utf8) : aSize > bSize
    }
    var entries: [(name: String, json: String)] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        .map { "\(jsonString($0.key)):\(jsonString($0.value))" }
      entries.append((SafetensorsHeader.metadataKey, "{\(pairs.joined(separator: ","))}"))
    }
    var begin = 0
    for (name, tensor) in ordered {
      let end = begin + tensor.bytes.count
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      entries.append(
        (
          name,
          "{\"dtype\":\"\(tensor.dtype.rawValue)\",\"shape\":[\(shape)],"
            + "\"data_offsets\":[\(begin),\(end)]}"
        ))
      begin = end
    }
    entries.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    let body = entries.map { "\(jsonString($0.name)):\($0.json)" }.joined(separator: ",")
    var header = Array("{\(body)}".utf8)
    header += Array(repeating: UInt8(ascii: " "), count: (8 - header.count % 8) % 8)

    var data = Data(littleEndianBytes(of: [UInt64(header.count)], \.self))
    data.append(contentsOf: header)
    for (_, tensor) in ordered { data.append(contentsOf: tensor.bytes) }
    return data
  }
}

// MARK: - Digest

extension SafetensorsFile {
  /// The metadata entry that holds the digest.
  public static let digestKey = "sphere_sha256"

  /// The SHA-256 of the contents, 64 hexadecimal digits: the same for equal tensors and metadata,
  /// whatever their order.
  ///
  /// Definition: of the metadata entries (key, value) and then of the tensors (name, safetensors
  ///             type, shape, bytes), each kind preceded by its number and sorted by the UTF-8
  ///             bytes of keys and names. Numbers are 64-bit little-endian integers; before each
  ///             text, shape and run of bytes stands its length. The digest's own entry does not
  ///             count.
  public var digest: String {
    var sum = SHA256()
    func add(_ count: Int) { sum.update(littleEndianBytes(of: [UInt64(count)], \.self)) }
    func add(_ text: String) {
      add(text.utf8.count)
      sum.update(Array(text.utf8))
    }
    add(metadata.count)
    for (key, value) in metadata.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) })
    {
      add(key)
      add(value)
    }
    add(tensors.count)
    for (name, tensor) in tensors.sorted(by: {
      $0.name.utf8.lexicographicallyPrecedes($1.name.utf8)
    }) {
      add(name)
      add(tensor.dtype.rawValue)
      add(tensor.shape.count)
      for extent in tensor.shape { add(extent) }
      add(tensor.bytes.count)
      sum.update(tensor.bytes)
    }
    return sum.hexadecimal()
  }

  /// Requires that the file carries a digest, so that damage cannot go unnoticed by removing its
  /// entry.
  ///
  /// - Parameter file: what messages call the file.
  /// - Throws: `SafetensorsError` with `digestMissing`.
  public func requireDigest(file: String) throws(SafetensorsError) {
    if !carriesDigest { throw SafetensorsError(file: file, fault: .digestMissing) }
  }
}

/// Text as a JSON string: quotes, backslashes and control characters escaped, the rest as UTF-8.
private func jsonString(_ text: String) -> String {
  var result = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": result += "\\\""
    case "\\": result += "\\\\"
    case "\u{0}"..<" ":
      let hex = String(scalar.value, radix: 16)
      result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result + "\""
}
