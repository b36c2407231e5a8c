import FileFormats
import Foundation
import FourierTransforms
import LinearAlgebra
import Models
import SpectralNetworks
import Tasks
import Training

/// The stages of a run, and what the stages of an architecture (`BenchmarkNetwork`) share.
package struct TrainingStages {
  private let start = ContinuousClock.now
  private var secondsInLoop = 0.0
  /// The run.
  package let run: TrainingRun
  /// Its maps.
  package let source: SkyMapSource
  /// Raised when the run is to stop.
  package let interruption: InterruptionFlag
  /// Told of every stage.
  package let report: @Sendable (TrainingStage) -> Void

  init(
    run: TrainingRun, source: SkyMapSource, interruption: InterruptionFlag,
    report: @escaping @Sendable (TrainingStage) -> Void
  ) {
    self.run = run
    self.source = source
    self.interruption = interruption
    self.report = report
  }

  /// The row of the benchmark.
  package var settings: TaskSettings { run.settings }
  /// The maps of every stage.
  package var recipe: TrainingRecipe { run.recipe }
  /// Threads to use at most.
  package var threads: Int { run.execution.threads }

  // MARK: - What the stages of an architecture use

  /// Stops long computations.
  package var stop: WorkProgress {
    WorkProgress(isStopped: { [interruption] in interruption.isRaised })
  }

  /// Says what a stage takes, if it is much.
  ///
  /// - Throws: `TaskError.notEnoughMemory`.
  package func announce(_ work: WorkEstimate) throws {
    try work.requireMemory()
    if let text = work.announcement(threads: threads) { report(.working(text)) }
  }

  /// Announces the making of a network, and reports it if it takes long.
  package func making(_ work: WorkEstimate?) -> WorkProgress {
    let isLong = work?.isLong(threads: threads) ?? false
    let (interruption, report, threads) = (interruption, report, threads)
    return WorkProgress(
      announce: { work in
        try work.requireMemory()
        if let text = work.announcement(threads: threads) { report(.working(text)) }
      },
      isStopped: { interruption.isRaised },
      update: { done, _ in if isLong { report(.part(name: "filters", hundredths: done)) } })
  }

  /// The source for a stage without checkpoint.
  package func observed(_ name: String, total: Int) -> InterruptibleSource<SkyMapSource> {
    let counter = MapCounter()
    return InterruptibleSource(base: source, interruption: interruption) { [report] maps in
      report(.other(name: name, done: min(counter.add(maps), total), total: total))
    }
  }

  /// Reports the passes of a closed-form fit over its maps, and stops it.
  package func solving(_ name: String) -> WorkProgress {
    let (interruption, report) = (interruption, report)
    return WorkProgress(
      isStopped: { interruption.isRaised },
      update: { report(.other(name: name, done: $0, total: $1)) })
  }

  /// Reports the evaluations of an iterative fit, and stops it.
  package func fitting(_ name: String, most: Int) -> (_ evaluations: Int) throws -> Void {
    { [interruption, report] evaluations in
      if interruption.isRaised { throw TaskError.interrupted }
      report(.fit(name: name, evaluations: evaluations, most: most))
    }
  }

  // MARK: - The stages of all networks

  mutating func train<Network: TrainableNetwork>(
    _ network: inout Network, resuming: Bool
  ) throws -> TrainingResult where Network.Scalar == Float {
    guard recipe.training.maps > 0 else { return TrainingResult.withoutSteps }
    let loop = try TrainingLoop<Network, TargetSource<SkyMapSource>>(
      configuration: recipe.training, execution: run.execution,
      source: TargetSource(
        source, targets: recipe.network.typed(PublishedConfiguration.self)?.targets,
        priors: settings.priors))
    let start = ContinuousClock.now
    defer { secondsInLoop = (ContinuousClock.now - start) / .seconds(1) }
    return try loop.run(&network, resuming: resuming, interruption: interruption) { [report] in
      report(.gradient($0))
    }
  }

  func finish(
    _ trained: some BenchmarkNetwork, training: TrainingResult, fit: ReadoutFit
  ) throws -> TrainingOutcome {
    var network = trained
    try network.round(to: run.precision)
    var model = TrainedModel(
      network: network,
      description: ModelDescription(
        settings: run.settings, seed: recipe.training.seed,
        mapsSeen: training.maps
          + recipe.mapsBesideSteps(
            validations: training.validationCurve.count)))
    let calibrated = try calibrate(model)
    model.calibration = calibrated.errors
    model.likeness = calibrated.likeness
    let figures = try test(model)
    model.description.result = figures

    var record = RunRecord(
      settings: settings, recipe: recipe, training: training, threads: threads,
      parameterCount: network.parameterCount)
    record.precision = run.precision
    record.refit = fit.closedForm
    record.densityFit = fit.density
    record.denseFit = fit.dense
    record.result = figures
    // The loop counts its own time, that of earlier sessions included.
    record.seconds += (ContinuousClock.now - start) / .seconds(1) - secondsInLoop
    return .completed(model, record)
  }

  private func calibrate(_ model: TrainedModel) throws -> ModelCalibration {
    let maps = TestMaps(
      source, split: .calibration, count: recipe.calibrationMaps, threads: threads)
    return try ModelCalibration(model, on: maps, threads: threads, interruption: interruption) {
      report(.other(name: "error bars", done: $0, total: maps.count))
    }
  }

  /// The figures of test maps.
  private func test(_ model: TrainedModel) throws -> [String: Double] {
    let maps = TestMaps(source, count: recipe.testMaps, threads: threads)
    let progressOfMaps: @Sendable (Int) -> Void = { [report, count = maps.count] in
      report(.other(name: "test", done: $0, total: count))
    }
    if settings.task.table != nil {
      let estimator = run.estimator as? any PosteriorEstimator
      return model.givesPosteriors
        ? try PosteriorEvaluation(
          model, on: maps, estimator: estimator, threads: threads,
          interruption: interruption, progress: progressOfMaps
        ).figures
        : try PointEvaluation(
          model, on: maps, estimator: estimator, threads: threads, interruption: interruption,
          progress: progressOfMaps
        ).figures
    }
    return try Evaluation(
      model, on: maps, estimator: run.estimator, threads: threads, interruption: interruption,
      progress: progressOfMaps
    ).figures
  }
}
