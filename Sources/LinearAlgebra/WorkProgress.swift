import Dispatch
import Foundation
import Kernels

/// How a long computation tells how far it is, and how it is stopped.
///
/// `announce` is called before a stage that may be long or large, by the thread that begins it; what it
/// throws keeps the stage from beginning. `update` may be called from any thread, one call at a time;
/// `isStopped` is asked by any thread before every part of the work, and an answer of true ends it
/// with an error that says `interrupted`.
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
  /// Where somebody may stop the work the routine runs on another thread, and every tenth of a second it is asked
  /// whether to go on. After a stop the routine runs to its end, and its result is dropped.
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

/// What a stage is going to take, before it begins.
public struct WorkEstimate: Sendable, Hashable {
  /// A smaller stage of the same kind.
  public struct Alternative: Sendable, Hashable {
    /// What is smaller, for instance "4 filters".
    public var change: String
    /// Its memory in bytes.
    public var bytes: Double

    /// A smaller stage.
    public init(change: String, bytes: Double) {
      self.change = change
      self.bytes = bytes
    }
  }

  /// What is made, for instance "9 filters of 1997 pixels".
  public var stage: String
  /// Memory that it takes at its height, in bytes.
  public var bytes: Double
  /// Multiplications of its matrix products, which take nearly all of its time.
  public var multiplications: Double
  /// Smaller stages, of each kind the largest first.
  public var alternatives: [Alternative]

  /// What a stage takes.
  public init(
    stage: String, bytes: Double, multiplications: Double, alternatives: [Alternative] = []
  ) {
    self.stage = stage
    self.bytes = bytes
    self.multiplications = multiplications
    self.alternatives = alternatives
  }

  /// About how long the multiplications take on this machine now, in seconds.
  ///
  /// The speed is that of one product of two matrices of order 192 on every thread, measured on the first call.
  /// Accuracy: a factor of two; other work on the machine counts.
  public func seconds(threads: Int) -> Double {
    let cores = Double(max(1, min(threads, Self.measured.threads)))
    return multiplications / (Self.measured.multiplicationsPerSecond * cores)
  }

  /// Multiplications per second of one thread while as many as there are cores multiply.
  private static let measured: (multiplicationsPerSecond: Double, threads: Int) = {
    let (order, rounds) = (192, 4)
    let threads = max(1, min(16, ProcessInfo.processInfo.activeProcessorCount))
    let factor = AlignedBuffer<Double>(count: order * order)
    for i in 0..<order * order { factor[i] = 1 }
    let products = AlignedBuffer<Double>(count: threads * order * order)
    let start = ContinuousClock.now
    parallelFor(threads, threads: threads) { k in
      for _ in 0..<rounds {
        matrixProduct(
          rows: order, columns: order, depth: order,
          MatrixView(factor.view(), rowStride: order), MatrixView(factor.view(), rowStride: order),
          into: MatrixView(products.view(k * order * order), rowStride: order))
      }
    }
    let seconds = max((ContinuousClock.now - start) / .seconds(1), 1e-9)
    return (Double(rounds * order * order * order) / seconds, threads)
  }()
}

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

  /// `parallelFor` whose calls are left out once a stop is asked for, and counted as `cost` says.
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
