import Kernels
import SphereGrids

/// The coefficients of spin-weighted fields, split by parity: E (gradient) and B (curl).
///
/// Definition:  ₛa_lm = −(E_lm + i B_lm), ₋ₛa_lm = −(−1)^s (E_lm − i B_lm), HEALPix's sign; E and B
///              are the coefficients of real fields, m ≥ 0 stored. E has the parity (−1)^l, B
///              (−1)^{l+1}.
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
