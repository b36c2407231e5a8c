import Foundation
import RandomFields
import SkyModels
import Testing
import Verification

@testable import Baselines

@Suite("Parameters from the ratio of fully correlated E and B")
struct ModeRatioFitTests {

  /// On the published sky both peaks follow from one map without error. The coefficients carry a
  /// few roundings, so do their 46 log ratios, 32 u in all; ln(B/E) = [2 l (b − e) + e² − b²]/50
  /// where the peaks stand above the floor, so that the slope in l, 2 (b − e)/50, is known to that
  /// over the spread of l, about 10, and the peaks themselves, (e² − b²)/50 divided by |b − e|, to
  /// 25/|b − e| of it: 4 and more away from equal peaks, with a factor 100 for the small weight of
  /// l beside the floor.
  /// Blind to: equal peaks, where the ratio is 1 at every l.
  @Test("T2: both peaks, exactly", arguments: [[7.3, 15.1], [19.2, 6.4], [10, 11.5]])
  func peaks(truth: [Double]) throws {
    let sky = PublishedSky(UncorrelatedModel.polarisationPeaks())
    for index in 0..<3 {
      let key = MapKey(seed: 311, split: .test, index: UInt64(index))
      let modes = correlatedCoefficients(spectra: sky.spectra(at: truth), lmax: 47, key: key)
      let fit = try ModeRatioFit(sky, e: modes.e, b: modes.b)
      let bound = 32 * Double.ulpOfOne * 25 / abs(truth[0] - truth[1]) * 100
      #expect(fit.residual <= 32 * Double.ulpOfOne)
      for (found, expected) in zip(fit.values, truth) {
        #expect(abs(found - expected) <= bound, "\(fit) for \(truth)")
      }
      // Negative control: the power of E alone, on the same sky, knows its peak to half a percent
      // only.
      let power = realisedSpectrum(modes.e, lmax: 47)
      let likelihood = try FullSkyLikelihood([
        .init(.e, family: PublishedPower(sky: sky, b: truth[1]))
      ])
      let estimate = try LikelihoodGrid(likelihood).maximumLikelihood(realised: power).estimate
      #expect(abs(estimate - truth[0]) > 1000 * bound)
    }
  }

  /// Coefficients rounded to float32, as in a map: rounding of 2⁻²⁴ in each takes the place of the
  /// 2⁻⁵³ above.
  @Test("T2 in float32")
  func singlePrecision() throws {
    let sky = PublishedSky(UncorrelatedModel.polarisationPeaks())
    let key = MapKey(seed: 312, split: .test, index: 0)
    let modes = correlatedCoefficients(spectra: sky.spectra(at: [8, 14]), lmax: 47, key: key)
    func rounded(_ a: [Double]) -> [Double] { a.map { Double(Float($0)) } }
    let fit = try ModeRatioFit(sky, e: rounded(modes.e), b: rounded(modes.b))
    #expect(abs(fit.values[0] - 8) < 8 * 1e-6 && abs(fit.values[1] - 14) < 14 * 1e-6)
    #expect(fit.residual < 32 * 0x1p-24)
  }

  /// One shared parameter, as in T3.
  @Test("T3-like: one parameter, exactly")
  func shared() throws {
    let sky = PublishedSky(sharedModel())
    let key = MapKey(seed: 313, split: .test, index: 0)
    let modes = correlatedCoefficients(spectra: sky.spectra(at: [0.0621]), lmax: 20, key: key)
    let fit = try ModeRatioFit(sky, e: modes.e, b: modes.b)
    #expect(abs(fit.values[0] / 0.0621 - 1) <= 1000 * Double.ulpOfOne)
  }

  /// The sky of the physical protocol has no such ratio: it scatters about 0 and has either sign.
  @Test("An honest sky is refused")
  func honest() {
    let model = UncorrelatedModel.polarisationPeaks()
    let key = MapKey(seed: 314, split: .test, index: 0)
    let modes = correlatedCoefficients(spectra: model.spectra(at: [8, 14]), lmax: 47, key: key)
    #expect(throws: BaselineError.self) {
      try ModeRatioFit(
        PublishedSky(UncorrelatedModel.polarisationPeaks()), e: modes.e, b: modes.b)
    }
  }
}

/// C_EE²/10⁻⁵, the power of E on the published sky as a function of its own peak.
private struct PublishedPower: SpectrumFamily {
  let sky: PublishedSky<UncorrelatedModel>
  let b: Double
  var parameterName: String { "ell_e" }
  var parameterRange: ClosedRange<Double> { 5...20 }
  var lmax: Int { sky.lmax }
  func spectrum(at parameter: Double) -> PowerSpectrum {
    sky.spectra(at: [parameter, b]).spectrum(of: .e)
  }
  func derivative(at parameter: Double) -> [Double] {
    sky.derivatives(at: [parameter, b])[0][.ee]
  }
}
