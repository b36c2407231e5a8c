import LinearAlgebra
import Synchronization
import Tasks

extension ProgressReporter {
  /// How a long stage is announced, refused for want of memory, shown and stopped by a signal.
  ///
  /// - Parameters:
  ///   - stage: what the lines begin with.
  ///   - unit: of what is counted.
  ///   - threads: threads of the stage, for the estimate of its time.
  ///   - showsShort: whether a stage that was not announced as long is shown.
  /// - Returns: where the stage reports.
  func work(
    _ stage: String, unit: String = "%", threads: Int, showsShort: Bool = false
  ) -> WorkProgress {
    let isShown = Switch(showsShort)
    let flag = Interruption.shared.flag
    return WorkProgress(
      announce: { estimate in
        try announce(estimate, threads: threads)
        if estimate.isLong(threads: threads) { isShown.turnOn() }
      },
      isStopped: { flag.isRaised },
      update: { done, total in
        if isShown.isOn { self.update(stage, done: done, total: total, unit: unit) }
      })
  }
}

/// Says what a stage takes, if it is much.
///
/// - Throws: `TaskError.notEnoughMemory`.
func announce(_ estimate: WorkEstimate, threads: Int) throws {
  try estimate.requireMemory()
  if let text = estimate.announcement(threads: threads) { say(text) }
}

extension TaskSettings {
  /// The optimal estimator of a row of which it is asked for, after saying what the posterior of a
  /// cut sky takes.
  ///
  /// - Throws: what `estimator` throws; `TaskError.notEnoughMemory`.
  func announcedEstimator(
    maps: Int, floor: Double?, threads: Int
  ) throws -> (any SkyEstimator)? {
    let estimator = try estimator(
      threads: threads, most: Self.mostEvaluatedPixels, floor: floor)
    if let mask, estimator != nil {
      try announce(
        CutSkyEstimator.workEstimate(
          pixels: mask.observedPixels.count, maps: maps, parameters: parameterNames.count,
          threads: threads),
        threads: threads)
    }
    return estimator
  }
}

/// Something that is turned on once, by any thread.
private final class Switch: Sendable {
  private let state: Atomic<Bool>

  init(_ isOn: Bool) { state = Atomic(isOn) }

  var isOn: Bool { state.load(ordering: .relaxed) }
  func turnOn() { state.store(true, ordering: .relaxed) }
}
