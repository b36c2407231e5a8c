/// A stream of pseudo-random numbers that is a function of its seed alone: SplitMix64.
struct SeededStream: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  /// The stream of one input: every input of every target has its own.
  init(seed: UInt64, target: String, index: UInt64) {
    var hash = seed &* 0x9E37_79B9_7F4A_7C15
    for byte in target.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    var mixed = SeededStream(hash)
    state = mixed.next() ^ (index &* 0xD134_2543_DE82_EF95)
    _ = next()
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// An integer of `0..<bound`; 0 where there is none.
  mutating func below(_ bound: Int) -> Int {
    bound > 0 ? Int.random(in: 0..<bound, using: &self) : 0
  }

  /// True once in `count` times.
  mutating func oneIn(_ count: Int) -> Bool { below(count) == 0 }

  /// One of the elements.
  mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }
}

/// Changes of bytes and of text that hold for every format.
enum Mutation {
  /// Numbers at which arithmetic, sizes and conversions go wrong.
  static let numbers = [
    "0", "-0", "1", "-1", "2", "3", "7", "8", "15", "16", "17", "31", "32", "64", "127", "128",
    "255",
    "256", "1000", "4096", "8191", "8192", "8193", "65535", "65536", "100000", "1000000",
    "2147483647", "2147483648", "4294967295", "4294967296", "-2147483648", "1152921504606846976",
    "3037000500", "4611686018427387904", "9223372036854775807", "9223372036854775808",
    "-9223372036854775808", "18446744073709551615", "18446744073709551616", "0.5", "-0.5", "1e-320",
    "1e-45", "1e10", "1e18", "1e19", "1e20", "1e38", "1e39", "1e300", "1e308", "1e309", "-1e300",
    "nan", "inf", "-inf", "NaN", "Infinity", "0x10", "1.", ".5", "1e", "1d5", "1D+5", "+5", "1_000",
    "",
  ]

  /// The same as integers for binary fields.
  static let integers: [UInt64] = [
    0, 1, 2, 3, 4, 7, 8, 16, 80, 127, 128, 255, 256, 2880, 32767, 32768, 65535, 65536, 0x7FFF_FFFF,
    0x8000_0000, 0xFFFF_FFFF, 0x1_0000_0000, 0x4000_0000_0000_0000, 0x7FFF_FFFF_FFFF_FFFF,
    0x8000_0000_0000_0000, 0xFFFF_FFFF_FFFF_FFFF,
  ]

  /// One to four changes of bytes.
  static func bytes(_ input: [UInt8], other: [UInt8], _ random: inout SeededStream) -> [UInt8] {
    var bytes = input
    for _ in 0...random.below(4) { change(&bytes, other: other, &random) }
    return bytes
  }

  private static func change(
    _ bytes: inout [UInt8], other: [UInt8], _ random: inout SeededStream
  ) {
    guard !bytes.isEmpty else {
      bytes = [UInt8(truncatingIfNeeded: random.next())]
      return
    }
    let place = random.below(bytes.count)
    switch random.below(10) {
    case 0, 1: bytes[place] ^= 1 << UInt8(random.below(8))
    case 2: bytes[place] = random.pick([0, 1, 0x20, 0x2d, 0x39, 0x7f, 0x80, 0xff])
    case 3: bytes[place] = UInt8(truncatingIfNeeded: random.next())
    case 4: writeInteger(&bytes, at: place, &random)
    case 5: bytes.removeSubrange(place..<min(bytes.count, place + 1 + random.below(64)))
    case 6: bytes.removeSubrange(place...)
    case 7:
      let end = min(bytes.count, place + 1 + random.below(64))
      bytes.insert(contentsOf: bytes[place..<end], at: place)
    case 8 where !other.isEmpty:
      let from = random.below(other.count)
      bytes.replaceSubrange(place..., with: other[from...])
    default: replaceNumber(&bytes, near: place, &random)
    }
  }

