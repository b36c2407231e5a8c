import Foundation

/// A way in which maps can be unlike those of a training.
///
/// "rms" is the root mean square of a map's fields over the full sky before the change.
package enum Contamination: Sendable, Hashable {
  /// Good maps.
  case none
  /// Smoothed by a Gaussian beam of this full width at half maximum, in degrees.
  case beam(degrees: Double)
  /// The mean over each pixel of the sky at a higher resolution.
  case pixelAverage(nside: Int)
  /// Without the degrees above this one, as after resampling with too small an lmax.
  case truncated(lmax: Int)
  /// A constant added to T, in muK.
  case monopole(Double)
  /// A dipole along x added to T, of this amplitude in muK.
  case dipole(Double)
  /// White noise of this share of the rms, besides that of the training.
  case extraNoise(share: Double)
  /// The noise of the training times a factor.
  case noiseFactor(Double)
  /// The noise of the training times √(1 ± ½) on the northern and southern hemisphere; without
  /// noise in the training noise of 1 % of the rms in the north.
  case unevenNoise
  /// All values times a factor: another unit, or a wrong gain.
  case factor(Double)
  /// The other sign of U.
  case flippedU
  /// NESTED order, read as RING.
  case nestedOrder
  /// Zeros outside the model's mask turned by this angle about the z axis, in degrees, as if
  /// observed.
  case rotatedMask(degrees: Double)
  /// A cap of this share of the sky around the pole is 0 as if observed.
  case zeros(share: Double)
  /// A Gaussian field with C_l proportional to (l + 1)^(−2.4), like dust (E has twice the power of
  /// B), of this share of the rms.
  case powerLaw(share: Double)
  /// One pixel is higher by this factor times the rms.
  case brightPixel(Double)

  /// What it is, for tables.
  package var label: String {
    func text(_ value: Double) -> String { String(format: "%g", value) }
    switch self {
    case .none: return "good maps"
    case .beam(let degrees): return "beam of \(text(degrees)) degrees"
    case .pixelAverage(let nside): return "averaged over pixels from nside \(nside)"
    case .truncated(let lmax): return "no degrees above \(lmax)"
    case .monopole(let value): return "monopole of \(text(value)) muK"
    case .dipole(let value): return "dipole of \(text(value)) muK"
    case .extraNoise(let share): return "white noise of \(text(100 * share)) % more"
    case .noiseFactor(let factor): return "noise times \(text(factor))"
    case .unevenNoise: return "uneven noise"
    case .factor(let factor): return "values times \(text(factor))"
    case .flippedU: return "other sign of U"
    case .nestedOrder: return "NESTED read as RING"
    case .rotatedMask(let degrees): return "mask turned by \(text(degrees)) degrees"
    case .zeros(let share): return "zeros on \(text(100 * share)) % of the sky"
    case .powerLaw(let share): return "dust-like field of \(text(100 * share)) %"
    case .brightPixel(let factor): return "a pixel higher by \(text(factor)) rms"
    }
  }

  /// Whether it makes sense for a model.
  func applies(isPolarised: Bool, isCut: Bool, noise: Double) -> Bool {
    switch self {
    case .monopole, .dipole: return !isPolarised
    case .flippedU: return isPolarised
    case .rotatedMask: return isCut
    case .zeros: return !isCut
    case .noiseFactor: return noise > 0
    default: return true
    }
  }

  /// Those of the table in Docs/Results.
  package static let standard: [Contamination] = [
    .none, .beam(degrees: 1), .beam(degrees: 2), .beam(degrees: 5), .beam(degrees: 10),
    .pixelAverage(nside: 64), .truncated(lmax: 40), .truncated(lmax: 32), .monopole(1),
    .monopole(10), .dipole(1), .dipole(10), .extraNoise(share: 0.001), .extraNoise(share: 0.01),
    .extraNoise(share: 0.1), .extraNoise(share: 1), .noiseFactor(0.5), .noiseFactor(0.9),
    .noiseFactor(1.1), .noiseFactor(1.5), .unevenNoise, .factor(1e-6), .factor(1e-3), .factor(1.1),
    .flippedU, .nestedOrder, .rotatedMask(degrees: 10), .rotatedMask(degrees: 90),
    .zeros(share: 0.02), .zeros(share: 0.2), .powerLaw(share: 0.01), .powerLaw(share: 0.1),
    .powerLaw(share: 1), .brightPixel(5), .brightPixel(50),
  ]
}
