import Dispatch
import Foundation
import Kernels

/// How a long computation tells how far it is, and how it is stopped.
///
/// `announce` is called before a stage that may be long or large, by the thread that begins it;
/// what it throws keeps the stage from beginning. `update` may be called from any thread, one call
/// at a time; `isStopped` is asked by any thread before every part of the work, and an answer of
/// true ends it with an error that says `interrupted`.
/// Bits:       watching changes none of the results.
/// Checked by: WorkProgressTests.
public struct WorkProgress: Sendable {
  /// Told before a stage what it takes.
  public let announce: @Sendable (WorkEstimate) throws -> Void
  /// Told how many parts of how many are done.
  public let update: @Sendable (_ done: Int, _ total: Int) -> Void
  /// Asked whether to stop.
  public let isStopped: @Sendable () -> Bool
  /// Whether anybody can stop the work.
  let isWatched: Bool

  /// Reports to nobody and never stops.
  public init() {
    announce = { _ in }
    update = { _, _ in }
    isStopped = { false }
    isWatched = false
  }

  /// Announces stages to `announce`, stops when `isStopped` says so, reports to `update`.
  public init(
    announce: @escaping @Sendable (WorkEstimate) throws -> Void = { _ in },
    isStopped: @escaping @Sendable () -> Bool,
    update: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) {
    self.announce = announce
    self.update = update
    self.isStopped = isStopped
    isWatched = true
  }

  /// The same without reports and announcements: for a part of a larger stage.
  public var stopOnly: WorkProgress {
    isWatched ? WorkProgress(isStopped: isStopped) : WorkProgress()
  }

  /// Refuses to go on when asked to stop.
  ///
  /// - Throws: `LinearAlgebraError.interrupted`.
  package func requireGoingOn() throws(LinearAlgebraError) {
    if isStopped() { throw .interrupted }
  }

  /// Runs a routine that cannot be stopped, one of LAPACK, so that its caller can be.
  ///
  /// Where somebody may stop the work the routine runs on another thread, and every tenth of a
  /// second it is asked whether to go on. After a stop the routine runs to its end, and its result
  /// is dropped.
  ///
  /// - Throws: `LinearAlgebraError.interrupted`.
  func waiting<Result: Sendable>(
    for routine: @escaping @Sendable () -> Result
  ) throws(LinearAlgebraError) -> Result {
    guard isWatched else { return routine() }
    let slot = ResultSlot<Result>()
    DispatchQueue.global(qos: .userInitiated).async { slot.fill(routine()) }
    while true {
      if let result = slot.wait(milliseconds: 100) { return result }
      try requireGoingOn()
    }
  }
}

/// The result of another thread.
private final class ResultSlot<Result: Sendable>: Sendable {
  private let result = Locked<Result?>(nil)
  private let isReady = DispatchSemaphore(value: 0)

  func fill(_ value: Result) {
    result.withLock { $0 = value }
    isReady.signal()
  }

  /// The result, or nil if there is none after some time.
  func wait(milliseconds: Int) -> Result? {
    guard isReady.wait(timeout: .now() + .milliseconds(milliseconds)) == .success else {
      return nil
    }
    return result.withLock { $0 }
  }
}
