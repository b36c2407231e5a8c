import FourierTransforms
import HarmonicTransforms
import Kernels

extension SkyCoefficients {
  /// The coefficients of the rotated sky; T, E and B turn alike (Conventions 17).
  ///
  /// Definition:  T'(R n) = T(n); Q and U are carried along with the frames they are measured in.
  /// Domain:      mmax = lmax.
  /// Equals:      healpy.rotate_alm(alm, psi, theta, phi) with psi = γ, theta = β, phi = α.
  /// Checked by:  MapToolsOracleTests.
  ///
  /// - Parameters:
  ///   - rotation: R.
  ///   - threads: any number gives the same bits.
  /// - Returns: coefficients of the same lmax. They have no coordinate system: galactic coordinates
  ///   are no longer galactic after a rotation.
  /// - Throws: `MapToolError.ordersMissing`.
  public func rotated(
    by rotation: Rotation, threads: Int = 1
  ) throws(MapToolError) -> SkyCoefficients {
    guard mmax == lmax else { throw .ordersMissing(lmax: lmax, mmax: mmax) }
    return SkyCoefficients(
      temperature: temperature?.rotated(by: rotation, threads: threads),
      polarisation: polarisation.map {
        SpinCoefficients(
          e: $0.e.rotated(by: rotation, threads: threads),
          b: $0.b.rotated(by: rotation, threads: threads))
      }, unit: unit)
  }
}
