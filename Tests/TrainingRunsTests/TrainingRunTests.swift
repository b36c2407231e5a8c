import Baselines
import FileFormats
import Foundation
import FourierTransforms
import PixelNetworks
import RandomFields
import SpectralNetworks
import SphereGrids
import Testing
import Training
import Verification

@testable import Models
@testable import Tasks
@testable import TrainingRuns

@Suite("Training runs and evaluation")
struct TrainingRunTests {
  private func outcome(
    _ architecture: Architecture = .isotropic, maps: Int = 1_000, batch: Int = 32, threads: Int = 2
  ) throws -> (model: TrainedModel, record: RunRecord) {
    let settings = try TaskSettings()
    var recipe = try TrainingRecipe.standard(
      architecture, settings: settings, maps: maps, batch: batch, seed: 3)
    recipe.network.update(PublishedConfiguration.self) {
      ($0.hiddenChannels, $0.blockCount) = (4, 1)
    }
    let run = try TrainingRun(
      settings: settings, recipe: recipe, execution: TrainingExecution(threads: threads))
    guard case .completed(let model, let record) = try run.run() else {
      throw TaskError.interrupted
    }
    return (model, record)
  }

  /// Work is cut by sizes, not by threads: one thread and two give the same file.
  @Test("Threads change no byte of the model", arguments: Architecture.allCases)
  func threads(architecture: Architecture) throws {
    let one = try outcome(architecture, maps: 600, threads: 1).model
    let two = try outcome(architecture, maps: 600, threads: 2).model
    #expect(try ModelFile.safetensors(one).data() == ModelFile.safetensors(two).data())
  }

  /// A thousand maps suffice for a model within a factor of two of the optimum, with a record that
  /// repeats what the model says. Far from the least error; this sees whether the stages fit.
  /// Blind to: everything that costs less than a factor of two.
  @Test("A small run is of use")
  func smallRun() throws {
    let (model, record) = try outcome()
    let ratio = try #require(model.description.result["ratio_to_optimal"])
    #expect(ratio < 2, "ratio to the optimal error: \(ratio)")
    #expect(record.result == model.description.result)
    #expect(model.description.mapsSeen == 1_000)
    #expect(model.description.seed == 3)
    #expect(record.refit.count == 1 && record.ending == "completed")
  }

  /// At noise 15 the readout is a density by default: two thousand maps come within a third of the
  /// optimum. The file carries the density: what is read back predicts the same. Blind to: a loss
  /// of less than a third.
  @Test("A density readout is of use, and survives its file")
  func density() throws {
    let settings = try TaskSettings(noise: 15)
    func trained(_ readout: TrainingRecipe.Readout?) throws -> (TrainedModel, RunRecord) {
      let run = try TrainingRun(
        settings: settings,
        recipe: try .standard(
          .isotropic, settings: settings, maps: 2_000, seed: 3,
          isotropic: IsotropicVariant(readout: readout)),
        execution: TrainingExecution(threads: 2))
      guard case .completed(let model, let record) = try run.run() else {
        throw TaskError.interrupted
      }
      return (model, record)
    }
    let (model, record) = try trained(nil)
    let ratio = try #require(model.description.result["ratio_to_optimal"])
    #expect(ratio < 1.34, "ratio to the optimal error: \(ratio)")
    let fit = try #require(record.densityFit)
    #expect(fit.maps == 1_600 && fit.unknowns == 49 * 10 && record.refit.isEmpty)
    let (_, polynomial) = try trained(.polynomial)
    #expect(polynomial.densityFit == nil && polynomial.refit.count == 1)

    let read = try ModelFile.model(ModelFile.safetensors(model), file: "memory")
    let source = try SkyMapSource(settings, channels: 1, seed: 5)
    let maps = source.batch(maps: 0..<8, split: .test, threads: 1).maps
    let predictions = model.network.predict(maps, count: 8, threads: 1)
    #expect(read.network.predict(maps, count: 8, threads: 1) == predictions)
    guard let network = read.network as? IsotropicNetwork<Float> else {
      Issue.record("another architecture")
      return
    }
    let posteriors = network.posteriors(maps, count: 8, threads: 1)
    #expect(posteriors.map { Float($0.optimalEstimate) } == predictions)
    #expect(predictions.allSatisfy { settings.priorRange.contains(Double($0)) })
  }

