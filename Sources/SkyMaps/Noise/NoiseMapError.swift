import Faults

/// Why numbers are not a noise map, or not one for these maps.
public enum NoiseMapError: UserError, Sendable, Hashable {
  /// The number of values is not 12 nside².
  case pixelCount(found: Int, nside: Int)
  /// A value is negative or not finite.
  case notADeviation(pixel: Int, found: Double)
  /// Observed pixels without noise.
  case noNoise(pixel: Int, count: Int)
  /// The noise map has another resolution than the maps.
  case nsideMismatch(found: Int, expected: Int)
  /// A pixel has no value where the mask observes.
  case missing(pixel: Int, count: Int)
  /// The unit of the column is no temperature.
  case unit(found: String)

  /// What was found, what was expected, and what to do.
  public var description: String {
    switch self {
    case .pixelCount(let found, let nside):
      return "found \(found) pixels, expected 12 nside^2 with nside = \(nside); "
        + "give one standard deviation per pixel"
    case .notADeviation(let pixel, let found):
      return "pixel \(pixel) has the noise \(found), expected a finite standard deviation >= 0; "
        + "check that the map is the rms of the noise, and no noise itself"
    case .noNoise(let pixel, let count):
      return "\(count) observed pixels have no noise, the first is pixel \(pixel); expected a "
        + "standard deviation above 0 at every observed pixel: mask these pixels, or give them "
        + "their noise"
    case .nsideMismatch(let found, let expected):
      return "the noise map has nside \(found), expected \(expected); an rms map is brought to "
        + "another resolution by its variances, not by its values"
    case .missing(let pixel, let count):
      return "\(count) observed pixels have no value, the first is pixel \(pixel); expected a "
        + "standard deviation at every observed pixel: mask these pixels"
    case .unit(let found):
      return "the unit is '\(found)', expected a temperature such as uK or K_CMB; the square of "
        + "one is that of a variance: give its square root"
    }
  }
}

extension NoiseMapError {
  public var faultClass: FaultClass { .badInput }
}
