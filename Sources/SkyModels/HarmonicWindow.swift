import Foundation

/// The transfer function of a Gaussian beam: the factors of a_lm that smoothing multiplies by.
///
/// Definition: T: b_l = exp(−l(l + 1) σ²/2); E and B: b_l = exp(−[l(l + 1) − 4] σ²/2), since
///             smoothing is a rotation-invariant operation on the spin-2 field Q ± iU
///             [Challinor2000]. σ = FWHM/√(8 ln 2).
/// Units:      radians. Spectra are multiplied by b_l² (`NamedSpectra.filtered`).
/// Domain:     FWHM ≥ 0 and finite; the small-angle form, meant for FWHM up to some 20 degrees.
/// Accuracy:   (8 + 4 |exponent|) u relative.
/// Checked by: HarmonicWindowOracleTests (healpy `gauss_beam`).
public struct GaussianBeam: Sendable, Hashable {
  /// Full width at half maximum, radians.
  public let fullWidth: Double

  /// A beam of the given full width at half maximum in radians; 0 is no smoothing.
  ///
  /// - Throws: `HarmonicWindowError.beamWidth`.
  public init(fullWidth: Double) throws(HarmonicWindowError) {
    guard fullWidth >= 0 && fullWidth.isFinite else { throw .beamWidth(found: fullWidth) }
    self.fullWidth = fullWidth
  }

  /// σ = FWHM/√(8 ln 2), radians.
  public var standardDeviation: Double { fullWidth / (8 * log(2.0)).squareRoot() }

  /// b_l of T, l = 0...lmax.
  public func temperature(lmax: Int) -> [Double] { values(lmax: lmax, spinTerm: 0) }

  /// b_l of E and B, l = 0...lmax. Below l = 2, where there is neither, the formula exceeds 1.
  public func polarisation(lmax: Int) -> [Double] { values(lmax: lmax, spinTerm: 4) }

  private func values(lmax: Int, spinTerm: Int) -> [Double] {
    precondition(lmax >= 0, "lmax \(lmax) must be >= 0")
    let variance = standardDeviation * standardDeviation
    return (0...lmax).map { l in exp(-0.5 * Double(l * (l + 1) - spinTerm) * variance) }
  }
}

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

/// Why there is no such beam or window.
public enum HarmonicWindowError: Error, Sendable, Hashable, CustomStringConvertible {
  case beamWidth(found: Double)
  case notTabulated(nside: Int, known: [Int])

  public var description: String {
    switch self {
    case .beamWidth(let found):
      return "the full width of the beam is \(found), expected a finite number >= 0 in radians"
    case .notTabulated(let nside, let known):
      return "there is no pixel window for nside \(nside), only for "
        + known.map(String.init).joined(separator: ", ")
        + "; leave it out, which treats map values as values at the pixel centres"
    }
  }
}
