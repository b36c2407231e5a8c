import Foundation
import HarmonicTransforms
import RandomFields
import SkyMaps
import SphereGrids
import Testing
import Verification

@testable import Baselines

/// Pixels and harmonics see the same sky when nothing is masked: the least-squares coefficients of
/// a noise-free map are its own, and the pixel likelihood with a small floor is that of the
/// coefficients.
@Suite("Pixels against harmonics over the full sky")
struct PixelFullSkyTests {
  private let model = smallPeaks(lmax: 8, floor: 1e-2)
  private let fraction = 1e-4

  /// Maps without noise or floor, their realised spectra `[map][field][l]`.
  private func skies(
    _ count: Int, at values: [Double], _ likelihood: PixelLikelihood
  ) throws -> (maps: ObservedMaps, realised: [[[Double]]]) {
    var coefficients = SpinCoefficients<Double>(lmax: 8, lanes: count)
    let spectra = model.spectra(at: values)
    for lane in 0..<count {
      let key = MapKey(seed: 361, split: .test, index: UInt64(lane))
      drawCorrelatedCoefficients(
        of: .e, spectra: spectra, lmax: 8, key: key, into: &coefficients.e.values, lane: lane,
        lanes: count)
      drawCorrelatedCoefficients(
        of: .b, spectra: spectra, lmax: 8, key: key, into: &coefficients.b.values, lane: lane,
        lanes: count)
    }
    let fields = likelihood.harmonics.transform.synthesis(coefficients)
    let (ee, bb, _) = coefficients.spectra()
    return (try ObservedMaps(fields, mask: likelihood.mask), zip(ee, bb).map { [$0, $1] })
  }

  private func pixels() throws -> PixelLikelihood {
    try PixelLikelihood(
      model, mask: SkyMask.fullSky(nside: 4), floor: PixelFloor(fraction: fraction))
  }

  /// Differences of ln L between parameters. The floor adds N ≤ 2 σ² 4π/npix to every C_l (the
  /// factor 2 for the least-squares coefficients of this grid), which changes −2 ln L by at most
  /// Σ (2l + 1) N/C_l (Ĉ_l/C_l + 1) at each parameter. Rounding is far below: u/10⁻⁸ of n
  /// eigenvalues.
  /// Blind to: what a mask does.
  @Test("Likelihood")
  func likelihood() throws {
    let likelihood = try pixels()
    let harmonic = try FactorisedLikelihood(model)
    let (maps, realised) = try skies(3, at: [3, 5], likelihood)
    func direct(_ values: [Double], _ map: Int) throws -> Double {
      var sum = 0.0
      for i in 0..<2 {
        sum += try harmonic.factors[i].minusTwoLogLikelihood(
          at: values[i], realised: realised[map][i])
      }
      return -0.5 * sum
    }
    let noise = 2 * pow(likelihood.floor, 2) * 4 * .pi / 192
    func floorEffect(_ values: [Double], _ map: Int) -> Double {
      var sum = 0.0
      for i in 0..<2 {
        let total = harmonic.factors[i].totalSpectrum(at: values[i])
        for l in 2...8 {
          sum += Double(2 * l + 1) * noise / total[l] * (realised[map][i][l] / total[l] + 1)
        }
      }
      return 0.5 * sum
    }
    let reference = try likelihood.logLikelihood(at: [3, 5], maps: maps)
    for values in [[2.2, 5], [3.4, 4.1], [5.5, 2.5]] {
      let found = try likelihood.logLikelihood(at: values, maps: maps)
      for map in 0..<3 {
        let expected = try direct(values, map) - direct([3, 5], map)
        let bound = floorEffect(values, map) + floorEffect([3, 5], map)
        let difference = found[map] - reference[map]
        #expect(abs(difference - expected) <= bound, "\(difference) against \(expected)")
        // Negative control: E and B exchanged.
        let wrong =
          try direct([values[1], values[0]], map) - direct([5, 3], map)
        #expect(abs(difference - wrong) > 1000 * bound)
      }
    }
  }

  /// The Fisher information is block diagonal and that of the harmonics, to 2 N/C_l of each degree.
  @Test("Fisher information")
  func fisher() throws {
    let likelihood = try pixels()
    let found = try likelihood.fisherInformation(at: [3, 5], threads: 2)
    let harmonic = try FactorisedLikelihood(model)
    let noise = 2 * pow(likelihood.floor, 2) * 4 * .pi / 192
    for (i, value) in [3.0, 5].enumerated() {
      let expected = harmonic.factors[i].fisherInformation(at: value)
      let bound = 4 * noise / 1e-2 * expected
      #expect(abs(found[i, i] - expected) <= bound)
      #expect(abs(found[i, i] - 0.5 * expected) > 1000 * bound)
      #expect(abs(found[i, 1 - i]) <= bound)
    }
  }

  /// The posterior of the pixels is that of the realised spectra: estimates agree to a hundredth of
  /// their error bar, which is what interpolation between 21 nodes and the finite grids leave.
  @Test("Posterior")
  func posterior() throws {
    let likelihood = try pixels()
    let (maps, realised) = try skies(8, at: [3.2, 4.7], likelihood)
    let estimates = try CutSkyPosterior(likelihood, nodes: 21).estimates(maps, threads: 2)
    let grids = try FactorisedLikelihood(model).grids()
    for map in 0..<8 {
      let expected = try FactorisedLikelihood.estimates(
        realised: realised[map].map { [$0] }, grids: grids)
      for i in 0..<2 {
        let bar = expected.standardDeviation[i]
        #expect(abs(estimates[map].optimal[i] - expected.optimal[i]) < 0.01 * bar)
        #expect(abs(estimates[map].posteriorMean[i] - expected.posteriorMean[i]) < 0.01 * bar)
        #expect(abs(estimates[map].standardDeviation[i] / bar - 1) < 0.01)
        if !expected.isAtBoundary[i] {
          let difference = estimates[map].maximumLikelihood[i] - expected.maximumLikelihood[i]
          #expect(abs(difference) < 0.02 * bar)
        }
      }
    }
  }
}
