import Foundation

/// A spectrum with one peak, whose position is the parameter: tests T1 and T2 of [KT19].
///
/// Definition: C_l(l_p) = exp(−(l − l_p)² / 2 w²) + floor, l = firstDegree...lmax, and 0 below. For
///             temperature firstDegree is 0: monopole and dipole are included.
/// Units:      the square of the map's unit; the peak has height 1.
/// Domain:     any finite l_p; the prior is `parameterRange`.
/// Checked by: SkyModelTests.
public struct PeakedModel: SpectrumFamily, Hashable {
  /// w, in degrees l.
  public let width: Double
  /// What is added at every l, so that no degree is without power.
  public let floor: Double
  public let lmax: Int
  /// The smallest degree with power: 0 for temperature, 2 for polarisation.
  public let firstDegree: Int
  public let parameterName: String
  public let parameterRange: ClosedRange<Double>

  /// A peaked model; the defaults are the published test.
  public init(
    width: Double = 5, floor: Double = 1e-5, lmax: Int = 47, firstDegree: Int = 0,
    parameterName: String = "ell_peak", parameterRange: ClosedRange<Double> = 5...20
  ) {
    precondition(width > 0 && width.isFinite, "peak width \(width) must be > 0")
    precondition(floor >= 0 && floor.isFinite, "floor \(floor) must be >= 0")
    precondition(
      0 <= firstDegree && firstDegree <= lmax, "degrees \(firstDegree)...\(lmax) do not exist")
    self.width = width
    self.floor = floor
    self.lmax = lmax
    self.firstDegree = firstDegree
    self.parameterName = parameterName
    self.parameterRange = parameterRange
  }

  public func spectrum(at parameter: Double) -> PowerSpectrum {
    precondition(parameter.isFinite, "peak position \(parameter) is not finite")
    return PowerSpectrum(
      nonnegative: (0...lmax).map { l in l < firstDegree ? 0 : peak(l, parameter) + floor })
  }

  /// ∂C_l/∂l_p = (l − l_p)/w² exp(−(l − l_p)² / 2 w²).
  public func derivative(at parameter: Double) -> [Double] {
    (0...lmax).map { l in
      l < firstDegree ? 0 : (Double(l) - parameter) / (width * width) * peak(l, parameter)
    }
  }

  private func peak(_ l: Int, _ parameter: Double) -> Double {
    let distance = (Double(l) - parameter) / width
    return exp(-0.5 * distance * distance)
  }
}