  /// Overwrites one to eight bytes with an integer at a limit, in either byte order.
  static func writeInteger(_ bytes: inout [UInt8], at place: Int, _ random: inout SeededStream) {
    let width = random.pick([1, 2, 4, 8])
    var value = random.pick(integers)
    if random.oneIn(4) { value = UInt64(bytes.count) &+ UInt64(random.below(5)) &- 2 }
    let isBig = random.oneIn(2)
    for k in 0..<width where place + k < bytes.count {
      let shift = UInt64(8 * (isBig ? width - 1 - k : k))
      bytes[place + k] = UInt8(truncatingIfNeeded: value >> shift)
    }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  private static func isNumeric(_ byte: UInt8) -> Bool {
    isDigit(byte) || [0x2b, 0x2d, 0x2e, 0x45, 0x65].contains(byte)
  }

  /// Replaces the number, as text, at or behind a place by one at a limit.
  static func replaceNumber(
    _ bytes: inout [UInt8], near place: Int, _ random: inout SeededStream
  ) {
    guard let digit = bytes[place...].firstIndex(where: isDigit) ?? bytes.firstIndex(where: isDigit)
    else { return }
    var start = digit
    while start > 0, isNumeric(bytes[start - 1]) { start -= 1 }
    var end = digit
    while end < bytes.count, isNumeric(bytes[end]) { end += 1 }
    // Small changes pass first checks that limits do not.
    if !random.oneIn(3), let value = Int(String(decoding: bytes[start..<end], as: UTF8.self)),
      value.magnitude < 1 << 60
    {
      let near = [value + 1, value - 1, 2 * value, value / 2, 7 * value + 1, value << 2, 0, -value]
      bytes.replaceSubrange(start..<end, with: Array("\(random.pick(near))".utf8))
      return
    }
    bytes.replaceSubrange(start..<end, with: Array(random.pick(numbers).utf8))
  }

  /// Pieces of text that belong into no name.
  static let words = [
    "", " ", "\t", "\u{1B}[31m", "\u{1B}]0;x\u{7}", "\u{0}", "\r", "../../x", "/", ".", "\u{FEFF}",
    "\u{202E}", "é", "𝒯", "true", "false", "null", "[]", "{}", "\"", "\\u0000", "%s%n", "-", ",",
    ",,",
  ]

  /// One to four changes of a text of lines with separated fields: csv, JSON.
  static func text(
    _ input: [UInt8], other: [UInt8], separators: [UInt8], _ random: inout SeededStream
  ) -> [UInt8] {
    var bytes = input
    for _ in 0...random.below(4) {
      guard !bytes.isEmpty else { return bytes }
      let place = random.below(bytes.count)
      switch random.below(8) {
      case 0, 1, 2: replaceNumber(&bytes, near: place, &random)
      case 3: replaceField(&bytes, near: place, separators, with: random.pick(words))
      case 4: replaceField(&bytes, near: place, separators, with: random.pick(numbers))
      case 5: removeLine(&bytes, near: place, doubling: random.oneIn(2))
      case 6: bytes.insert(contentsOf: Array(random.pick(words).utf8), at: place)
      default: bytes = Self.bytes(bytes, other: other, &random)
      }
    }
    return bytes
  }

  private static func replaceField(
    _ bytes: inout [UInt8], near place: Int, _ separators: [UInt8], with text: String
  ) {
    var start = place
    while start > 0, !separators.contains(bytes[start - 1]) { start -= 1 }
    var end = place
    while end < bytes.count, !separators.contains(bytes[end]) { end += 1 }
    bytes.replaceSubrange(start..<end, with: Array(text.utf8))
  }

  private static func removeLine(_ bytes: inout [UInt8], near place: Int, doubling: Bool) {
    var start = place
    while start > 0, bytes[start - 1] != 0x0a { start -= 1 }
    let end = bytes[place...].firstIndex(of: 0x0a).map { $0 + 1 } ?? bytes.count
    if doubling {
      bytes.insert(contentsOf: bytes[start..<end], at: end)
    } else {
      bytes.removeSubrange(start..<end)
    }
  }

  /// Changes of JSON; now and then so deeply nested that a recursion overflows.
  static func json(_ input: [UInt8], other: [UInt8], _ random: inout SeededStream) -> [UInt8] {
    guard !random.oneIn(200) else {
      let depth = random.pick([100, 511, 513, 10_000, 200_000])
      let (open, close) = random.pick([("[", "]"), ("{\"a\":", "}")])
      let value = String(repeating: open, count: depth) + String(repeating: close, count: depth)
      var bytes = input
      replaceField(&bytes, near: random.below(bytes.count), jsonSeparators, with: value)
      return bytes
    }
    return text(input, other: other, separators: jsonSeparators, &random)
  }

  private static let jsonSeparators = Array(" \n,:[]{}".utf8)
}
