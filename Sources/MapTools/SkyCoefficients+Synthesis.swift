import FourierTransforms
import HarmonicTransforms
import Kernels
import SkyMaps
import SphereGrids

extension SkyCoefficients {
  /// The fields at the points of a grid, in ring order: T, then Q and U.
  ///
  /// Definition:  T = Σ a_lm Y_lm, Q + iU = −Σ (E_lm + i B_lm) ₂Y_lm (Conventions 2 and 12).
  /// Domain:      any lmax; degrees beyond what the points resolve are evaluated, not dropped.
  ///
  /// - Parameters:
  ///   - grid: any grid of rings.
  ///   - threads: any number gives the same bits.
  /// - Returns: T, and Q and U, as far as there are coefficients.
  /// - Throws: `HarmonicTransformError.notEnoughMemory`, before anything is computed.
  public func fields(
    on grid: any RingGrid, threads: Int = 1
  ) throws(HarmonicTransformError) -> (temperature: [Double]?, polarisation: SkyMap.Polarisation?) {
    let scalar = ScalarTransform<Double>(grid: grid, lmax: lmax, mmax: mmax)
    let spin = SpinTransform(scalar)
    // T and the orders of its rings stay in memory while Q and U are made.
    let temperatureMemory = temperature == nil ? 0 : scalar.memory(lanes: 1)
    if polarisation != nil {
      try spin.requireMemory(lanes: 1, beside: temperatureMemory)
    } else if temperature != nil {
      try scalar.requireMemory(lanes: 1)
    }
    let t = temperature.map { scalar.synthesis($0, threads: threads).values }
    let qu = polarisation.map { spin.synthesis($0, threads: threads) }
    return (t, qu.map { SkyMap.Polarisation(q: $0.q.values, u: $0.u.values) })
  }

  /// The map on a HEALPix grid: healpy.alm2map.
  ///
  /// - Throws: `HealpixError.invalidNside`, `HarmonicTransformError.notEnoughMemory`.
  public func map(nside: Int, threads: Int = 1) throws -> SkyMap {
    let fields = try fields(on: try HealpixGrid(nside: nside), threads: threads)
    return SkyMap(
      nside: nside, temperature: fields.temperature, polarisation: fields.polarisation, unit: unit,
      coordinateSystem: coordinateSystem)
  }
}
