/// A zip archive in memory whose entries are stored without compression [APPNOTE].
///
/// Only the central directory says what the archive contains; each local header must agree with it.
/// Sizes come from 32-bit fields or, where those are saturated, from the zip64 extension.
struct ZipArchive {
  private let bytes: [UInt8]
  /// The entries by name, and the names in the order of the directory.
  private(set) var names: [String] = []
  private var entries: [String: Entry] = [:]

  private struct Entry {
    var range: Range<Int>
    var checksum: UInt32
  }

  private enum Signature {
    static let local: UInt32 = 0x0403_4b50
    static let central: UInt32 = 0x0201_4b50
    static let end: UInt32 = 0x0605_4b50
    static let end64: UInt32 = 0x0606_4b50
    static let locator64: UInt32 = 0x0706_4b50
  }

  /// Where the central directory lies and how many entries it has.
  private struct Directory {
    var start: Int
    var byteCount: Int
    var entryCount: Int
  }

  init(_ bytes: [UInt8]) throws(PyTorchFault) {
    self.bytes = bytes
    let directory = try findDirectory()
    var reader = ByteReader(
      bytes, range: directory.start..<directory.start + directory.byteCount)
    for _ in 0..<directory.entryCount { try readEntry(&reader, directoryStart: directory.start) }
  }

  /// The bytes of an entry, whose checksum is verified.
  func contents(of name: String) throws(PyTorchFault) -> ArraySlice<UInt8> {
    guard let entry = entries[name] else {
      throw PyTorchFault.missingEntry(name: name, found: names)
    }
    let contents = bytes[entry.range]
    let found = checksum32(contents)
    guard found == entry.checksum else {
      throw PyTorchFault.checksumMismatch(entry: name, found: found, expected: entry.checksum)
    }
    return contents
  }

  /// The end record is the last one whose comment reaches exactly to the end of the file.
  private func findDirectory() throws(PyTorchFault) -> Directory {
    let recordSize = 22
    let isCut = ByteReader(bytes).peek(UInt32.self) == Signature.local
    let fault = PyTorchFault.notAnArchive(
      found: isCut ? "a zip archive without its end" : "\(bytes.count) bytes of another format")
    guard bytes.count >= recordSize else { throw fault }
    var position = bytes.count - recordSize
    let earliest = max(0, position - 0xffff)
    while position >= earliest {
      var reader = ByteReader(bytes, from: position)
      if reader.integer(UInt32.self) == Signature.end, reader.skip(16),
        let commentCount = reader.integer(UInt16.self),
        position + recordSize + Int(commentCount) == bytes.count
      {
        return try readEnd(at: position)
      }
      position -= 1
    }
    throw fault
  }

  private func readEnd(at position: Int) throws(PyTorchFault) -> Directory {
    let fault = PyTorchFault.damagedArchive(
      position: position, problem: "the directory's place is wrong")
    var reader = ByteReader(bytes, from: position + 4)
    guard let disks = reader.integer(UInt32.self), disks == 0 || disks == .max, reader.skip(2),
      let count = reader.integer(UInt16.self), let size = reader.integer(UInt32.self),
      let offset = reader.integer(UInt32.self)
    else { throw fault }
    var directory = Directory(start: Int(offset), byteCount: Int(size), entryCount: Int(count))
    if count == .max || size == .max || offset == .max {
      guard let found = directory64(endPosition: position) else { throw fault }
      directory = found
    }
    let limit = position - directory.byteCount
    guard directory.start >= 0, directory.byteCount >= 0, directory.start <= limit else {
      throw fault
    }
    return directory
  }

  private func directory64(endPosition: Int) -> Directory? {
    guard endPosition >= 20 else { return nil }
    var locator = ByteReader(bytes, from: endPosition - 20)
    guard locator.integer(UInt32.self) == Signature.locator64, locator.skip(4),
      let recordPosition = locator.integer(UInt64.self).flatMap(Int.init(exactly:)),
      recordPosition < endPosition
    else { return nil }
    var record = ByteReader(bytes, from: recordPosition)
    guard record.integer(UInt32.self) == Signature.end64, record.skip(28),
      let count = record.integer(UInt64.self).flatMap(Int.init(exactly:)),
      let size = record.integer(UInt64.self).flatMap(Int.init(exactly:)),
      let offset = record.integer(UInt64.self).flatMap(Int.init(exactly:)),
      count <= size
    else { return nil }
    return Directory(start: offset, byteCount: size, entryCount: count)
  }

