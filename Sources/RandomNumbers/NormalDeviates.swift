import Foundation

/// Pairs of independent standard normal numbers by the method of Box and Muller [BoxMuller1958].
///
/// Definition: z = √(−2 ln u) (cos φ, sin φ), with u uniform in (0, 1) from the words 0 and 1 of a
///             block, and φ uniform on the circle from the words 2 and 3: the two lowest bits of
///             word 2 are the quadrant q and the upper 52 bits t of the 64 the place in it,
///             φ = (q + t − ½) π/2.
/// The largest |z| is √(−2 ln 2⁻⁵³) = 8.57.
enum NormalDeviates {
  /// The pair of one block, written as in the definition.
  ///
  /// Twin of:    `fourPairs`.
  static func pairByDefinition(_ words: SIMD4<UInt32>) -> (Double, Double) {
    let u = unitInterval(UInt64(words[1]) << 32 | UInt64(words[0]))
    let t = unitInterval(UInt64(words[3]) << 32 | UInt64(words[2]))
    let phi = (Double(words[2] & 3) + t - 0.5) * .pi / 2
    let radius = (-2 * log(u)).squareRoot()
    return (radius * cos(phi), radius * sin(phi))
  }

  /// The pairs of four blocks, from their words 0 and 1 (`first`) and 2 and 3 (`second`).
  ///
  /// Logarithm, sine and cosine are evaluated here by additions, multiplications and divisions,
  /// which IEEE 754 defines to the last bit: the mathematical library would be slower, and may
  /// round differently on another machine. Each stays a function of its own (`@inline(never)`),
  /// because the compiler keeps small functions in vector registers and takes long ones apart.
  /// Accuracy:   the radius is within 4 roundings, the angle within 2: |Δz| ≤ 6 u √(−2 ln u).
  /// Checked by: NormalDeviatesDefinitionTests.
  @inline(__always)
  static func fourPairs(
    _ first: SIMD4<UInt64>, _ second: SIMD4<UInt64>
  ) -> (SIMD4<Double>, SIMD4<Double>) {
    let u = unitIntervals(first)
    let t = unitIntervals(second)
    let radius = (-2 * logarithm(u)).squareRoot()
    let x = (t - 0.5) * (Double.pi / 2)
    let (cosX, sinX) = (cosine(x), sine(x))

    // Rotation by q quarter turns: for odd q the two change places; the cosine is negative in the
    // quadrants 1 and 2, the sine in 2 and 3.
    let q = second & 3
    let swap = 0 &- (q & 1)
    let (cosBits, sinBits) = (bits(cosX), bits(sinX))
    let change = (cosBits ^ sinBits) & swap
    let cosSign = (q ^ (q &>> 1)) &<< 63
    let sinSign = (q &>> 1) &<< 63
    let cosPhi = number(cosBits ^ change ^ cosSign)
    let sinPhi = number(sinBits ^ change ^ sinSign)
    return (radius * cosPhi, radius * sinPhi)
  }

  // MARK: - Elementary functions

  /// (k + ½) 2⁻⁵², by writing k into the fraction of a number in [1, 2).
  @inline(__always)
  static func unitIntervals(_ word: SIMD4<UInt64>) -> SIMD4<Double> {
    (number((word &>> 12) | 0x3FF0_0000_0000_0000) - 1) + 0x1p-53
  }

  /// ln u for 0 < u < 1, normal numbers.
  ///
  /// u = 2^e f with √½ < f ≤ √2, and ln f = 2 artanh s = 2 (s + s³/3 + s⁵/5 + ...),
  /// s = (f − 1)/(f + 1).
  /// With |s| ≤ 0.1716 the first term left out, s²³/23, is below 10⁻¹⁸ of the sum.
  @inline(never)
  static func logarithm(_ u: SIMD4<Double>) -> SIMD4<Double> {
    // The bits of √½ are subtracted from those of u: the carry into the exponent decides on which
    // side of √½ the fraction lies.
    let rootHalf: UInt64 = 0x3FE6_A09E_667F_3BCD
    let shifted = bits(u) &- rootHalf
    let e = exponent(shifted)
    let f = number((shifted & 0x000F_FFFF_FFFF_FFFF) &+ rootHalf)
    let s = (f - 1) / (f + 1)
    let s2 = s * s
    var sum = SIMD4<Double>(repeating: 2.0 / 21)
    sum = sum * s2 + 2.0 / 19
    sum = sum * s2 + 2.0 / 17
    sum = sum * s2 + 2.0 / 15
    sum = sum * s2 + 2.0 / 13
    sum = sum * s2 + 2.0 / 11
    sum = sum * s2 + 2.0 / 9
    sum = sum * s2 + 2.0 / 7
    sum = sum * s2 + 2.0 / 5
    sum = sum * s2 + 2.0 / 3
    let tail = sum * s2 * s
    return e * 0x1.62e42fefa39efp-1 + (2 * s + tail)
  }

  /// The signed exponent field of a number whose bits were shifted as in `logarithm`: in −64...0
  /// here.
  ///
  /// The field is a two's complement number of 12 bits; 2⁵² + 2¹¹ makes it a positive integer in
  /// the fraction of a number, from which the same is subtracted again.
  @inline(__always)
  static func exponent(_ shifted: SIMD4<UInt64>) -> SIMD4<Double> {
    let field = ((shifted &>> 52) &+ 0x800) & 0xFFF
    return number(field | 0x4330_0000_0000_0000) - (0x1p52 + 2048)
  }

  /// cos x for |x| ≤ π/4 by its power series; the first term left out, x¹⁸/18!, is below 3 · 10⁻¹⁸.
  @inline(never)
  static func cosine(_ x: SIMD4<Double>) -> SIMD4<Double> {
    let x2 = x * x
    var c = SIMD4<Double>(repeating: 1 / 20_922_789_888_000.0)
    c = c * x2 - 1 / 87_178_291_200.0
    c = c * x2 + 1 / 479_001_600.0
    c = c * x2 - 1 / 3_628_800.0
    c = c * x2 + 1 / 40_320.0
    c = c * x2 - 1 / 720.0
    c = c * x2 + 1 / 24.0
    c = c * x2 - 0.5
    return c * x2 + 1
  }

  /// sin x for |x| ≤ π/4 by its power series; the first term left out, x¹⁹/19!, is below 10⁻¹⁹.
  @inline(never)
  static func sine(_ x: SIMD4<Double>) -> SIMD4<Double> {
    let x2 = x * x
    var s = SIMD4<Double>(repeating: 1 / 355_687_428_096_000.0)
    s = s * x2 - 1 / 1_307_674_368_000.0
    s = s * x2 + 1 / 6_227_020_800.0
    s = s * x2 - 1 / 39_916_800.0
    s = s * x2 + 1 / 362_880.0
    s = s * x2 - 1 / 5_040.0
    s = s * x2 + 1 / 120.0
    s = s * x2 - 1 / 6.0
    return s * x2 * x + x
  }

  /// The bits of four numbers, and back.
  @inline(__always)
  static func bits(_ x: SIMD4<Double>) -> SIMD4<UInt64> {
    unsafeBitCast(x, to: SIMD4<UInt64>.self)
  }

  @inline(__always)
  static func number(_ bits: SIMD4<UInt64>) -> SIMD4<Double> {
    unsafeBitCast(bits, to: SIMD4<Double>.self)
  }
}
