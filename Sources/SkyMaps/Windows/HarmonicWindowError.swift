import Faults
import Foundation

/// Why there is no such beam or window.
public enum HarmonicWindowError: UserError, Sendable, Hashable {
  /// The width of a beam is negative, infinite or NaN; radians.
  case beamWidth(found: Double)
  /// There is no table of the pixel window for this resolution.
  case notTabulated(nside: Int, known: [Int])

  /// What was found, what was expected, and what to do.
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

extension HarmonicWindowError {
  public var faultClass: FaultClass { .usage }
}