  /// The dense layers that the file has are those that the fit found, above the spectral weights
  /// that the file has, on the maps that the fit saw: its loss follows from the stored model.
  /// Single precision and weights that cancel leave 10⁻³ of it. Controls: other maps, on which a
  /// fit of 2,177 weights to 400 maps is worse, and the loss before the fit.
  @Test("Fitted dense layers of a published network, in float16")
  func denseFit() throws {
    let settings = try TaskSettings()
    var recipe = try TrainingRecipe.standard(
      .published, settings: settings, maps: 1_400, seed: 3,
      published: PublishedVariant.published.with {
        $0.schedule = .oneCycle
        $0.dropout = 0
        $0.readoutMaps = 400
      })
    recipe.denseFit.iterations = 40
    let run = try TrainingRun(
      settings: settings, recipe: recipe, execution: TrainingExecution(threads: 2),
      precision: .float16)
    guard case .completed(let model, let record) = try run.run() else {
      throw TaskError.interrupted
    }
    let fit = try #require(record.denseFit)
    #expect(fit.maps == 400 && fit.unknowns == 33 * 64 + 65)
    let read = try ModelFile.model(
      ModelFile.safetensors(model, precision: .float16), file: "memory")
    let source = try SkyMapSource(settings, channels: 1, seed: 3)
    func loss(_ maps: Range<Int>) throws -> Double {
      let batch = try source.batch(maps: maps, purpose: .refit, threads: 2)
      let outputs = read.network.predict(batch.maps, count: maps.count, threads: 2)
      return recipe.denseFit.loss.evaluate(outputs: outputs, targets: batch.targets).value
    }
    #expect(abs(try loss(0..<400) / fit.lastLoss - 1) < 1e-3)
    #expect(try loss(400..<800) > 1.05 * fit.lastLoss)
    #expect(fit.firstLoss > 1.05 * fit.lastLoss)
  }

  /// A raised flag ends every stage with the outcome `interrupted`, not with a model or an error.
  @Test("Interruption before the first step")
  func interruption() throws {
    let settings = try TaskSettings()
    let flag = InterruptionFlag()
    flag.raise()
    let run = try TrainingRun(
      settings: settings,
      recipe: try .standard(.isotropic, settings: settings, maps: 600, seed: 1),
      execution: TrainingExecution(threads: 1))
    guard case .interrupted = try run.run(interruption: flag) else {
      Issue.record("the run went on")
      return
    }
  }

  /// Stages get all maps and no more, and the readout no more coefficients than its maps determine.
  @Test("Recipes", arguments: [512, 1_000, 9_000, 50_000, 600_000, 2_000_000])
  func recipes(maps: Int) throws {
    let settings = try TaskSettings()
    let isotropic = try TrainingRecipe.standard(.isotropic, settings: settings, maps: maps, seed: 0)
    #expect(isotropic.totalMaps == maps)
    #expect(isotropic.training.plan.stepCount >= 8)
    try isotropic.training.validate()
    let published = try TrainingRecipe.standard(.published, settings: settings, maps: maps, seed: 0)
    #expect(published.totalMaps <= maps && published.totalMaps > maps / 2)
    try published.training.validate()
    let cycle = try TrainingRecipe.standard(
      .published, settings: settings, maps: maps, seed: 0,
      published: PublishedVariant.published.with { $0.schedule = .oneCycle })
    #expect(cycle.totalMaps == published.totalMaps)
    #expect(cycle.training.schedule.stepCount == cycle.training.plan.stepCount)
    try cycle.training.validate()
    let pixel = try TrainingRecipe.standard(.pixel, settings: settings, maps: maps, seed: 0)
    #expect(pixel.totalMaps == maps)
    #expect(pixel.training.schedule.stepCount == pixel.training.plan.stepCount)
    #expect(pixel.training.plan.epochCount <= 20)
    try pixel.training.validate()
  }

  /// On a cut sky the network of pixels gets the mask as a channel.
  @Test("Fields of a network of pixels")
  func pixelFields() throws {
    for (settings, channels) in [
      (try TaskSettings(), 1), (try TaskSettings(task: .t2), 2),
      (try TaskSettings(task: .t3, skyFraction: 0.2), 3),
    ] {
      let recipe = try TrainingRecipe.standard(.pixel, settings: settings, maps: 600, seed: 0)
      let configuration = try #require(recipe.network.typed(PixelConfiguration.self))
      #expect(configuration.inputChannels == channels)
      #expect(configuration.outputCount == settings.parameterNames.count)
    }
  }

