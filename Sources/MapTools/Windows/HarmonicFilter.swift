import SkyMaps

/// A map whose coefficients are multiplied by factors: smoothing, another beam, another resolution.
///
/// Definition:  analysis up to lmax, a_lm f_l, synthesis at the same or another nside. Q and U go
///              through E and B.
/// Masks:       unobserved pixels are refused, or count as 0 if that is asked for; at the same
///              nside they are unobserved in the result again, at another nside every pixel has a
///              value.
/// Equals:      healpy.smoothing with a beam; healpy.harmonic_ud_grade without weights, with the
///              quotient of the windows; both with quadrature of 3 iterations and their lmax.
/// Checked by:  MapFilterOracleTests (healpy).
public struct HarmonicFilter: Sendable {
  /// How the map is analysed.
  public var analysis: MapAnalysis
  /// The factors, up to the analysis' lmax at least.
  public var transfer: HarmonicTransfer
  /// Whether unobserved pixels count as 0.
  public var zeroesUnobserved: Bool

  /// Settings of a filter.
  public init(_ analysis: MapAnalysis, _ transfer: HarmonicTransfer, zeroesUnobserved: Bool = false)
  {
    precondition(transfer.lmax >= analysis.lmax, "factors up to \(transfer.lmax)")
    self.analysis = analysis
    self.transfer = transfer
    self.zeroesUnobserved = zeroesUnobserved
  }

  /// The filtered map.
  ///
  /// - Parameters:
  ///   - map: T, Q and U, or all.
  ///   - nside: resolution of the result; nil: that of the map.
  ///   - threads: any number gives the same bits.
  /// - Returns: the map, and reports of least squares.
  /// - Throws: `MapToolError`, `HealpixError`, `HarmonicTransformError.notEnoughMemory`.
  public func apply(
    _ map: SkyMap, nside: Int? = nil, threads: Int = 1
  ) throws -> (map: SkyMap, reports: [MapAnalysis.Report]) {
    let isMasked = zeroesUnobserved && map.maskedCount > 0
    let (coefficients, reports) = try analysis.coefficients(
      of: isMasked ? map.zeroingMasked : map, threads: threads)
    var result = try coefficients.multiplied(by: transfer)
      .map(nside: nside ?? map.nside, threads: threads)
    if isMasked && nside == nil { result.copyUnobserved(from: map) }
    return (result, reports)
  }
}

extension SkyMap {
  /// Takes the pixels out of each field that another map of this nside lacks in that field; where
  /// it lacks Q or U, both.
  mutating func copyUnobserved(from other: SkyMap) {
    precondition(nside == other.nside, "nside \(nside) and \(other.nside)")
    if let values = other.temperature {
      for pixel in values.indices where values[pixel].isNaN { temperature?[pixel] = .nan }
    }
    if let values = other.polarisation {
      for pixel in values.q.indices where values.q[pixel].isNaN || values.u[pixel].isNaN {
        polarisation?.q[pixel] = .nan
        polarisation?.u[pixel] = .nan
      }
    }
  }
}
