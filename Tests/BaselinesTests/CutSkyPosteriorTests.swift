import Foundation
import HarmonicTransforms
import LinearAlgebra
import SkyMaps
import SkyModels
import SpecialFunctions
import SphereGrids
import Testing
import Verification

@testable import Baselines

@Suite("Exact posterior of a cut sky")
struct CutSkyPosteriorTests {
  private func likelihood(_ model: some SkyModel, noise: Double = 0.2) throws -> PixelLikelihood {
    try PixelLikelihood(
      model, mask: SkyMask.cap(nside: 4, skyFraction: 0.2), noise: noise, floor: PixelFloor(),
      threads: 2)
  }

  @Test("Threads do not matter; one parameter shared by E and B")
  func threads() throws {
    for model in [smallPeaks(), sharedModel(lmax: 8)] {
      let likelihood = try likelihood(model)
      let (maps, _) = try likelihood.simulated(0..<5, seed: 373, split: .test, threads: 1)
      let posterior = try CutSkyPosterior(likelihood, nodes: 15)
      let one = try posterior.estimates(maps, threads: 1)
      #expect(one == (try posterior.estimates(maps, threads: 3)))
      #expect(one[0].optimal.count == model.parameters.count)
    }
  }

  /// The estimates of a one-parameter model against the posterior of ln L evaluated point by point,
  /// without interpolation: to a thousandth of the error bar.
  @Test("One parameter, without interpolation")
  func direct() throws {
    let likelihood = try likelihood(sharedModel(lmax: 8), noise: 0.05)
    let (maps, _) = try likelihood.simulated(0..<3, seed: 374, split: .test, threads: 1)
    let estimates = try CutSkyPosterior(likelihood, nodes: 21).estimates(maps)
    let points = (0...200).map { 0.03 + 0.05 * Double($0) / 200 }
    let values = try points.map { try likelihood.logLikelihood(at: [$0], maps: maps) }
    for map in 0..<3 {
      let posterior = Posterior(parameters: points, logDensity: values.map { $0[map] })
      let bar = posterior.standardDeviation
      #expect(abs(estimates[map].optimal[0] - posterior.optimalEstimate) < 1e-3 * bar)
      #expect(abs(estimates[map].posteriorMean[0] - posterior.mean) < 1e-3 * bar)
      #expect(abs(estimates[map].posteriorMean[0] - posterior.mean - bar) > 0.5 * bar)
    }
  }

  /// Windows against all nodes: the same posterior but for tails below 10⁻¹³ of the peak, so that
  /// estimates agree to 10⁻⁸ of an error bar; for posteriors much narrower than the prior, most of
  /// whose nodes are never computed, and for some as wide, whose windows are the whole grid.
  /// Control: the maps differ from each other by far more.
  @Test("Windows of nodes", arguments: [1e-3, 3.0])
  func windows(_ noise: Double) throws {
    let likelihood = try PixelLikelihood(
      smallPeaks(), mask: SkyMask.cap(nside: 4, skyFraction: noise < 1 ? 0.9 : 0.2),
      noise: noise, floor: PixelFloor(), threads: 2)
    let (maps, _) = try likelihood.simulated(0..<6, seed: 376, split: .test, threads: 2)
    let posterior = try CutSkyPosterior(likelihood)
    let estimates = try posterior.estimates(maps, threads: 2)
    let table = try posterior.logLikelihoods(maps, threads: 2, progress: WorkProgress())
    let (partial, windows) = try posterior.windows(maps, threads: 2, WorkProgress())
    let known = (0..<table.count).reduce(0) { sum, node in
      sum + (0..<6).count { partial.isKnown(node, map: $0) }
    }
    if noise < 1 {
      #expect(known < 6 * table.count * 8 / 10, "\(known) of \(6 * table.count)")
    } else {
      #expect(windows.allSatisfy { $0.ranges == [0...30, 0...30] } && known == 6 * table.count)
    }
    for map in 0..<6 {
      let whole = try JointPosterior(
        axes: posterior.axes, logLikelihood: table.map { $0[map] })
      for (i, marginal) in whole.marginals.enumerated() {
        let bar = marginal.standardDeviation
        let own = estimates[map]
        #expect(abs(own.optimal[i] - marginal.optimalEstimate) < 1e-8 * bar)
        #expect(abs(own.posteriorMean[i] - marginal.mean) < 1e-8 * bar)
        #expect(abs(own.standardDeviation[i] - bar) < 1e-8 * bar)
        #expect(abs(own.maximumLikelihood[i] - whole.maximum[i]) < 1e-6 * bar)
        #expect(own.isAtBoundary[i] == whole.isAtBoundary[i])
      }
    }
    let spread = zip(estimates, estimates.dropFirst()).map {
      abs($0.optimal[0] - $1.optimal[0]) / $0.standardDeviation[0]
    }
    #expect((spread.max() ?? 0) > 0.1)
  }

