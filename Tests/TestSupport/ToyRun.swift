import Kernels
import SpectralNetworks
import Training

/// Configurations for the toy problem, and one run of it.
package enum ToyRun {
  package static func configuration(
    maps: Int = 400, schedule: LearningRateSchedule = .constant(rate: 0.02)
  ) -> TrainingConfiguration {
    TrainingConfiguration(
      maps: maps, batch: 8, mapsPerEpoch: 100, validationMaps: 20, seed: 5,
      loss: .relativeHuber(delta: 0.1), schedule: schedule, keepsBest: true, stepsPerRecord: 5,
      labels: ["task": "toy"])
  }

  /// Trains a toy network; both results are of equal bits whenever they are equal.
  package static func train<T: LaneScalar>(
    _ configuration: TrainingConfiguration, as type: T.Type,
    execution: TrainingExecution = TrainingExecution(threads: 1),
    source: ToySource<T> = ToySource(), resuming: Bool = false, stopAfter: Int? = nil,
    seed: UInt64 = 3
  ) throws -> (network: ToyNetwork<T>, result: TrainingResult) {
    var network = ToyNetwork<T>(seed: seed)
    let loop = try TrainingLoop<ToyNetwork<T>, ToySource<T>>(
      configuration: configuration, execution: execution, source: source)
    let flag = InterruptionFlag()
    let result = try loop.run(&network, resuming: resuming, interruption: flag) { progress in
      if progress.step == stopAfter { flag.raise() }
    }
    return (network, result)
  }

  /// The same in `Double`.
  package static func train(
    _ configuration: TrainingConfiguration,
    execution: TrainingExecution = TrainingExecution(threads: 1),
    source: ToySource<Double> = ToySource(), resuming: Bool = false, stopAfter: Int? = nil,
    seed: UInt64 = 3
  ) throws -> (network: ToyNetwork<Double>, result: TrainingResult) {
    try train(
      configuration, as: Double.self, execution: execution, source: source, resuming: resuming,
      stopAfter: stopAfter, seed: seed)
  }
}
