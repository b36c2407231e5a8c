/// The two precisions of every transform and layer: `Float` for training, `Double` for checking.
///
/// Tables (Legendre functions, quadrature weights, nodes) are computed in `Double` and rounded once
/// by `init(_: Double)`. `Vector` is the 32-byte register of AVX2 seen as lanes of this type.
public protocol LaneScalar:
  BinaryFloatingPoint, SIMDScalar, Sendable, CustomStringConvertible
where Magnitude == Self {
  /// Eight `Float` or four `Double`: one 256-bit register.
  associatedtype Vector: SIMD, Sendable where Vector.Scalar == Self

  /// The name used in files and messages: `float32` or `float64`.
  static var precisionName: String { get }
}

extension Float: LaneScalar {
  public typealias Vector = SIMD8<Float>
  public static var precisionName: String { "float32" }
}

extension Double: LaneScalar {
  public typealias Vector = SIMD4<Double>
  public static var precisionName: String { "float64" }
}

extension SIMD where Scalar: FloatingPoint {
  /// self + a b, fused into one rounding where the compiler may use the CPU's instruction.
  ///
  /// Without the instruction a fused multiply-add is a library call per lane, a hundred times
  /// slower than a multiplication followed by an addition, so portable builds use the latter.
  @inline(__always)
  package func adding(_ a: Self, times b: Self) -> Self {
    #if SPHERE_FUSED_MULTIPLY_ADD
      return self.addingProduct(a, b)
    #else
      return self + a * b
    #endif
  }
}
