/// The sum of 32-bit words by which DATASUM and CHECKSUM protect a part of a FITS file [FITS4,
/// 4.4.2.7].
///
/// Definition: big-endian words, added with end-around carry (ones' complement); an incomplete
///             record is padded with zeros. DATASUM is the sum of the data; the header with
///             CHECKSUM and the data together sum to −0.
struct FitsChecksum {
  private(set) var sum: UInt32 = 0
  /// Bytes of an incomplete word.
  private var pending: [UInt8] = []

  /// Adds bytes after those before.
  mutating func add(_ bytes: [UInt8]) {
    var start = 0
    while !pending.isEmpty && start < bytes.count {
      pending.append(bytes[start])
      start += 1
      if pending.count == 4 {
        add(word(pending, 0))
        pending = []
      }
    }
    let whole = start + (bytes.count - start) / 4 * 4
    var total = UInt64(0)
    for place in stride(from: start, to: whole, by: 4) { total += UInt64(word(bytes, place)) }
    while total >> 32 != 0 { total = total & 0xffff_ffff + total >> 32 }
    add(UInt32(total))
    pending += bytes[whole...]
  }

  /// The sum of all bytes, the last word filled with zeros.
  var total: UInt32 {
    guard !pending.isEmpty else { return sum }
    var copy = self
    copy.add([UInt8](repeating: 0, count: 4 - pending.count))
    return copy.sum
  }

  private func word(_ bytes: [UInt8], _ place: Int) -> UInt32 {
    UInt32(bytes[place]) << 24 | UInt32(bytes[place + 1]) << 16 | UInt32(bytes[place + 2]) << 8
      | UInt32(bytes[place + 3])
  }

  private mutating func add(_ word: UInt32) {
    let (partial, carry) = sum.addingReportingOverflow(word)
    sum = carry ? partial + 1 : partial
  }
}
