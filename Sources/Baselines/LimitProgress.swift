import Synchronization

/// How a long computation tells how far it is, and how it is stopped.
///
/// `update` may be called from any thread, one call at a time; `isStopped` is asked by any thread
/// before every part of the work, and an answer of true ends it with `BaselineError.interrupted`.
public struct LimitProgress: Sendable {
  let update: @Sendable (_ done: Int, _ total: Int) -> Void
  let isStopped: @Sendable () -> Bool

  /// Reports to `update`, stops when `isStopped` says so; by default neither.
  public init(
    isStopped: @escaping @Sendable () -> Bool = { false },
    update: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) {
    self.update = update
    self.isStopped = isStopped
  }

  /// Refuses to go on when asked to stop.
  func check() throws(BaselineError) {
    if isStopped() { throw .interrupted }
  }
}

/// Adds up what several threads have done.
final class ProgressCounter: Sendable {
  private let progress: LimitProgress
  private let total: Int
  private let done = Mutex(0)

  init(_ progress: LimitProgress, total: Int) {
    self.progress = progress
    self.total = total
  }

  /// Reports `count` more as done.
  func add(_ count: Int) {
    done.withLock {
      $0 += count
      progress.update($0, total)
    }
  }
}
