import FourierTransforms
import Kernels
import SphereGrids

/// `EquiangularAnalysis` of spin-weighted fields.
///
/// Definition:  E and B of the interpolation of Q and U along great circles, on which crossing a
///              pole turns the meridian's frame by π: Q and U get the factor (−1)^s.
/// Domain, accuracy and method: as `EquiangularAnalysis`.
/// Cost:        about four times that of the scalar analysis.
/// Checked by:  the same tests, and EquiangularAnalysisOracleTests (ducc0).
public final class SpinEquiangularAnalysis<T: FourierScalar>: Sendable {
  /// The grid of all fields.
  public let grid: ClenshawCurtisGrid
  /// s.
  public var spin: Int { transform.spin }
  /// Largest degree, inclusive.
  public var lmax: Int { transform.lmax }
  /// Largest order, inclusive.
  public var mmax: Int { transform.mmax }

  private let interpolation: MeridianInterpolation<T>
  private let transform: SpinTransform<T>

  /// Prepares the analysis.
  ///
  /// - Parameters:
  ///   - grid: the rings.
  ///   - spin: s, 1...8; 2 for polarisation.
  ///   - lmax: largest degree, inclusive.
  ///   - mmax: largest order; lmax when nil.
  /// - Throws: `HarmonicTransformError.degreeBeyondInterpolation` or `.oddLongitudes`.
  public init(
    grid: ClenshawCurtisGrid, spin: Int = 2, lmax: Int, mmax: Int? = nil
  ) throws(HarmonicTransformError) {
    try grid.requireInterpolation(lmax: lmax)
    self.grid = grid
    interpolation = MeridianInterpolation(from: grid, spin: spin)
    transform = SpinTransform(grid: interpolation.fine, spin: spin, lmax: lmax, mmax: mmax)
  }

  /// The coefficients of fields.
  ///
  /// - Throws: `HarmonicTransformError.otherGrid` or `.notFinite`.
  public func analysis(
    _ f: SpinFields<T>, threads: Int = 1
  ) throws(HarmonicTransformError) -> SpinCoefficients<T> {
    try f.q.requireUsable(on: grid)
    try f.u.requireUsable(on: grid)
    let fine = SpinFields(
      q: interpolation.interpolated(f.q), u: interpolation.interpolated(f.u))
    return try transform.analysis(fine, threads: threads)
  }

  /// The gradient with respect to the fields, given that with respect to the stored coefficients:
  /// the transpose of `analysis`.
  public func analysisGradient(_ da: SpinCoefficients<T>, threads: Int = 1) -> SpinFields<T> {
    let fine = transform.analysisGradient(da, threads: threads)
    return SpinFields(q: interpolation.transposed(fine.q), u: interpolation.transposed(fine.u))
  }
}
