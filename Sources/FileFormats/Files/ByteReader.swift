import CZlib

/// Reads little-endian integers and runs of bytes in sequence; nil at the end, never beyond it.
struct ByteReader {
  private let bytes: [UInt8]
  private(set) var position: Int
  /// One past the last byte that may be read.
  let end: Int

  init(_ bytes: [UInt8], from start: Int = 0) {
    self.init(bytes, range: min(max(start, 0), bytes.count)..<bytes.count)
  }

  /// Domain: `range` lies within `bytes` (a precondition).
  init(_ bytes: [UInt8], range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count)
    self.bytes = bytes
    position = range.lowerBound
    end = range.upperBound
  }

  mutating func byte() -> UInt8? {
    guard position < end else { return nil }
    defer { position += 1 }
    return bytes[position]
  }

  mutating func integer<T: FixedWidthInteger>(_ type: T.Type) -> T? {
    let size = MemoryLayout<T>.size
    guard end - position >= size else { return nil }
    defer { position += size }
    return bytes[position..<position + size].reversed().reduce(0) { $0 << 8 | T($1) }
  }

  /// The next integer, which stays unread.
  func peek<T: FixedWidthInteger>(_ type: T.Type) -> T? {
    var copy = self
    return copy.integer(type)
  }

  /// Passes over `count` bytes; false if there are fewer.
  mutating func skip(_ count: Int) -> Bool { run(count) != nil }

  /// The next `count` bytes.
  mutating func run(_ count: Int) -> ArraySlice<UInt8>? {
    guard count >= 0, end - position >= count else { return nil }
    defer { position += count }
    return bytes[position..<position + count]
  }

  /// The bytes before the next `terminator`, which is consumed as well.
  mutating func run(before terminator: UInt8) -> ArraySlice<UInt8>? {
    guard let index = bytes[position..<end].firstIndex(of: terminator) else { return nil }
    defer { position = index + 1 }
    return bytes[position..<index]
  }
}

/// The cyclic redundancy check of zip archives and gzip: CRC-32, reflected polynomial 0xEDB88320
/// [ISO3309], by zlib.
func checksum32(_ bytes: ArraySlice<UInt8>) -> UInt32 {
  bytes.withUnsafeBufferPointer { UInt32(truncatingIfNeeded: crc32_z(0, $0.baseAddress, $0.count)) }
}
