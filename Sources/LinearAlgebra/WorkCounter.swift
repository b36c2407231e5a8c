import Dispatch
import Kernels

/// Counts the multiplications of a stage done by any thread, and reports hundredths of the whole.
package final class WorkCounter: Sendable {
  package let progress: WorkProgress
  private let total: Double
  private let state = Locked((done: 0.0, reported: -1))

  /// A stage of `multiplications` in all; reports 0 of 100.
  package init(_ progress: WorkProgress, multiplications: Double) {
    self.progress = progress
    total = max(multiplications, 1)
    add(0)
  }

  /// Adds work that is done.
  package func add(_ multiplications: Double) {
    state.withLock { state in
      state.done += multiplications
      let hundredths = Int(min(99, 100 * state.done / total))
      guard hundredths > state.reported else { return }
      state.reported = hundredths
      progress.update(hundredths, 100)
    }
  }

  /// Reports all as done.
  package func finish() { progress.update(100, 100) }

  /// A `parallelFor` that leaves out its calls once a stop is asked for, and counts each as `cost`
  /// says.
  ///
  /// After a stop the results are incomplete: `requireGoingOn` must follow.
  package func parallel(
    _ count: Int, threads: Int, cost: @Sendable (Int) -> Double, _ body: @Sendable (Int) -> Void
  ) {
    parallelFor(count, threads: threads) { part in
      if progress.isStopped() { return }
      body(part)
      add(cost(part))
    }
  }

  /// Refuses to go on when asked to stop.
  ///
  /// - Throws: `LinearAlgebraError.interrupted`.
  package func requireGoingOn() throws(LinearAlgebraError) { try progress.requireGoingOn() }
}
