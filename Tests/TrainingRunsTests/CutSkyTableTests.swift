import Foundation
import Models
import SkyModels
import SpecialFunctions
import Tasks
import Testing
import Training

@testable import TrainingRuns

/// A task of a table on a small cap: the exact posterior of its pixels, and a network beside it.
struct CutSkyTableTests {
  private static func settings() throws -> TaskSettings {
    let prior = ParameterPrior.logUniform(0.2...5, offset: 0)
    let nodes = (0..<9).map { [0.2 * exp(Double($0) / 8 * log(25))] }
    let table = try SpectraTable(
      parameters: [ModelParameter(name: "amplitude", prior: prior)], nodes: nodes,
      spectrumNames: [.ee, .bb],
      spectra: nodes.map { node in
        try NamedSpectra(
          ee: (0...24).map { $0 < 2 ? 0 : node[0] / Double($0) },
          bb: (0...24).map { $0 < 2 ? 0 : 0.2 / Double($0) })
      })
    return try TaskSettings(
      task: BenchmarkTask(TableTask(name: "cap", observe: .polarisation, table: table)),
      noise: 0.1, skyFraction: 0.03)
  }

  /// The exact posterior holds the truth as often as it says; the network's is near to it, and no
  /// better.
  @Test func theNetworkIsNearTheExactPosterior() throws {
    let settings = try Self.settings()
    let recipe = try TrainingRecipe.standard(.isotropic, settings: settings, maps: 4000, seed: 2)
    let run = try TrainingRun(
      settings: settings, recipe: recipe, execution: TrainingExecution(threads: 2))
    guard case .completed(let model, _) = try run.run() else {
      preconditionFailure("interrupted")
    }
    let estimator = try #require(try settings.posteriorEstimator(threads: 2))
    let source = try SkyMapSource(settings, seed: 7)
    let found = try PosteriorEvaluation(
      model, on: TestMaps(source, count: 300, threads: 2), estimator: estimator, threads: 2)
    let own = found.parameters[0]
    let (ratio, error) = (try #require(own.ratio), try #require(own.ratioStandardError))
    #expect(ratio < 1.1 && ratio > 1 - 4 * error)
    let divergence = try #require(found.divergence)
    #expect(divergence > 0 && divergence < 0.1)
    #expect(found.gain > 0.5 && found.gain < (found.exactGain ?? 0) + 0.05)
    #expect(abs(own.coverage[0] - 0.6827) < 4 * 0.027 && own.rankChiSquare < 50)
  }

  /// The posterior of the pixels is that of their likelihood at the same parameters, computed at
  /// once, without windows or interpolation.
  @Test func theGridIsThatOfTheLikelihood() throws {
    let settings = try Self.settings()
    let estimator = try CutSkyPosteriorEstimator(settings, threads: 2)
    let batch = try SkyMapSource(settings, seed: 3)
      .batch(maps: 0..<3, split: .test, threads: 1)
    let grids = try estimator.posteriors(batch.maps, count: 3, channels: nil, threads: 2)
    for (map, grid) in grids.enumerated() {
      let truth = Double(batch.targets[map])
      #expect(grid.axes[0].prior == settings.priors[0])
      // A dozen modes know an amplitude to a factor of a few.
      #expect(grid.probabilityBelow(0, truth) > 1e-4 && grid.probabilityBelow(0, truth) < 1 - 1e-4)
    }
    let again = try estimator.posteriors(batch.maps, count: 3, channels: nil, threads: 1)
    #expect(again == grids)
  }
}
