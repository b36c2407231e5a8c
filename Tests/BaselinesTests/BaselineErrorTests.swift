import Foundation
import SkyModels
import Testing
import Verification

@testable import Baselines

@Suite("Baselines refuse what they cannot do")
struct BaselineErrorTests {

  @Test("Noise and degrees")
  func likelihood() {
    let model = PeakedModel()
    #expect(throws: BaselineError.noiseLength(found: 3, expected: 48)) {
      try FullSkyLikelihood(family: model, noise: [0, 0, 0])
    }
    var noise = [Double](repeating: 0, count: 48)
    noise[4] = -1
    #expect(throws: BaselineError.noiseNotAVariance(l: 4, value: -1)) {
      try FullSkyLikelihood(family: model, noise: noise)
    }
    noise[4] = .nan
    #expect(throws: BaselineError.self) { try FullSkyLikelihood(family: model, noise: noise) }
    #expect(throws: BaselineError.degreesOutside(found: 2...48, available: 0...47)) {
      try FullSkyLikelihood(family: model, degrees: 2...48)
    }
  }

  @Test("Realised spectra")
  func realisedSpectra() throws {
    let grid = try LikelihoodGrid(peakedLikelihood(noise: 0), count: 301)
    var spectrum = [Double](repeating: 1, count: 48)
    #expect(throws: BaselineError.realisedLength(found: 47, expected: 48)) {
      try grid.maximumLikelihood(realised: Array(spectrum.dropLast()))
    }
    spectrum[0] = 0
    #expect(throws: BaselineError.realisedNotPositive(l: 0, value: 0)) {
      try grid.posterior(realised: spectrum)
    }
    spectrum[0] = 1
    spectrum[9] = .nan
    #expect(throws: BaselineError.self) { try grid.logLikelihood(realised: spectrum) }
  }

  /// A degree that was removed may be left out, and then is not looked at.
  @Test("Degrees that are left out")
  func leftOut() throws {
    let likelihood = try FullSkyLikelihood(family: PeakedModel(), degrees: 2...47)
    let grid = try LikelihoodGrid(likelihood)
    var spectrum = likelihood.totalSpectrum(at: 7)
    spectrum[0] = 0
    spectrum[1] = .nan
    #expect(abs(try grid.maximumLikelihood(realised: spectrum).estimate - 7) < 1e-8)
  }

  @Test("A model without power, a grid without points")
  func degenerate() throws {
    let likelihood = try FullSkyLikelihood(family: PeakedModel(width: 0.1, floor: 0))
    #expect(throws: BaselineError.self) { try LikelihoodGrid(likelihood) }
    let coarse = try LikelihoodGrid(peakedLikelihood(noise: 0), count: 31)
    let spectrum = try peakedLikelihood(noise: 0).totalSpectrum(at: 10.1)
    #expect(throws: BaselineError.self) { try coarse.posterior(realised: spectrum) }
    #expect(throws: BaselineError.tooFewMaps(found: 1)) {
      try BayesLimit.simulate(coarse, skies: 1, seed: 1)
    }
    #expect(throws: BaselineError.self) {
      try BayesLimit.simulate(coarse, skies: 10, seed: 1, threads: 2)
    }
  }

  @Test("Messages name the degree and the remedy")
  func messages() {
    let text = BaselineError.realisedNotPositive(l: 3, value: -1).description
    #expect(text.contains("l = 3") && text.contains("left out"))
    let coarse = BaselineError.gridTooCoarse(standardDeviation: 1, spacing: 2).description
    #expect(coarse.contains("more"))
  }
}
