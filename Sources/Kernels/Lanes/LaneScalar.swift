/// The two precisions of every transform and layer: `Float` for training, `Double` for checking.
///
/// Tables (Legendre functions, quadrature weights, nodes) are computed in `Double` and rounded once
/// by `init(_: Double)`. `Vector` is the 32-byte register of AVX2 seen as lanes of this type.
public protocol LaneScalar:
  BinaryFloatingPoint, SIMDScalar, Codable, Sendable, CustomStringConvertible
where Magnitude == Self {
  /// Eight `Float` or four `Double`: one 256-bit register.
  associatedtype Vector: SIMD, Sendable where Vector.Scalar == Self

  /// The name used in files and messages: `float32` or `float64`.
  static var precisionName: String { get }

  /// (v1, v0, v3, v2, ...): the real and imaginary parts of adjacent complex numbers exchanged.
  static func exchangingPairs(_ v: Vector) -> Vector

  /// (−1, 1, −1, 1, ...): with `exchangingPairs`, the multiplication of adjacent complex numbers by
  /// i.
  static var imaginaryUnitSigns: Vector { get }

  /// 0 where z ≤ 0, and v elsewhere, also where z is NaN: with v = z the rectifier max(0, z) that
  /// NaN passes, and with v = z̄ its derivative, both as in PyTorch.
  static func zeroing(_ v: Vector, whereAtMostZero z: Vector) -> Vector
}

extension Float: LaneScalar {
  public typealias Vector = SIMD8<Float>
  public static var precisionName: String { "float32" }

  @inline(__always)
  public static func exchangingPairs(_ v: SIMD8<Float>) -> SIMD8<Float> {
    SIMD8(v[1], v[0], v[3], v[2], v[5], v[4], v[7], v[6])
  }

  @inline(__always)
  public static func zeroing(
    _ v: SIMD8<Float>, whereAtMostZero z: SIMD8<Float>
  ) -> SIMD8<Float> {
    let zero = SIMD8<Float>(repeating: 0)
    return v.replacing(with: zero, where: z .<= zero)
  }

  @inline(__always)
  public static var imaginaryUnitSigns: SIMD8<Float> { SIMD8(-1, 1, -1, 1, -1, 1, -1, 1) }
}

extension Double: LaneScalar {
  public typealias Vector = SIMD4<Double>
  public static var precisionName: String { "float64" }

  @inline(__always)
  public static func exchangingPairs(_ v: SIMD4<Double>) -> SIMD4<Double> {
    SIMD4(v[1], v[0], v[3], v[2])
  }

  @inline(__always)
  public static func zeroing(
    _ v: SIMD4<Double>, whereAtMostZero z: SIMD4<Double>
  ) -> SIMD4<Double> {
    let zero = SIMD4<Double>(repeating: 0)
    return v.replacing(with: zero, where: z .<= zero)
  }

  @inline(__always)
  public static var imaginaryUnitSigns: SIMD4<Double> { SIMD4(-1, 1, -1, 1) }
}

/// max(0, z), and NaN where z is NaN: the rectifier of one number.
@inline(__always)
package func rectified<T: FloatingPoint>(_ z: T) -> T { z <= 0 ? 0 : z }

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
