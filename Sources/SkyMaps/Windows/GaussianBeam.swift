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
