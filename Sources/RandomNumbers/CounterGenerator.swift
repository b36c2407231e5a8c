/// The counter-based generator Philox4x32-10: a bijection of 128-bit counters, one for each 64-bit
/// key, whose output looks random [Salmon2011].
///
/// Definition: ten rounds of
///               (c0, c1, c2, c3) ← (hi(B c2) ⊕ c1 ⊕ k0, lo(B c2), hi(A c0) ⊕ c3 ⊕ k1, lo(A c0)),
///               (k0, k1) ← (k0 + 0x9E3779B9, k1 + 0xBB67AE85)  modulo 2³²,
///             with A = 0xD2511F53, B = 0xCD9E8D57 [Salmon2011].
/// There is no state: a random number is a function of its address, so it does not matter in which
/// order, in which batch or on which thread it is drawn.
/// Checked by: CounterGeneratorTests.
public enum CounterGenerator {
  static let multiplierA: UInt64 = 0xD251_1F53
  static let multiplierB: UInt64 = 0xCD9E_8D57
  static let weyl0: UInt32 = 0x9E37_79B9
  static let weyl1: UInt32 = 0xBB67_AE85
  static let roundCount = 10

  /// The four random words of one counter.
  public static func words(counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
    var c = counter
    var k = key
    for _ in 0..<roundCount {
      let productA = multiplierA * UInt64(c[0])
      let productB = multiplierB * UInt64(c[2])
      c = SIMD4(
        UInt32(truncatingIfNeeded: productB >> 32) ^ c[1] ^ k[0],
        UInt32(truncatingIfNeeded: productB),
        UInt32(truncatingIfNeeded: productA >> 32) ^ c[3] ^ k[1],
        UInt32(truncatingIfNeeded: productA))
      k = SIMD2(k[0] &+ weyl0, k[1] &+ weyl1)
    }
    return c
  }

  /// `words` for eight counters at once, which differ in their word 0 only.
  ///
  /// Every 32-bit word sits in the low half of a 64-bit lane, where the CPU multiplies 32 by 32
  /// bits to 64. Carries into the high halves are cut off before they matter.
  /// Twin:       `words(counter:key:)`.
  @inline(never)
  static func eightBlocks(
    word0: SIMD8<UInt64>, word1: UInt32, word2: UInt32, word3: UInt32, key: SIMD2<UInt32>
  ) -> EightBlocks {
    let low = SIMD8<UInt64>(repeating: 0xFFFF_FFFF)
    let half = SIMD8<UInt64>(repeating: 32)
    let a = SIMD8<UInt64>(repeating: multiplierA)
    let b = SIMD8<UInt64>(repeating: multiplierB)
    let step0 = SIMD8<UInt64>(repeating: UInt64(weyl0))
    let step1 = SIMD8<UInt64>(repeating: UInt64(weyl1))
    var k0 = SIMD8<UInt64>(repeating: UInt64(key[0]))
    var k1 = SIMD8<UInt64>(repeating: UInt64(key[1]))
    var c0 = word0
    var c1 = SIMD8<UInt64>(repeating: UInt64(word1))
    var c2 = SIMD8<UInt64>(repeating: UInt64(word2))
    var c3 = SIMD8<UInt64>(repeating: UInt64(word3))
    for _ in 0..<roundCount {
      let productA = a &* (c0 & low)
      let productB = b &* (c2 & low)
      c0 = (productB &>> half) ^ c1 ^ k0
      c1 = productB
      c2 = (productA &>> half) ^ c3 ^ k1
      c3 = productA
      k0 = k0 &+ step0
      k1 = k1 &+ step1
    }
    return EightBlocks(
      first: (c1 &<< half) | (c0 & low), second: (c3 &<< half) | (c2 & low))
  }

  /// The words of eight blocks, joined to 64 bits with the earlier word in the low half.
  struct EightBlocks {
    /// Words 0 and 1.
    var first: SIMD8<UInt64>
    /// Words 2 and 3.
    var second: SIMD8<UInt64>
  }
}
