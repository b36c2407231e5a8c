extension TensorData {
  /// The elements as `Double`.
  ///
  /// Accuracy: exact. Every floating-point type fits; an int64 beyond 2^53 may not.
  ///
  /// - Throws: `TensorError.inexact` with the first element that does not fit.
  public func doubles() throws(TensorError) -> [Double] {
    if let values = floatingValues { return values }
    return try exactly(try integerValues(), as: "float64") { Double(exactly: $0) }
  }

  /// The elements as `Float`.
  ///
  /// Accuracy: exact, bit for bit from float32; a NaN of another type becomes a NaN.
  ///
  /// - Throws: `TensorError.inexact` with the first element that does not fit.
  public func floats() throws(TensorError) -> [Float] {
    if dtype == .float32 { return stored(UInt32.self).map { Float(bitPattern: $0) } }
    if let values = floatingValues {
      return try exactly(values, as: "float32") { $0.isNaN ? Float.nan : Float(exactly: $0) }
    }
    return try exactly(try integerValues(), as: "float32") { Float(exactly: $0) }
  }

  /// The elements as `Int64`.
  ///
  /// Accuracy: exact; a floating-point element must be an integer.
  ///
  /// - Throws: `TensorError.inexact` with the first element that is not.
  public func integers() throws(TensorError) -> [Int64] {
    if let values = floatingValues {
      return try exactly(values, as: "int64") { Int64(exactly: $0) }
    }
    return try integerValues()
  }

  /// The same tensor rounded to a floating-point type, to nearest with ties to even.
  ///
  /// Accuracy: one rounding from the stored value; subnormal results are rounded like the others.
  ///           Infinities and NaN stay what they are.
  /// Domain:   `target` is a floating-point type (a precondition).
  ///
  /// - Throws: `TensorError.overflow` if a finite element would become infinite;
  ///   `TensorError.inexact` if an integer element does not fit a `Double`.
  public func rounded(to target: DType) throws(TensorError) -> TensorData {
    precondition(target.isFloatingPoint, "\(target) is not a floating-point type")
    if target == dtype { return self }
    let values = try doubles()
    for (index, value) in values.enumerated() where value.isFinite {
      guard value.magnitude < target.overflowThreshold else {
        throw TensorError.overflow(index: index, value: value, to: target)
      }
    }
    switch target {
    case .float64:
      return TensorData(values, shape: shape)
    case .float32:
      return TensorData(values.map { Float($0) }, shape: shape)
    default:
      let format = target == .bfloat16 ? ShortFloat.bfloat16 : ShortFloat.float16
      return TensorData(
        dtype: target, shape: shape, bytes: littleEndianBytes(of: values) { format.bits(of: $0) })
    }
  }

  /// The elements of a floating-point tensor, all of which fit a `Double`; nil for integers.
  private var floatingValues: [Double]? {
    switch dtype {
    case .float64: return stored(UInt64.self).map { Double(bitPattern: $0) }
    case .float32: return stored(UInt32.self).map { Double(Float(bitPattern: $0)) }
    case .float16: return stored(UInt16.self).map { ShortFloat.float16.value(of: $0) }
    case .bfloat16: return stored(UInt16.self).map { ShortFloat.bfloat16.value(of: $0) }
    case .int64, .int32, .int16, .int8, .uint8, .bool: return nil
    }
  }

  /// The elements of an integer or boolean tensor.
  private func integerValues() throws(TensorError) -> [Int64] {
    switch dtype {
    case .int64: return stored(Int64.self)
    case .int32: return stored(Int32.self).map { Int64($0) }
    case .int16: return stored(Int16.self).map { Int64($0) }
    case .int8: return stored(Int8.self).map { Int64($0) }
    case .uint8: return bytes.map { Int64($0) }
    case .bool:
      if let index = bytes.firstIndex(where: { $0 > 1 }) {
        throw TensorError.notABoolean(index: index, byte: bytes[index])
      }
      return bytes.map { Int64($0) }
    case .float64, .float32, .float16, .bfloat16:
      preconditionFailure("\(dtype) is not an integer type")
    }
  }

  private func exactly<A, B>(
    _ values: [A], as target: String, convert: (A) -> B?
  ) throws(TensorError) -> [B] {
    var result: [B] = []
    result.reserveCapacity(values.count)
    for (index, value) in values.enumerated() {
      guard let converted = convert(value) else {
        throw TensorError.inexact(index: index, value: "\(value)", from: dtype, to: target)
      }
      result.append(converted)
    }
    return result
  }

  private func stored<T: FixedWidthInteger & BitwiseCopyable>(_ type: T.Type) -> [T] {
    let size = MemoryLayout<T>.size
    return bytes.withUnsafeBytes { raw in
      (0..<raw.count / size).map {
        T(littleEndian: raw.loadUnaligned(fromByteOffset: $0 * size, as: T.self))
      }
    }
  }
}