  /// Some of several maps are those maps.
  @Test("Subsets of maps")
  func subsets() throws {
    let maps = ObservedMaps(count: 3, values: [1, 2, 3, 4, 5, 6])
    #expect(maps.subset([2, 0]).values == [3, 1, 6, 4] && maps.subset([2, 0]).count == 2)
    #expect(maps.subset([2, 0, 1]).values == [3, 1, 2, 6, 4, 5])
    #expect(maps.subset([0, 1, 2]).values == maps.values && maps.subset([]).count == 0)
  }

  @Test("Refusals")
  func refusals() throws {
    let mask = try SkyMask.cap(nside: 4, skyFraction: 0.2)
    let floor = try PixelFloor()
    #expect(throws: BaselineError.floorNotPositive(found: -1)) { try PixelFloor(fraction: -1) }
    #expect(throws: BaselineError.noiseNotPositive(found: -2)) {
      try PixelLikelihood(smallPeaks(), mask: mask, noise: -2, floor: floor)
    }
    #expect(throws: BaselineError.temperatureInPixels) {
      try PixelLikelihood(UncorrelatedModel.temperaturePeak(lmax: 8), mask: mask, floor: floor)
    }
    #expect(throws: BaselineError.correlatedFields(spectrum: .te, l: 2)) {
      try PixelLikelihood(PublishedSky(smallPeaks()), mask: mask, floor: floor)
    }
    let likelihood = try likelihood(smallPeaks())
    let (maps, _) = try likelihood.simulated(0..<2, seed: 375, split: .test, threads: 1)
    #expect(throws: BaselineError.interrupted) {
      try CutSkyPosterior(likelihood, nodes: 9).estimates(
        maps, progress: WorkProgress(isStopped: { true }))
    }
    // Without any floor the noise-free covariance of 92 Stokes parameters and 10 coefficients is
    // singular.
    let singular = try PixelLikelihood(
      smallPeaks(lmax: 3), mask: mask, floor: PixelFloor(fraction: 0))
    do {
      _ = try singular.logLikelihood(at: [3, 3], maps: maps)
      Issue.record("a singular covariance was factored")
    } catch .covarianceNotPositive(let parameters, _) {
      #expect(parameters == [3, 3])
    } catch {
      Issue.record("\(error)")
    }
    #expect(throws: BaselineError.tooFewMaps(found: 1)) {
      try SkyLimits.cutSky(smallPeaks(), mask: mask, floor: floor, skies: 1, seed: 1)
    }
    var fields = SpinFields<Float>(grid: try HealpixGrid(nside: 4))
    fields.u.values[mask.observedPixels[3]] = .nan
    #expect(throws: BaselineError.self) { try ObservedMaps(fields, mask: mask) }
    let other = SpinFields<Float>(grid: try HealpixGrid(nside: 2))
    #expect(throws: BaselineError.mapPixels(found: 48, expected: 192)) {
      try ObservedMaps(other, mask: mask)
    }
    #expect(throws: BaselineError.tooManyParameters(found: 3, supported: 2)) {
      try CutSkyPosterior(
        PixelLikelihood(ThreeParameters(), mask: mask, floor: floor))
    }
  }
}

/// A model with one parameter too many.
private struct ThreeParameters: SkyModel {
  let base = smallPeaks()
  var parameters: [ModelParameter] {
    base.parameters + [ModelParameter(name: "third", range: 0...1)]
  }
  var lmax: Int { base.lmax }
  var spectrumNames: [SpectrumName] { base.spectrumNames }
  func spectra(at values: [Double]) -> NamedSpectra { base.spectra(at: Array(values.prefix(2))) }
  func derivatives(at values: [Double]) -> [SpectrumDerivatives] {
    base.derivatives(at: Array(values.prefix(2))) + [SpectrumDerivatives(lmax: lmax)]
  }
}
