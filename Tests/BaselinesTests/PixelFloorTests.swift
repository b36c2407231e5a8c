import Foundation
import HarmonicTransforms
import RandomFields
import SkyMaps
import SkyModels
import Testing
import Verification

@testable import Baselines

@Suite("The floor of the pixel covariance")
struct PixelFloorTests {

  /// Half of the variance Σ (2l + 1)/4π (C_EE + C_BB) goes to Q; by hand for one degree, l = 2, of
  /// unit power in E and 3 in B.
  @Test("The rms by hand")
  func rms() throws {
    struct Constant: SkyModel {
      let parameters = [ModelParameter(name: "a", range: 1...2)]
      let lmax = 2
      let spectrumNames = [SpectrumName.ee, .bb]
      func spectra(at values: [Double]) -> NamedSpectra {
        guard let spectra = try? NamedSpectra(ee: [0, 0, 1], bb: [0, 0, 3]) else {
          preconditionFailure("constant powers are spectra")
        }
        return spectra
      }
      func derivatives(at values: [Double]) -> [SpectrumDerivatives] {
        [SpectrumDerivatives(lmax: lmax)]
      }
    }
    let expected = (0.5 * 5 * 4 / (4 * Double.pi)).squareRoot()
    #expect(abs(PixelFloor.rms(of: Constant()) - expected) <= 8 * Double.ulpOfOne * expected)
    let floor = try PixelFloor(fraction: 0.5).standardDeviation(of: Constant())
    #expect(abs(floor - 0.5 * expected) <= 8 * Double.ulpOfOne * expected)
  }

  /// A noise-free map in float32 gives the estimates of the same map in float64. Rounding adds
  /// noise of u |pixel|, u = 2⁻²⁵ to 2⁻²⁴, which is 3 to 6 % of the standard floor: an estimate
  /// moves by at most that share of the part of its error bar that the floor makes. This part is
  /// small, so that the bound is a thousandth of an error bar.
  /// Negative control: maps rounded to eleven bits, as in half precision, are not the same maps.
  @Test("Maps in float32")
  func singlePrecision() throws {
    let model = smallPeaks(lmax: 8)
    let mask = try SkyMask.cap(nside: 4, skyFraction: 0.6)
    let standard = try PixelLikelihood(model, mask: mask, floor: PixelFloor())
    #expect(standard.dataCount > standard.harmonics.columnCount)
    let count = 6
    var coefficients = SpinCoefficients<Double>(lmax: 8, lanes: count)
    for lane in 0..<count {
      let key = MapKey(seed: 381, split: .test, index: UInt64(lane))
      let spectra = model.spectra(at: [3, 4.5])
      drawCorrelatedCoefficients(
        of: .e, spectra: spectra, lmax: 8, key: key, into: &coefficients.e.values, lane: lane,
        lanes: count)
      drawCorrelatedCoefficients(
        of: .b, spectra: spectra, lmax: 8, key: key, into: &coefficients.b.values, lane: lane,
        lanes: count)
    }
    let fields = standard.harmonics.transform.synthesis(coefficients)
    let exact = try ObservedMaps(fields, mask: mask)
    let rounded = ObservedMaps(count: count, values: exact.values.map { Double(Float($0)) })
    /// The largest change of an estimate, in error bars.
    func change(_ likelihood: PixelLikelihood) throws -> Double {
      let posterior = try CutSkyPosterior(likelihood, nodes: 21)
      let first = try posterior.estimates(exact)
      let second = try posterior.estimates(rounded)
      var largest = 0.0
      for (a, b) in zip(first, second) {
        for i in 0..<2 {
          let error = abs(a.optimal[i] - b.optimal[i]) / a.standardDeviation[i]
          largest = max(largest, error.isNaN ? .infinity : error)
        }
      }
      return largest
    }
    #expect(try change(standard) < 1e-3)
    // ln L itself changes by ½ |rounding|²/σ_floor² over all combinations of pixels without power,
    // some 150 of them: 0.05 to 0.1. Rounding to eleven bits is 10⁴ times as large.
    func shift(_ other: ObservedMaps) throws -> Double {
      let first = try standard.logLikelihood(at: [3, 4.5], maps: exact)
      let second = try standard.logLikelihood(at: [3, 4.5], maps: other)
      return zip(first, second).reduce(0) {
        max($0, ($1.0 - $1.1).isNaN ? .infinity : abs($1.0 - $1.1))
      }
    }
    let coarse = exact.values.map { value in
      let unit = value.ulp * 0x1p42
      return (value / unit).rounded() * unit
    }
    #expect(try shift(rounded) < 0.1)
    #expect(try shift(ObservedMaps(count: count, values: coarse)) > 10)
  }

  /// More floor, less information.
  @Test("What the floor costs")
  func cost() throws {
    let model = smallPeaks(lmax: 8)
    let mask = try SkyMask.cap(nside: 4, skyFraction: 0.3)
    let errors = try [1e-1, 1e-2, 1e-3, 1e-4, PixelFloor.standard].map { fraction in
      try SkyLimits.cutSkyCramerRao(
        model, mask: mask, floor: PixelFloor(fraction: fraction), points: 2, threads: 2)
    }
    for i in 0..<2 {
      for k in 1..<5 { #expect(errors[k][i] < errors[k - 1][i]) }
    }
  }
}
