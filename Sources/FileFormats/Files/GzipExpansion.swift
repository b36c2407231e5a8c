import CZlib

/// Expands a gzip file step by step with zlib, never further than asked [RFC1951; RFC1952].
///
/// Layout:      `bytes` holds everything that was expanded so far; members of a file follow one
///              another.
/// Limits:      the caller decides how far to go before memory is taken, see `expand(to:)`.
/// Checked by:  GzipExpansionTests.
final class GzipExpansion {
  /// What was expanded so far.
  private(set) var bytes: [UInt8] = []
  /// Whether the last member has ended.
  private(set) var isComplete = false

  private let input: [UInt8]
  /// The next byte of `input` that zlib has not taken.
  private var position = 0
  /// zlib's state, which refers to itself and must not move.
  private let stream: UnsafeMutablePointer<z_stream>

  /// The largest number of bytes that zlib is asked for at once; memory is taken for that many.
  private static let largestStep = 1 << 20

  /// An expansion of the bytes of a file, of which nothing is expanded yet.
  init(_ input: [UInt8]) {
    self.input = input
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    // Fails only without memory, or with headers of another version than the library's.
    let status = sphere_zlib_begin_gzip(stream)
    precondition(status == Z_OK, "zlib does not begin: status \(status)")
  }

  deinit {
    inflateEnd(stream)
    stream.deinitialize(count: 1)
    stream.deallocate()
  }

  /// Expands until there are at least `count` bytes, or to the end.
  ///
  /// - Throws: `FitsFault.damagedCompression`.
  func expand(to count: Int) throws(FitsFault) {
    while bytes.count < count && !isComplete {
      switch inflate(atMost: min(count - bytes.count, Self.largestStep)) {
      case Z_OK: continue
      case Z_STREAM_END: try endMember()
      case Z_BUF_ERROR: throw .damagedCompression(reason: "it ends in the middle")
      case Z_NEED_DICT: throw .damagedCompression(reason: "a member does not begin as gzip's do")
      default:
        let reason = stream.pointee.msg.map { String(cString: $0) }
        throw .damagedCompression(reason: reason ?? "zlib gives no reason")
      }
    }
  }

  /// Appends what zlib makes of the rest of the input, and returns its status.
  private func inflate(atMost room: Int) -> Int32 {
    var status = Z_OK
    // zlib counts what is left in 32 bits.
    let left = min(input.count - position, Int(UInt32.max))
    bytes += [UInt8](unsafeUninitializedCapacity: room) { output, produced in
      input.withUnsafeBufferPointer { input in
        stream.pointee.next_in = input.baseAddress.map {
          UnsafeMutablePointer(mutating: $0 + position)
        }
        stream.pointee.avail_in = UInt32(left)
        stream.pointee.next_out = output.baseAddress
        stream.pointee.avail_out = UInt32(room)
        status = CZlib.inflate(stream, Z_NO_FLUSH)
        position += left - Int(stream.pointee.avail_in)
        produced = room - Int(stream.pointee.avail_out)
      }
    }
    return status
  }

  /// Another member follows, or zeros, which some tapes and tools add.
  private func endMember() throws(FitsFault) {
    while position < input.count && input[position] == 0 { position += 1 }
    isComplete = position == input.count
    if !isComplete { inflateReset(stream) }
  }
}
