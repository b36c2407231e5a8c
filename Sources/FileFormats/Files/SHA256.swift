/// The SHA-256 digest of a byte string, as 64 hexadecimal digits: `SHA256` in one step.
public func sha256(_ message: some Sequence<UInt8>) -> String {
  var digest = SHA256()
  digest.update(Array(message))
  return digest.hexadecimal()
}

/// The SHA-256 digest of bytes that come in parts.
///
/// It shows whether a file still has the bytes that were written, and is not a security measure.
/// Foundation has no digest on Linux.
///
/// Definition: [FIPS180-4, section 6.2]. The message is padded with the bit 1, zeros and its length
///             in bits (64-bit, big-endian) to a multiple of 64 bytes. Every block is expanded to
///             64 words W_t and mixed into the eight words of the state by 64 rounds.
/// Cost:       one pass; at most one block is kept.
/// Checked by: SHA256OracleTests.
public struct SHA256 {
  private var state = DigestConstants.initialState
  private var schedule = [UInt32](repeating: 0, count: 64)
  /// The bytes after the last whole block.
  private var rest: [UInt8] = []
  private var byteCount: UInt64 = 0

  /// The digest of no bytes yet.
  public init() {}

  /// Appends bytes to the message.
  public mutating func update(_ bytes: some Collection<UInt8>) {
    byteCount += UInt64(bytes.count)
    if rest.isEmpty, let whole = bytes.withContiguousStorageIfAvailable({ process($0) }) {
      rest = Array(bytes.dropFirst(whole))
      return
    }
    let pending = rest + bytes
    let whole = pending.withUnsafeBufferPointer { process($0) }
    rest = Array(pending.dropFirst(whole))
  }

  /// The digest of all bytes so far, as 64 hexadecimal digits.
  public func hexadecimal() -> String {
    var last = self
    let bitCount = byteCount * 8
    var padding: [UInt8] = [0x80]
    padding.append(contentsOf: repeatElement(0, count: (119 - rest.count) % 64))
    for shift in stride(from: 56, through: 0, by: -8) {
      padding.append(UInt8(truncatingIfNeeded: bitCount >> UInt64(shift)))
    }
    last.update(padding)
    return last.state.map(FileFormats.hexadecimal).joined()
  }

  /// Mixes the whole blocks in; returns their number of bytes.
  private mutating func process(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
    let whole = bytes.count - bytes.count % 64
    for block in stride(from: 0, to: whole, by: 64) {
      expand(bytes, block: block, into: &schedule)
      compress(schedule, into: &state)
    }
    return whole
  }
}

/// W_t of one block: its sixteen big-endian words, then
/// W_t = σ1(W_{t−2}) + W_{t−7} + σ0(W_{t−15}) + W_{t−16} modulo 2³².
private func expand(
  _ bytes: UnsafeBufferPointer<UInt8>, block: Int, into schedule: inout [UInt32]
) {
  for t in 0..<16 {
    var word: UInt32 = 0
    for k in 0..<4 { word = word << 8 | UInt32(bytes[block + 4 * t + k]) }
    schedule[t] = word
  }
  for t in 16..<64 {
    let (early, late) = (schedule[t - 15], schedule[t - 2])
    let sigma0 = rotated(early, by: 7) ^ rotated(early, by: 18) ^ (early >> 3)
    let sigma1 = rotated(late, by: 17) ^ rotated(late, by: 19) ^ (late >> 10)
    schedule[t] = sigma1 &+ schedule[t - 7] &+ sigma0 &+ schedule[t - 16]
  }
}

/// The 64 rounds over one block, with the letters a...h of the standard.
private func compress(_ schedule: [UInt32], into state: inout [UInt32]) {
  var (a, b, c, d) = (state[0], state[1], state[2], state[3])
  var (e, f, g, h) = (state[4], state[5], state[6], state[7])
  for t in 0..<64 {
    let sum1 = rotated(e, by: 6) ^ rotated(e, by: 11) ^ rotated(e, by: 25)
    let choice = (e & f) ^ (~e & g)
    let first = h &+ sum1 &+ choice &+ DigestConstants.rounds[t] &+ schedule[t]
    let sum0 = rotated(a, by: 2) ^ rotated(a, by: 13) ^ rotated(a, by: 22)
    let majority = (a & b) ^ (a & c) ^ (b & c)
    (h, g, f, e) = (g, f, e, d &+ first)
    (d, c, b, a) = (c, b, a, first &+ sum0 &+ majority)
  }
  for (k, value) in [a, b, c, d, e, f, g, h].enumerated() { state[k] = state[k] &+ value }
}

private func rotated(_ word: UInt32, by count: UInt32) -> UInt32 {
  word >> count | word << (32 - count)
}

private func hexadecimal(_ word: UInt32) -> String {
  let digits = String(word, radix: 16)
  return String(repeating: "0", count: 8 - digits.count) + digits
}

/// The constants of SHA-256, computed from their definition with integers only.
private enum DigestConstants {
  /// H_k: the first 32 bits of the fraction of √p for the first eight primes p.
  static let initialState = primes.prefix(8).map { fractionOfRoot($0, power: 2) }
  /// K_t: the first 32 bits of the fraction of ∛p for the first 64 primes p.
  static let rounds = primes.map { fractionOfRoot($0, power: 3) }

  private static let primes: [UInt64] = {
    var found: [UInt64] = []
    var candidate: UInt64 = 2
    while found.count < 64 {
      if found.allSatisfy({ candidate % $0 != 0 }) { found.append(candidate) }
      candidate += 1
    }
    return found
  }()

  /// ⌊2³² p^{1/power}⌋ modulo 2³²: the largest r with r^power ≤ p 2^{32 power}, found bit by bit.
  private static func fractionOfRoot(_ p: UInt64, power: Int) -> UInt32 {
    // p < 312, so the root is below 18 · 2³² < 2³⁷ and its cube below 2¹¹¹.
    let target = UInt128(p) << UInt128(32 * power)
    var root: UInt128 = 0
    for bit in stride(from: 36, through: 0, by: -1) {
      let trial = root | UInt128(1) << UInt128(bit)
      let product = power == 2 ? trial * trial : trial * trial * trial
      if product <= target { root = trial }
    }
    return UInt32(truncatingIfNeeded: root)
  }
}
