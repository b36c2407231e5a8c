import Faults
import FileFormats
import Foundation
import FourierTransforms
import LinearAlgebra
import Models
import SpectralNetworks
import Tasks
import Training

/// A training run from initial weights to a model with error bars and a record.
///
/// Bits:       threads and interruptions change none of the model.
/// Resuming:   gradient training goes on from its checkpoint; the stages after it keep none and are
///             repeated.
/// Checked by: TrainingRunTests, DrawnMapsTests, WorkflowTests.
public struct TrainingRun: Sendable {
  public let settings: TaskSettings
  public let recipe: TrainingRecipe
  public let execution: TrainingExecution
  /// How the model's file will store its weights: calibration and test see them rounded.
  public let precision: ModelFile.Precision
  /// The maps of all stages.
  var source: SkyMapSource
  /// Made before anything else, so that its faults show before hours of training.
  let estimator: (any SkyEstimator)?

  /// A run.
  ///
  /// - Throws: `HealpixError.invalidNside`, what `TaskSettings.estimator` throws;
  ///   `TaskError.notEnoughMemory` for maps and layers of the network.
  public init(
    settings: TaskSettings, recipe: TrainingRecipe, execution: TrainingExecution,
    precision: ModelFile.Precision = .float32
  ) throws {
    self.settings = settings
    self.recipe = recipe
    self.execution = execution
    self.precision = precision
    try recipe.trainingEstimate(settings).requireMemory()
    source = try SkyMapSource(
      settings, channels: recipe.network.inputChannels, seed: recipe.training.seed)
    estimator = try settings.estimator(threads: execution.threads)
  }

  /// Carries the run out.
  ///
  /// - Parameters:
  ///   - resuming: whether to go on from the checkpoint.
  ///   - interruption: looked at after every step and every batch.
  ///   - report: called after every step and every batch, on any thread.
  /// - Returns: model and record, or where the checkpoint is.
  /// - Throws: `TrainingError`, `ClosedFormError`, `TaskError` for bands or predictions that
  ///   cannot be and for stages without enough memory, before any of them begins; `BaselineError`
  ///   of the optimum, `FileError`, and what making networks throws.
  public func run(
    resuming: Bool = false, interruption: InterruptionFlag = InterruptionFlag(),
    report: @escaping @Sendable (TrainingStage) -> Void = { _ in }
  ) throws -> TrainingOutcome {
    var stages = TrainingStages(
      run: self, source: source, interruption: interruption, report: report)
    do {
      if let stored = try recipe.featureEstimate() { try stages.announce(stored) }
      return try recipe.network.trainable().run(&stages, resuming: resuming)
    } catch let error where isInterruption(error) {
      return interrupted
    }
  }

  fileprivate var interrupted: TrainingOutcome {
    .interrupted(checkpoint: execution.checkpoint)
  }
}

extension BenchmarkConfiguration {
  /// Every stage, from initial weights to model and record.
  fileprivate func run(
    _ stages: inout TrainingStages, resuming: Bool
  ) throws -> TrainingOutcome {
    var network = try makeNetwork(
      seed: stages.recipe.training.seed, progress: stages.making(makingEstimate))
    if !resuming { try network.prepare(stages) }
    let training = try stages.train(&network, resuming: resuming)
    if case .interrupted = training.ending { return stages.run.interrupted }
    let fit = try network.fitReadout(stages)
    return try stages.finish(network, training: training, fit: fit)
  }
}
