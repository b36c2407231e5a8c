/// The transfer function of HEALPix pixels: the factors of a_lm when values are means over pixels
/// and not values at their centres.
///
/// Definition: w_l² = mean over pixels p of 4π/(2l + 1) Σ_m |w_lm(p)|², w_lm(p) the mean of Y_lm
///             over the pixel; for E and B with spin-2 harmonics [Gorski2005]. It replaces the
///             shape of every pixel by an average one.
/// Values:     those that HEALPix distributes and `healpy.pixwin` returns.
/// Domain:     nside 2, 4, 8, ... 128; l = 0...4 nside.
/// Units:      none. Spectra are multiplied by w_l² (`NamedSpectra.filtered`).
/// Checked by: HarmonicWindowOracleTests (healpy), PixelWindowDefinitionTests.
public struct PixelWindow: Sendable, Hashable {
  /// Resolution of the pixels.
  public let nside: Int
  /// w_l of T, l = 0...4 nside.
  public let temperature: [Double]
  /// w_l of E and B, l = 0...4 nside; 0 below l = 2.
  public let polarisation: [Double]

  /// The largest degree, 4 nside.
  public var lmax: Int { temperature.count - 1 }

  /// The resolutions that are tabulated.
  public static let resolutions = temperatureValues.keys.sorted()

  /// The window of one resolution.
  ///
  /// - Throws: `HarmonicWindowError.notTabulated`.
  public init(nside: Int) throws(HarmonicWindowError) {
    guard let temperature = Self.temperatureValues[nside],
      let polarisation = Self.polarisationValues[nside]
    else {
      throw .notTabulated(nside: nside, known: Self.resolutions)
    }
    self.nside = nside
    self.temperature = temperature
    self.polarisation = polarisation
  }
}
