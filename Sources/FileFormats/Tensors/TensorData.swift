/// An array of numbers as a file holds it: element type, shape and bytes.
///
/// Layout: row-major (last index fastest), little-endian, without padding:
///         bytes.count = product(shape) * dtype.byteCount. Shape [] is a single number.
/// Conversions are exact or throw: a value that the target type cannot hold is an error with its
/// index. Rounding is asked for by name, with `rounded(to:)`.
/// Checked by: TensorConversionPropertyTests.
public struct TensorData: Sendable, Equatable {
  /// The type of one element. The raw value is its name in safetensors files.
  public enum DType: String, Sendable, CaseIterable {
    case float64 = "F64"
    case float32 = "F32"
    case float16 = "F16"
    case bfloat16 = "BF16"
    case int64 = "I64"
    case int32 = "I32"
    case int16 = "I16"
    case int8 = "I8"
    case uint8 = "U8"
    case bool = "BOOL"

    /// Bytes of one element.
    public var byteCount: Int {
      switch self {
      case .float64, .int64: return 8
      case .float32, .int32: return 4
      case .float16, .bfloat16, .int16: return 2
      case .int8, .uint8, .bool: return 1
      }
    }

    /// Whether elements are floating-point numbers.
    public var isFloatingPoint: Bool {
      switch self {
      case .float64, .float32, .float16, .bfloat16: return true
      case .int64, .int32, .int16, .int8, .uint8, .bool: return false
      }
    }
  }

  public let dtype: DType
  /// Extent of each dimension, slowest first.
  public let shape: [Int]
  /// The elements, little-endian and row-major.
  public let bytes: [UInt8]

  /// Number of elements, product(shape).
  public var count: Int { bytes.count / dtype.byteCount }

  /// A tensor from its parts.
  ///
  /// Domain: bytes.count = product(shape) * dtype.byteCount (a precondition: readers of files check
  /// it first and throw).
  public init(dtype: DType, shape: [Int], bytes: [UInt8]) {
    precondition(
      TensorData.byteCount(dtype: dtype, shape: shape) == bytes.count,
      "shape \(shape) of \(dtype) does not fit \(bytes.count) bytes")
    self.dtype = dtype
    self.shape = shape
    self.bytes = bytes
  }

  /// A float32 tensor of shape `shape`, or a vector if none is given; bits are kept.
  public init(_ values: [Float], shape: [Int]? = nil) {
    self.init(
      dtype: .float32, shape: shape ?? [values.count],
      bytes: littleEndianBytes(of: values, \.bitPattern))
  }

  /// A float64 tensor of shape `shape`, or a vector if none is given; bits are kept.
  public init(_ values: [Double], shape: [Int]? = nil) {
    self.init(
      dtype: .float64, shape: shape ?? [values.count],
      bytes: littleEndianBytes(of: values, \.bitPattern))
  }

  /// An int64 tensor of shape `shape`, or a vector if none is given.
  public init(_ values: [Int64], shape: [Int]? = nil) {
    self.init(
      dtype: .int64, shape: shape ?? [values.count], bytes: littleEndianBytes(of: values, \.self))
  }

  /// product(shape) * dtype.byteCount, or nil if an extent is negative or the product overflows.
  static func byteCount(dtype: DType, shape: [Int]) -> Int? {
    // A zero anywhere makes the product zero, whatever the other extents multiply to.
    if shape.contains(where: { $0 < 0 }) { return nil }
    if shape.contains(0) { return 0 }
    var total = dtype.byteCount
    for extent in shape {
      let (product, overflow) = total.multipliedReportingOverflow(by: extent)
      if overflow { return nil }
      total = product
    }
    return total
  }
}
