import Foundation
import SkyModels
import Tasks

/// Spectra C_l = (10/(l + 1))^n with the slope n, l = 0...`TaskSettings.lmax`.
struct PowerSlopeFamily: SpectrumFamily {
  let parameterName = "slope"
  let parameterRange = 1.0...3
  let lmax = TaskSettings.lmax

  func spectrum(at slope: Double) -> PowerSpectrum {
    PowerSpectrum(nonnegative: (0...lmax).map { power($0, slope) })
  }

  /// ∂C_l/∂n = C_l ln(10/(l + 1)).
  func derivative(at slope: Double) -> [Double] {
    (0...lmax).map { l in power(l, slope) * log(10 / Double(l + 1)) }
  }

  private func power(_ l: Int, _ slope: Double) -> Double { pow(10 / Double(l + 1), slope) }
}

extension BenchmarkTask {
  /// A toy: the slope of the spectrum of a temperature map.
  static let powerSlope = BenchmarkTask(
    name: "power-slope", title: "the slope of a spectrum of temperature maps",
    isPolarisation: false,
    physical: { UncorrelatedModel([.init(.temperature, PowerSlopeFamily())]) })
}
