import Kernels
import SphereGrids

/// The coefficients of spin-weighted fields, split by parity: E (gradient) and B (curl).
///
/// Definition:  ₛa_lm = −(E_lm + i B_lm), ₋ₛa_lm = −(−1)^s (E_lm − i B_lm), HEALPix's sign; E and B are
///              the coefficients of real fields, m ≥ 0 stored. E has the parity (−1)^l, B (−1)^{l+1}.
/// Domain:      degrees below s do not exist: synthesis ignores them, analysis makes them zero.
public struct SpinCoefficients<T: LaneScalar>: Sendable, Equatable {
  /// E_lm of every field.
  public var e: CoefficientStack<T>
  /// B_lm of every field.
  public var b: CoefficientStack<T>

  /// Coefficients from two stacks of one shape.
  public init(e: CoefficientStack<T>, b: CoefficientStack<T>) {
    precondition(
      e.lmax == b.lmax && e.mmax == b.mmax && e.lanes == b.lanes,
      "E (lmax \(e.lmax), mmax \(e.mmax), \(e.lanes) lanes) and B (lmax \(b.lmax), mmax \(b.mmax), "
        + "\(b.lanes) lanes) differ in shape")
    self.e = e
    self.b = b
  }

  /// Coefficients that are all zero.
  public init(lmax: Int, mmax: Int? = nil, lanes: Int = 1) {
    self.init(
      e: CoefficientStack(lmax: lmax, mmax: mmax, lanes: lanes),
      b: CoefficientStack(lmax: lmax, mmax: mmax, lanes: lanes))
  }

  /// C_l^EE, C_l^BB and C_l^EB of each field, `[lane][l]`.
  public func spectra() -> (ee: [[Double]], bb: [[Double]], eb: [[Double]]) {
    (e.spectra(), b.spectra(), e.crossSpectra(with: b))
  }
}

/// The two real components of spin-weighted fields on one grid, Q + iU; Stokes parameters for spin 2.
///
/// Definition:  Q and U refer to the meridian at every point, x to the south and y to the east: the
///              COSMO convention of HEALPix. In the IAU convention U has the other sign.
public struct SpinFields<T: LaneScalar>: Sendable {
  /// Q of every field.
  public var q: FieldStack<T>
  /// U of every field.
  public var u: FieldStack<T>

  /// Fields from two stacks on one grid.
  public init(q: FieldStack<T>, u: FieldStack<T>) {
    precondition(
      q.grid.name == u.grid.name && q.lanes == u.lanes,
      "Q (\(q.grid.name), \(q.lanes) lanes) and U (\(u.grid.name), \(u.lanes) lanes) differ")
    self.q = q
    self.u = u
  }

  /// Fields that are zero everywhere.
  public init(grid: any RingGrid, lanes: Int = 1) {
    self.init(q: FieldStack(grid: grid, lanes: lanes), u: FieldStack(grid: grid, lanes: lanes))
  }

  /// The same fields in the other polarisation convention, IAU or COSMO: U with the other sign.
  public var flippingU: SpinFields {
    var fields = self
    for i in fields.u.values.indices { fields.u.values[i] = -fields.u.values[i] }
    return fields
  }
}
