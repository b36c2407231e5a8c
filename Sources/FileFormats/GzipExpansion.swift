/// Expands a gzip file step by step, never further than asked [RFC1951; RFC1952].
///
/// Layout:      `bytes` holds everything that was expanded so far; members of a file follow one
///              another.
/// Limits:      the caller decides how far to go before memory is taken, see `expand(to:)`.
/// Checked by:  GzipExpansionTests.
struct GzipExpansion {
  /// What was expanded so far.
  private(set) var bytes: [UInt8] = []
  /// Whether the last member has ended.
  private(set) var isComplete = false

  private let input: [UInt8]
  private var position = 0
  private var bitBuffer: UInt64 = 0
  private var bitCount = 0
  /// Where the present member begins in `bytes`.
  private var memberStart = 0
  private var state = State.memberHeader

  private enum State {
    case memberHeader
    case blockHeader(isLast: Bool)
    case stored(left: Int, isLast: Bool)
    case coded(HuffmanTable, HuffmanTable, isLast: Bool)
  }

  /// An expansion of the bytes of a file, of which nothing is expanded yet.
  init(_ input: [UInt8]) { self.input = input }

  /// Expands until there are at least `count` bytes, or to the end; a match may go 257 bytes
  /// further.
  ///
  /// - Throws: `FitsFault.damagedCompression`.
  mutating func expand(to count: Int) throws(FitsFault) {
    while bytes.count < count && !isComplete {
      switch state {
      case .memberHeader: try readMemberHeader()
      case .blockHeader(let isLast):
        if isLast { try endMember() } else { try readBlockHeader() }
      case .stored(let left, let isLast): try copyStored(left, isLast, to: count)
      case .coded(let literals, let distances, let isLast):
        try decode(literals, distances, isLast, to: count)
      }
    }
  }

  // MARK: Members

  private mutating func readMemberHeader() throws(FitsFault) {
    let fixed = try take(10)
    guard fixed[0] == 0x1f, fixed[1] == 0x8b, fixed[2] == 8, fixed[3] & 0xe0 == 0 else {
      throw .damagedCompression(reason: "a member does not begin as gzip's do")
    }
    let flags = fixed[3]
    if flags & 4 != 0 {
      let length = try take(2)
      _ = try take(Int(length[0]) | Int(length[1]) << 8)
    }
    for flag: UInt8 in [8, 16] where flags & flag != 0 {
      while try take(1)[0] != 0 {}
    }
    if flags & 2 != 0 { _ = try take(2) }
    memberStart = bytes.count
    state = .blockHeader(isLast: false)
  }

  private mutating func endMember() throws(FitsFault) {
    // What is left of the last byte has no meaning.
    position -= bitCount / 8
    (bitBuffer, bitCount) = (0, 0)
    let trailer = try take(8).map { UInt32($0) }
    func word(_ start: Int) -> UInt32 {
      trailer[start] | trailer[start + 1] << 8 | trailer[start + 2] << 16 | trailer[start + 3] << 24
    }
    let found = checksum32(bytes[memberStart...])
    guard found == word(0) else {
      throw .damagedCompression(
        reason: "the CRC-32 of the contents is \(found), expected \(word(0))")
    }
    guard UInt32(truncatingIfNeeded: bytes.count - memberStart) == word(4) else {
      throw .damagedCompression(
        reason: "it expands to \(bytes.count - memberStart) bytes, expected \(word(4))")
    }
    // Some tapes and tools pad with zeros.
    while position < input.count && input[position] == 0 { position += 1 }
    isComplete = position == input.count
    state = .memberHeader
  }

  /// The next bytes of the input, on a byte boundary.
  private mutating func take(_ count: Int) throws(FitsFault) -> [UInt8] {
    guard input.count - position >= count else {
      throw .damagedCompression(reason: "it ends in the middle")
    }
    defer { position += count }
    return Array(input[position..<position + count])
  }

  // MARK: Blocks

  private mutating func readBlockHeader() throws(FitsFault) {
    let isLast = try bits(1) == 1
    switch try bits(2) {
    case 0:
      position -= bitCount / 8
      (bitBuffer, bitCount) = (0, 0)
      let lengths = try take(4).map { Int($0) }
      let (length, complement) = (lengths[0] | lengths[1] << 8, lengths[2] | lengths[3] << 8)
      guard length == ~complement & 0xffff else {
        throw .damagedCompression(reason: "the length of a block contradicts itself")
      }
      state = .stored(left: length, isLast: isLast)
    case 1:
      let literals = (0..<288).map { UInt8($0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8) }
      state = .coded(
        try HuffmanTable(literals), try HuffmanTable([UInt8](repeating: 5, count: 30)),
        isLast: isLast)
    case 2:
      let (literals, distances) = try readTables()
      state = .coded(literals, distances, isLast: isLast)
    default: throw .damagedCompression(reason: "a block has an unknown type")
    }
  }

