import Baselines
import FileFormats
import Foundation
import RandomFields
import SkyModels
import SpecialFunctions
import Testing

@testable import Tasks

/// The exact posterior of simulated maps of a table.
struct JointPosteriorEstimatorTests {
  /// Coefficients that were drawn, transformed to float32 pixels and analysed have the spectra of
  /// the draw, so that the posterior is that of the draw: no power is lost or made.
  @Test func realisedSpectraAreThoseOfTheDraw() throws {
    let settings = try TaskSettings(
      task: BenchmarkTask(
        TableTask(name: "own", observe: .polarisation, table: TableTaskTests.table())))
    let source = try SkyMapSource(settings, seed: 9)
    let estimator = try JointPosteriorEstimator(settings, threads: 2)
    let maps = source.batch(maps: 0..<2, split: .test, threads: 2).maps
    let found = try estimator.realisedSpectra(maps, count: 2, channels: nil, threads: 2)
    for map in 0..<2 {
      let truth = source.truths(maps: map..<map + 1, split: .test)
      let (_, e, b) = correlatedCoefficients(
        spectra: settings.model().spectra(at: truth), lmax: 40,
        key: MapKey(seed: 9, split: .test, index: UInt64(map)))
      for (name, drawn) in [(SpectrumName.ee, e), (.bb, b)] {
        let expected = realisedSpectrum(drawn, lmax: 40)
        let own = try #require(found[map][name])
        for l in 2...40 { #expect(abs(own[l] / expected[l] - 1) < 1e-4, "\(name) \(l)") }
      }
    }
  }

  /// Posteriors are calibrated: the truth's place is uniform, and the mean is within its bar as
  /// often as a normal number is; with half the noise assumed it is not.
  @Test func posteriorsHoldTheTruth() throws {
    let settings = try TaskSettings(
      task: BenchmarkTask(
        TableTask(name: "own", observe: .polarisation, table: TableTaskTests.table())), noise: 2)
    let source = try SkyMapSource(settings, seed: 4)
    let batch = source.batch(maps: 0..<200, split: .test, threads: 2)
    let truths = source.truths(maps: 0..<200, split: .test)
    func places(_ settings: TaskSettings) throws -> [Double] {
      let posteriors = try JointPosteriorEstimator(settings, threads: 2)
        .posteriors(batch.maps, count: 200, channels: nil, threads: 2)
      return zip(posteriors, truths).map { $0.probabilityBelow(0, $1) }
    }
    func misfit(_ places: [Double]) -> Double {
      // Kolmogorov's distance times √n: above 1.95 once in a thousand.
      let sorted = places.sorted()
      let n = Double(sorted.count)
      return sorted.indices.reduce(0) { largest, k in
        max(
          largest, abs(sorted[k] - Double(k) / n), abs(sorted[k] - Double(k + 1) / n))
      } * n.squareRoot()
    }
    #expect(try misfit(places(settings)) < 1.95)
    var wrong = settings
    wrong.noise = 1
    #expect(try misfit(places(wrong)) > 1.95)
  }
}
