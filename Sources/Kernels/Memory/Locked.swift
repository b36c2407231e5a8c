import Foundation

/// A value that one thread at a time reads or changes.
///
/// The lock is the system's, which the thread sanitizer knows; it does not know `Mutex` of the
/// standard library (Docs/Decisions/locks.md).
package final class Locked<Value>: @unchecked Sendable {
  private let lock = NSLock()
  private var value: Value

  package init(_ value: Value) { self.value = value }

  /// Calls `body` with the value, while no other thread has it.
  package func withLock<R, Failure: Error>(
    _ body: (inout Value) throws(Failure) -> R
  ) throws(Failure) -> R {
    lock.lock()
    defer { lock.unlock() }
    return try body(&value)
  }
}
