import Foundation
import SkyModels

@testable import Baselines

/// Spectra A(θ) l^−2 + floor with an amplitude that grows as a power of a shared parameter: a cheap
/// stand-in for the optical depth, to which both EE and BB answer. Like a table, it refuses
/// parameters outside its range, be it by a rounding.
struct AmplitudeFamily: SpectrumFamily {
  var parameterName = "depth"
  var parameterRange = 0.03...0.08
  var lmax = 20
  var power = 2.0
  var floor = 1e-3
  var firstDegree = 2

  func spectrum(at parameter: Double) -> PowerSpectrum {
    precondition(parameterRange.contains(parameter), "\(parameter) is outside \(parameterRange)")
    let values = (0...lmax).map { l -> Double in
      l < firstDegree ? 0 : shape(l) * pow(parameter / 0.05, power) + floor
    }
    guard let spectrum = try? PowerSpectrum(values) else {
      preconditionFailure("a sum of positive numbers is positive")
    }
    return spectrum
  }

  func derivative(at parameter: Double) -> [Double] {
    (0...lmax).map { l in
      l < firstDegree ? 0 : shape(l) * power / 0.05 * pow(parameter / 0.05, power - 1)
    }
  }

  private func shape(_ l: Int) -> Double { 1 / Double(l * l) }
}

/// EE and BB with one parameter between them, as in task T3.
func sharedModel(lmax: Int = 20) -> UncorrelatedModel {
  UncorrelatedModel([
    .init(.e, AmplitudeFamily(lmax: lmax)),
    .init(.b, AmplitudeFamily(lmax: lmax, power: 1, floor: 0.1)),
  ])
}

/// Two peaks at low degrees, for pixel likelihoods of a few hundred pixels.
func smallPeaks(lmax: Int = 8, floor: Double = 1e-5) -> UncorrelatedModel {
  func family(_ name: String) -> PeakedModel {
    PeakedModel(
      width: 2, floor: floor, lmax: lmax, firstDegree: 2, parameterName: name,
      parameterRange: 2...6)
  }
  return UncorrelatedModel([.init(.e, family("ell_e")), .init(.b, family("ell_b"))])
}
