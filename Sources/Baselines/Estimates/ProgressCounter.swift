import Kernels
import LinearAlgebra

extension WorkProgress {
  /// Refuses to go on when asked to stop.
  func check() throws(BaselineError) {
    if isStopped() { throw .interrupted }
  }
}

/// Adds up what several threads have done.
final class ProgressCounter: Sendable {
  private let progress: WorkProgress
  private let total: Int
  private let done = Locked(0)

  init(_ progress: WorkProgress, total: Int) {
    self.progress = progress
    self.total = total
  }

  /// Reports `count` more as done, at most the total.
  func add(_ count: Int) {
    done.withLock {
      $0 = min($0 + count, total)
      progress.update($0, total)
    }
  }
}