  private mutating func readTables() throws(FitsFault) -> (HuffmanTable, HuffmanTable) {
    let literalCount = try bits(5) + 257
    let distanceCount = try bits(5) + 1
    let codeCount = try bits(4) + 4
    var codeLengths = [UInt8](repeating: 0, count: 19)
    let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
    for place in order.prefix(codeCount) { codeLengths[place] = UInt8(try bits(3)) }
    let codes = try HuffmanTable(codeLengths)
    var lengths: [UInt8] = []
    while lengths.count < literalCount + distanceCount {
      let symbol = try self.symbol(codes)
      switch symbol {
      case 0...15: lengths.append(UInt8(symbol))
      case 16:
        guard let last = lengths.last else {
          throw .damagedCompression(reason: "a table of codes repeats nothing")
        }
        lengths += [UInt8](repeating: last, count: 3 + (try bits(2)))
      case 17: lengths += [UInt8](repeating: 0, count: 3 + (try bits(3)))
      default: lengths += [UInt8](repeating: 0, count: 11 + (try bits(7)))
      }
    }
    guard lengths.count == literalCount + distanceCount else {
      throw .damagedCompression(reason: "a table of codes is too long")
    }
    return (
      try HuffmanTable(Array(lengths[..<literalCount])),
      try HuffmanTable(Array(lengths[literalCount...]))
    )
  }

  private mutating func copyStored(
    _ left: Int, _ isLast: Bool, to count: Int
  ) throws(FitsFault) {
    let step = min(left, max(count - bytes.count, 1))
    bytes += try take(step)
    state = left == step ? .blockHeader(isLast: isLast) : .stored(left: left - step, isLast: isLast)
  }

  private mutating func decode(
    _ literals: HuffmanTable, _ distances: HuffmanTable, _ isLast: Bool, to count: Int
  ) throws(FitsFault) {
    while bytes.count < count {
      let symbol = try self.symbol(literals)
      if symbol < 256 {
        bytes.append(UInt8(symbol))
      } else if symbol == 256 {
        state = .blockHeader(isLast: isLast)
        return
      } else {
        guard symbol < 286 else {
          throw .damagedCompression(reason: "a length has an unknown code")
        }
        let length =
          Self.lengthBases[symbol - 257] + (try bits(Self.lengthExtra[symbol - 257]))
        let code = try self.symbol(distances)
        guard code < 30 else {
          throw .damagedCompression(reason: "a distance has an unknown code")
        }
        let distance = Self.distanceBases[code] + (try bits(code < 4 ? 0 : code / 2 - 1))
        let start = bytes.count - distance
        guard start >= memberStart else {
          throw .damagedCompression(reason: "a match begins before the contents")
        }
        for k in start..<start + length { bytes.append(bytes[k]) }
      }
    }
  }

  private static let lengthBases = [
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131,
    163, 195, 227, 258,
  ]
  private static let lengthExtra = [
    0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
  ]
  private static let distanceBases = [
    1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537,
    2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577,
  ]

  // MARK: Bits

  /// Fills the buffer to at least 48 bits, or with what there is.
  private mutating func fill() {
    while bitCount <= 48 && position < input.count {
      bitBuffer |= UInt64(input[position]) << UInt64(bitCount)
      position += 1
      bitCount += 8
    }
  }

  /// The next bits as a number, the first one lowest.
  private mutating func bits(_ count: Int) throws(FitsFault) -> Int {
    if bitCount < count { fill() }
    guard bitCount >= count else { throw .damagedCompression(reason: "it ends in the middle") }
    let value = Int(bitBuffer & (1 << UInt64(count) - 1))
    bitBuffer >>= UInt64(count)
    bitCount -= count
    return value
  }

  private mutating func symbol(_ table: HuffmanTable) throws(FitsFault) -> Int {
    if bitCount < table.width { fill() }
    let entry = table.entries[Int(bitBuffer & UInt64(table.entries.count - 1))]
    let length = Int(entry & 15)
    guard length > 0, length <= bitCount else {
      throw .damagedCompression(
        reason: length == 0 ? "a code has no meaning" : "it ends in the middle")
    }
    bitBuffer >>= UInt64(length)
    bitCount -= length
    return Int(entry >> 4)
  }
}

/// A canonical prefix code, looked up by the next `width` bits [RFC1951, 3.2.2].
private struct HuffmanTable {
  /// The longest code.
  let width: Int
  /// symbol · 16 + length of the code, by the bits that follow, first bit lowest; 0: no code.
  let entries: [UInt16]

  /// Domain: lengths 0...15, 0 for symbols without a code.
  ///
  /// - Throws: `FitsFault.damagedCompression` for lengths that are no prefix code.
  init(_ lengths: [UInt8]) throws(FitsFault) {
    width = max(1, Int(lengths.max() ?? 0))
    var entries = [UInt16](repeating: 0, count: 1 << width)
    var code = 0
    for length in 1...width {
      for (symbol, found) in lengths.enumerated() where Int(found) == length {
        guard code < 1 << length else {
          throw .damagedCompression(reason: "a table of codes has too many of them")
        }
        // Codes are packed from their highest bit on, the stream from its lowest.
        var reversed = 0
        for bit in 0..<length where code >> bit & 1 == 1 { reversed |= 1 << (length - 1 - bit) }
        for place in stride(from: reversed, to: 1 << width, by: 1 << length) {
          entries[place] = UInt16(symbol << 4 | length)
        }
        code += 1
      }
      code <<= 1
    }
    self.entries = entries
  }
}
