import Foundation
import Kernels
import Synchronization

/// A value that is computed when it is first needed, by whoever needs it first.
///
/// Inner loops ask for it, so its lock is taken only until the value is there: a thread that sees
/// `isMade` also sees the value, which does not change any more. The lock is one that the thread
/// sanitizer knows (Docs/Decisions/locks.md).
final class LazyValue<Value: Sendable>: @unchecked Sendable {
  private let lock = NSLock()
  private let isMade = Atomic<Bool>(false)
  private var kept: Value?
  private let make: @Sendable () -> Value

  init(_ make: @escaping @Sendable () -> Value) { self.make = make }

  /// The value.
  var value: Value {
    if isMade.load(ordering: .acquiring), let kept { return kept }
    return lock.withLock {
      if let kept { return kept }
      let made = make()
      kept = made
      isMade.store(true, ordering: .releasing)
      return made
    }
  }
}

/// One table per order, computed when it is first needed: a transform that goes another way needs
/// none.
///
/// Threads: two that need the same order at the same time both compute it, to the same bits.
final class OrderTables<T: LaneScalar>: @unchecked Sendable {
  private let lock = NSLock()
  private var kept: [AlignedBuffer<T>?]

  init(orders: Int) { kept = [AlignedBuffer<T>?](repeating: nil, count: orders) }

  /// The table of an order.
  func order(_ m: Int, make: () -> AlignedBuffer<T>) -> AlignedBuffer<T> {
    if let table = lock.withLock({ kept[m] }) { return table }
    let table = make()
    lock.withLock { kept[m] = table }
    return table
  }
}
