import Synchronization
import Tasks
import Training

/// A source that stops delivering when an interruption is asked for, and counts what it delivers.
///
/// For the stages after gradient training, which keep no checkpoint: they are repeated on resuming.
package struct InterruptibleSource<Base: MapSource>: MapSource {
  let base: Base
  let interruption: InterruptionFlag
  let delivered: @Sendable (_ maps: Int) -> Void

  package func batch(
    maps: Range<Int>, purpose: MapPurpose, threads: Int
  ) throws -> MapBatch<Base.Scalar> {
    if interruption.isRaised { throw TaskError.interrupted }
    defer { delivered(maps.count) }
    return try base.batch(maps: maps, purpose: purpose, threads: threads)
  }
}

/// Counts maps from any thread.
final class MapCounter: Sendable {
  private let count = Atomic<Int>(0)

  /// Adds some maps; the number so far.
  func add(_ maps: Int) -> Int { count.wrappingAdd(maps, ordering: .relaxed).newValue }
}