extension TensorData.DType {
  /// The smallest magnitude that rounds to infinity: half a unit in the last place above the
  /// largest finite number (a tie, which goes to the even neighbour, infinity).
  fileprivate var overflowThreshold: Double {
    switch self {
    case .float32: return 0x1.ffffffp127
    case .float16: return 65520
    case .bfloat16: return 0x1.ffp127
    default: return .infinity
    }
  }
}

/// A binary floating-point format of 16 bits: sign, exponent, fraction, with subnormal numbers.
///
/// Definition: value = (-1)^s 2^(e - bias) (1 + f / 2^p) for 0 < e < the largest exponent,
///             (-1)^s 2^(1 - bias) f / 2^p for e = 0 [IEEE754, 3.4].
/// Swift's Float16 is missing on some platforms and there is no BFloat16, so both are written out.
struct ShortFloat {
  /// Bits of the fraction, p.
  let fractionBits: Int
  let bias: Int

  static let float16 = ShortFloat(fractionBits: 10, bias: 15)
  static let bfloat16 = ShortFloat(fractionBits: 7, bias: 127)

  private var infinity: UInt16 { UInt16(2 * bias + 1) << UInt16(fractionBits) }

  /// The number that `bits` stand for, exactly.
  func value(of bits: UInt16) -> Double {
    let magnitude = bits & 0x7fff
    let sign = bits & 0x8000 == 0 ? 1.0 : -1.0
    if magnitude > infinity { return .nan }
    if magnitude == infinity { return sign * .infinity }
    let exponent = Int(magnitude >> UInt16(fractionBits))
    let fraction = Double(Int(magnitude) - (exponent << fractionBits))
    let unit = powerOfTwo(max(exponent, 1) - bias - fractionBits)
    return sign * unit * (exponent == 0 ? fraction : fraction + powerOfTwo(fractionBits))
  }

  /// The nearest number of this format, ties to even. A magnitude that rounds beyond the largest
  /// finite number gives infinity: callers that must not overflow check first.
  func bits(of x: Double) -> UInt16 {
    let sign: UInt16 = x.sign == .minus ? 0x8000 : 0
    if x.isNaN { return sign | infinity | 1 << UInt16(fractionBits - 1) }
    if x.isInfinite || x.magnitude >= powerOfTwo(bias + 1) { return sign | infinity }
    if x == 0 { return sign }
    // In units of the last place the magnitude is an integer after rounding. A carry out of the
    // fraction lands in the exponent, which is what the next binade needs.
    let exponent = max(Int(x.exponent), 1 - bias)
    let scaled = x.magnitude * powerOfTwo(fractionBits - exponent)
    let significand = UInt16(scaled.rounded(.toNearestOrEven))
    return sign | (significand + UInt16(exponent + bias - 1) << UInt16(fractionBits))
  }

  private func powerOfTwo(_ exponent: Int) -> Double {
    Double(sign: .plus, exponent: exponent, significand: 1)
  }
}

/// The bytes of `values`, each turned into an integer by `bits`, least significant byte first.
func littleEndianBytes<T, U: FixedWidthInteger & BitwiseCopyable>(
  of values: [T], _ bits: (T) -> U
) -> [UInt8] {
  let size = MemoryLayout<U>.size
  return [UInt8](unsafeUninitializedCapacity: values.count * size) { buffer, count in
    let raw = UnsafeMutableRawBufferPointer(buffer)
    for (index, value) in values.enumerated() {
      raw.storeBytes(of: bits(value).littleEndian, toByteOffset: index * size, as: U.self)
    }
    count = values.count * size
  }
}