  /// Maps at an nside that has no NESTED numbers serve the other networks only.
  @Test("A network of pixels needs a power of two")
  func pixelResolution() throws {
    let settings = try TaskSettings(nside: 17)
    #expect(
      thrown { try TrainingRecipe.standard(.pixel, settings: settings, maps: 600, seed: 0) }
        as? HealpixError == .nestedNeedsPowerOfTwo(nside: 17))
  }

  /// A short run on a cut sky, the mask among the channels: the fields are scaled to order one, the
  /// mask is not, and the outputs begin at the prior's mean. Two thousand maps teach little; the
  /// error is below that of a constant guess, 37 % for the mean of the prior.
  @Test("A network of pixels on a cut sky")
  func pixelRun() throws {
    let settings = try TaskSettings(task: .t2, skyFraction: 0.5)
    let recipe = try TrainingRecipe.standard(.pixel, settings: settings, maps: 2_000, seed: 3)
    let run = try TrainingRun(
      settings: settings, recipe: recipe, execution: TrainingExecution(threads: 2))
    guard case .completed(let model, let record) = try run.run(),
      let network = model.network as? PixelNetwork<Float>
    else {
      Issue.record("no network of pixels")
      return
    }
    // ⟨Q²⟩ is 11 to 41 times the power of a mode over 4π, for peaks from 5 to 20.
    let scales = network.namedBuffers.inputScale.values
    #expect(scales[0] == scales[1] && scales[0] > 0.1 && scales[0] < 1 && scales[2] == 1)
    #expect(network.namedBuffers.outputOffset.values == [12.5, 12.5])
    let errors = settings.parameterNames.map {
      model.description.result[figureName("mean_absolute_percent_error", $0, of: 2)] ?? .infinity
    }
    #expect(errors.allSatisfy { $0 < 37 }, "\(errors)")
    #expect(record.parameterCount == network.parameterCount)
  }

  @Test("Too few maps for a recipe")
  func tooFewMaps() throws {
    let settings = try TaskSettings()
    #expect(
      thrown { try TrainingRecipe.standard(.isotropic, settings: settings, maps: 511, seed: 0) }
        as? TaskError == .tooFewMaps(found: 511, least: 512, use: "a training run"))
  }

  /// Of two parameters there are two comparisons, each on all maps.
  @Test("The optimum of two parameters")
  func optimumOfTwo() throws {
    let settings = try TaskSettings(task: .t2)
    let source = try SkyMapSource(settings, seed: 9)
    let evaluation = try BaselineEvaluation(
      try FullSkyEstimator(settings), on: TestMaps(source, count: 12, threads: 2), threads: 2)
    #expect(evaluation.comparisons.map(\.mapCount) == [12, 12])
    #expect(evaluation.comparisons.allSatisfy { $0.optimal.percent > 0 && $0.optimal.percent < 10 })
  }

  /// The optimal estimate from maps agrees with the limit simulated in harmonic space, which knows
  /// neither pixels nor analysis; both have a standard error.
  /// Blind to: an error that likelihood and simulation share.
  @Test("The optimum on maps is the simulated limit", arguments: [0.0, 5])
  func optimum(noise: Double) throws {
    let settings = try TaskSettings(noise: noise)
    let source = try SkyMapSource(settings, seed: 9)
    let evaluation = try BaselineEvaluation(
      try FullSkyEstimator(settings), on: TestMaps(source, count: 1_000, threads: 2), threads: 2)
    let limit = try BayesLimit.simulate(
      settings.likelihood().grids()[0], skies: 2_000, seed: 9, threads: 2)
    let comparison = evaluation.comparisons[0]
    let found = comparison.optimal
    let score = StandardScore(
      mean: found.percent,
      standardError: (found.standardError * found.standardError
        + limit.optimal.standardError * limit.optimal.standardError).squareRoot(),
      expected: limit.optimal.percent)
    #expect(score.magnitude <= 5, "\(score)")
    #expect(comparison.ratio >= 1 - 4 * comparison.ratioStandardError)
  }
}