  private mutating func readEntry(
    _ reader: inout ByteReader, directoryStart: Int
  ) throws(PyTorchFault) {
    let fault = PyTorchFault.damagedArchive(
      position: reader.position, problem: "an entry of the directory is damaged")
    guard reader.integer(UInt32.self) == Signature.central, reader.skip(4),
      let flags = reader.integer(UInt16.self), let method = reader.integer(UInt16.self),
      reader.skip(4), let checksum = reader.integer(UInt32.self),
      let storedSize = reader.integer(UInt32.self), let size = reader.integer(UInt32.self),
      let nameCount = reader.integer(UInt16.self), let extraCount = reader.integer(UInt16.self),
      let commentCount = reader.integer(UInt16.self), reader.skip(8),
      let offset = reader.integer(UInt32.self), let nameBytes = reader.run(Int(nameCount)),
      let name = String(validating: nameBytes, as: UTF8.self),
      let extra = reader.run(Int(extraCount)), reader.skip(Int(commentCount)),
      let sizes = ZipArchive.wideSizes([size, storedSize, offset], extra: extra)
    else { throw fault }
    if flags & 1 != 0 { throw PyTorchFault.unreadableEntry(name: name, problem: "encrypted") }
    if method != 0 {
      throw PyTorchFault.unreadableEntry(name: name, problem: "compressed (method \(method))")
    }
    guard sizes[0] == sizes[1], entries[name] == nil else { throw fault }
    let start = try dataStart(headerPosition: sizes[2], name: nameBytes)
    guard start <= directoryStart, sizes[0] <= directoryStart - start else { throw fault }
    names.append(name)
    entries[name] = Entry(range: start..<start + sizes[0], checksum: checksum)
  }

  /// Checks the local header of an entry and returns where its data begin.
  private func dataStart(
    headerPosition: Int, name: ArraySlice<UInt8>
  ) throws(PyTorchFault) -> Int {
    var reader = ByteReader(bytes, from: headerPosition)
    guard reader.integer(UInt32.self) == Signature.local, reader.skip(22),
      let nameCount = reader.integer(UInt16.self), let extraCount = reader.integer(UInt16.self),
      reader.run(Int(nameCount)) == name, reader.skip(Int(extraCount))
    else {
      throw PyTorchFault.damagedArchive(
        position: headerPosition, problem: "an entry's header is damaged")
    }
    return reader.position
  }

  /// Replaces saturated 32-bit fields, in order, by those of the zip64 extra field (identifier 1).
  private static func wideSizes(_ fields: [UInt32], extra: ArraySlice<UInt8>) -> [Int]? {
    guard fields.contains(.max) else { return fields.map { Int($0) } }
    var reader = ByteReader(Array(extra))
    while let identifier = reader.integer(UInt16.self), let count = reader.integer(UInt16.self) {
      if identifier != 1 {
        guard reader.skip(Int(count)) else { return nil }
        continue
      }
      var sizes: [Int] = []
      for field in fields {
        guard field == .max else {
          sizes.append(Int(field))
          continue
        }
        guard let wide = reader.integer(UInt64.self).flatMap(Int.init(exactly:)) else { return nil }
        sizes.append(wide)
      }
      return sizes
    }
    return nil
  }
}

extension ZipArchive {
  /// Writes an archive of stored entries, each beginning at a multiple of 64 bytes, as torch.save
  /// does, so that tensors can be mapped into memory. The same entries give the same bytes.
  ///
  /// - Throws: `PyTorchFault.tooLarge` beyond 4 GiB, where the 32-bit fields end.
  static func write(_ entries: [(name: String, bytes: [UInt8])]) throws(PyTorchFault) -> [UInt8] {
    let limit = Int(UInt32.max) - 1
    var archive: [UInt8] = []
    var directory: [UInt8] = []
    for (name, bytes) in entries {
      let position = archive.count
      guard position + bytes.count + 1024 < limit, entries.count < 0xffff else {
        throw PyTorchFault.tooLarge(limit: limit)
      }
      let nameBytes = Array(name.utf8)
      let headerEnd = position + 30 + nameBytes.count
      // An extra field has 4 bytes of its own before the padding.
      let padding = (64 - (headerEnd + 4) % 64) % 64
      // Version 1.0, UTF-8 names, stored, no date.
      var common = littleEndianBytes(of: [UInt16(10), 0x0800, 0, 0, 0], \.self)
      common += littleEndianBytes(of: [checksum32(bytes[...])], \.self)
      common += littleEndianBytes(of: [UInt32(bytes.count), UInt32(bytes.count)], \.self)
      common += littleEndianBytes(of: [UInt16(nameBytes.count)], \.self)

      archive += littleEndianBytes(of: [Signature.local], \.self) + common
      archive += littleEndianBytes(of: [UInt16(padding + 4)], \.self) + nameBytes
      archive += littleEndianBytes(of: [UInt16(0x4246), UInt16(padding)], \.self)
      archive += [UInt8](repeating: UInt8(ascii: "Z"), count: padding) + bytes

      directory += littleEndianBytes(of: [Signature.central], \.self)
      directory += littleEndianBytes(of: [UInt16(10)], \.self) + common
      directory += [UInt8](repeating: 0, count: 12)
      directory += littleEndianBytes(of: [UInt32(position)], \.self) + nameBytes
    }
    let count = UInt16(entries.count)
    var end = littleEndianBytes(of: [Signature.end], \.self)
    end += littleEndianBytes(of: [0, 0, count, count], \.self)
    end += littleEndianBytes(of: [UInt32(directory.count), UInt32(archive.count)], \.self)
    return archive + directory + end + [0, 0]
  }
}
