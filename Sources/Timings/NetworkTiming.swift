import Faults
import Foundation
import RandomNumbers
import Tasks
import Training
import TrainingRuns

/// How many maps per second a network is trained on, and predicts.
///
/// What is timed:  training: gradient steps, fresh maps included. The first quarter of the time
///                 does not count, since memory is taken and caches are cold there. Inference:
///                 predictions of batches in memory, with fresh weights.
package struct NetworkTiming: Sendable {
  /// The maps.
  package var settings: TaskSettings
  /// The network, and the maps of a step.
  package var recipe: TrainingRecipe
  package var threads: Int
  /// Seconds to run.
  package var seconds: Double

  package init(settings: TaskSettings, recipe: TrainingRecipe, threads: Int, seconds: Double) {
    self.settings = settings
    self.recipe = recipe
    self.threads = threads
    self.seconds = seconds
  }

  /// Maps per second of training.
  ///
  /// - Throws: as `TrainingRun`; `TimingError.endedEarly` if the run has too few maps for the time.
  package func trainingRate() throws -> Double {
    let stop = InterruptionFlag()
    let watch = StepWatch(seconds: seconds, stop: stop)
    let run = try TrainingRun(
      settings: settings, recipe: recipe, execution: TrainingExecution(threads: threads))
    let outcome = try run.run(interruption: stop) { stage in
      if case .gradient(let progress) = stage { watch.note(maps: progress.maps) }
    }
    guard case .interrupted = outcome, let rate = watch.rate else {
      throw TimingError.endedEarly(maps: recipe.training.maps, seconds: seconds)
    }
    return rate
  }

  /// Maps per second of predictions.
  ///
  /// - Throws: as making the network and its maps.
  package func inferenceRate() throws -> Double {
    let network = try recipe.initialNetwork()
    let source = try SkyMapSource(
      settings, channels: network.inputChannels, seed: recipe.training.seed)
    let batch = recipe.training.batch
    let maps = source.batch(maps: 0..<batch, split: .test, threads: threads).maps
    _ = network.predict(maps, count: batch, threads: threads)
    let start = ContinuousClock.now
    var count = 0
    repeat {
      _ = network.predict(maps, count: batch, threads: threads)
      count += batch
    } while start.duration(to: .now) < .seconds(seconds)
    return Double(count) / elapsed(start)
  }
}

/// Seconds since then.
private func elapsed(_ start: ContinuousClock.Instant) -> Double {
  let parts = start.duration(to: .now).components
  return Double(parts.seconds) + Double(parts.attoseconds) * 1e-18
}

/// Notes the maps of steps against the clock.
final class StepWatch: @unchecked Sendable {
  private let lock = NSLock()
  private let seconds: Double
  private let stop: InterruptionFlag
  private var start: ContinuousClock.Instant?
  private var first: (maps: Int, time: Double)?
  private var last: (maps: Int, time: Double)?

  init(seconds: Double, stop: InterruptionFlag) {
    self.seconds = seconds
    self.stop = stop
  }

  func note(maps: Int) {
    lock.withLock {
      let begin = start ?? .now
      start = begin
      let time = elapsed(begin)
      if time < seconds / 4 || first == nil {
        first = (maps, time)
      } else {
        last = (maps, time)
      }
      if time >= seconds && last != nil { stop.raise() }
    }
  }

  /// Maps per second; nil before there are two steps.
  var rate: Double? {
    lock.withLock {
      guard let first, let last, last.time > first.time else { return nil }
      return Double(last.maps - first.maps) / (last.time - first.time)
    }
  }
}
