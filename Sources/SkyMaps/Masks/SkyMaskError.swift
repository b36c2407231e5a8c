import Faults

/// Why numbers are not a mask, or not one for this map.
public enum SkyMaskError: UserError, Sendable, Hashable {
  /// The number of weights is not 12 nside².
  case pixelCount(found: Int, nside: Int)
  /// A weight is outside [0, 1], or NaN.
  case weightOutside(pixel: Int, found: Double)
  /// No weight is above 0.
  case allMasked
  /// The mask has another resolution than the map.
  case nsideMismatch(found: Int, expected: Int)
  /// The sky fraction of a cap is not above 0 and at most 1.
  case skyFraction(found: Double)

  /// What was found, what was expected, and what to do.
  public var description: String {
    switch self {
    case .pixelCount(let found, let nside):
      return "found \(found) pixels, expected 12 nside^2 with nside = \(nside); "
        + "give one value per pixel"
    case .weightOutside(let pixel, let found):
      return
        "pixel \(pixel) has the weight \(found), expected a number in 0...1, where 0 is masked "
        + "and 1 observed; check that this is a mask and has no unit of temperature"
    case .allMasked:
      return "no pixel is observed, expected at least one weight above 0; check that 1 means "
        + "observed, and that the mask and the map cover the same sky"
    case .nsideMismatch(let found, let expected):
      return "the mask has nside \(found), expected \(expected); "
        + "bring it to the resolution of the map, for instance with healpy.ud_grade"
    case .skyFraction(let found):
      return "the sky fraction is \(found), expected a number above 0 and at most 1"
    }
  }
}

extension SkyMaskError {
  public var faultClass: FaultClass { .usage }
}
