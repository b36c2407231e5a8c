import Foundation
import Models
import SkyModels
import SpecialFunctions
import Tasks
import Testing
import Training

@testable import TrainingRuns

/// A small model of a table: trained, evaluated, written and read.
struct PosteriorEvaluationTests {
  private static func table() throws -> SpectraTable {
    let nodes = (0..<9).map { [1 + Double($0) / 8] }
    return try SpectraTable(
      parameters: [ModelParameter(name: "slope", range: 1...2)], nodes: nodes,
      spectrumNames: [.tt],
      spectra: nodes.map { node in
        try NamedSpectra(tt: (0...24).map { exp(-node[0] * log(Double($0 + 1))) })
      })
  }

  private static func settings(noise: Double) throws -> TaskSettings {
    try TaskSettings(
      task: BenchmarkTask(TableTask(name: "slope", observe: .temperature, table: table())),
      noise: noise)
  }

  private static func run(_ settings: TaskSettings, threads: Int) throws -> (
    TrainedModel, RunRecord
  ) {
    let recipe = try TrainingRecipe.standard(.isotropic, settings: settings, maps: 3000, seed: 2)
    let run = try TrainingRun(
      settings: settings, recipe: recipe, execution: TrainingExecution(threads: threads))
    guard case .completed(let model, let record) = try run.run() else {
      preconditionFailure("interrupted")
    }
    return (model, record)
  }

  /// The posteriors of a few thousand maps' fit are those of the likelihood, and what is said of
  /// them holds; a model of other noise is found out by divergence, ratio and ranks.
  @Test func aTrainedModelGivesTheExactPosterior() throws {
    let settings = try Self.settings(noise: 0.02)
    let (model, record) = try Self.run(settings, threads: 2)
    let estimator = try JointPosteriorEstimator(settings, threads: 2)
    let source = try SkyMapSource(settings, seed: 7)
    let maps = TestMaps(source, count: 400, threads: 2)
    let found = try PosteriorEvaluation(model, on: maps, estimator: estimator, threads: 2)
    let own = found.parameters[0]
    let divergence = try #require(found.divergence)
    #expect(divergence < 0.03 && divergence > 0)
    let ratio = try #require(own.ratio)
    #expect(abs(ratio - 1) < 0.03)
    #expect(abs(own.coverage[0] - 0.6827) < 4 * 0.0233)
    #expect(abs(found.regionCoverage[0] - 0.6827) < 4 * 0.0233)
    // 19 + 5 · 6.2.
    #expect(own.rankChiSquare < 50 && found.tarpChiSquare < 50)
    #expect(abs(found.gain - (found.exactGain ?? 0)) < 0.05 && found.gain > 1)
    #expect(found.refusedCount <= 2)
    #expect(record.result["divergence"].map { $0 < 0.05 } == true)
    #expect(record.densityFit?.hasConverged == true && record.steps == 0)

    let other = try SkyMapSource(Self.settings(noise: 2), seed: 7)
    let wrong = try PosteriorEvaluation(
      model, on: TestMaps(other, count: 400, threads: 2), estimator: estimator, threads: 2)
    #expect(wrong.parameters[0].rankChiSquare > 100)
  }

  /// Threads change no bit of the model; a file keeps the task, the table and the posteriors.
  @Test func filesKeepTaskAndPosteriors() throws {
    let settings = try Self.settings(noise: 0.1)
    let (model, _) = try Self.run(settings, threads: 1)
    let (again, _) = try Self.run(settings, threads: 2)
    #expect(model.network.stored == again.network.stored)
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("\(UUID().uuidString).safetensors")
    defer { try? FileManager.default.removeItem(at: url) }
    try ModelFile.write(model, to: url)
    let read = try ModelFile.read(url)
    #expect(read.description.settings == settings)
    #expect(read.description.priorRanges == [1...2] && read.description.task == settings.task)
    let maps = try SkyMapSource(settings, seed: 1).batch(maps: 0..<3, split: .test, threads: 1)
    let first = try model.predict(maps.maps, count: 3, threads: 1)
    let second = try read.predict(maps.maps, count: 3, threads: 2)
    #expect(first == second && first.allSatisfy { $0[0].posterior != nil })
    for prediction in first {
      let grid = try #require(prediction[0].posterior)
      #expect(prediction[0].value == grid.mean[0])
      #expect(prediction[0].standardError == grid.standardDeviations[0])
    }
  }

  /// Networks of pixels and maps that say nothing are refused before anything is made.
  @Test func whatCannotBeTrainedIsRefused() throws {
    let settings = try Self.settings(noise: 0.1)
    #expect {
      try TrainingRecipe.standard(.pixel, settings: settings, maps: 3000, seed: 2)
    } throws: { error in
      guard case TaskError.notForTables = error else { return false }
      return true
    }
    #expect(throws: TaskError.nothingToLearn) {
      try TrainingRecipe.standard(
        .isotropic, settings: Self.settings(noise: 1e6), maps: 3000, seed: 2)
    }
  }
}
