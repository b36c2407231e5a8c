import Dispatch
import Kernels

/// Delivers the batches of a list of ranges one after the other, making the next one on a thread of
/// its own while the caller works on the present one.
///
/// The batches are the same with and without working ahead; only the waiting differs.
package final class BatchPipeline<Source: MapSource> {
  private let source: Source
  private let ranges: [Range<Int>]
  private let purpose: MapPurpose
  private let threads: Int
  private let worksAhead: Bool
  private let queue = DispatchQueue(label: "SpectralSphere.BatchPipeline")
  private var position = 0
  private var pending: PendingBatch<Source.Scalar>?
  /// Seconds that `next` has spent waiting for maps.
  private(set) var secondsWaited = 0.0

  package init(
    source: Source, ranges: [Range<Int>], purpose: MapPurpose, threads: Int, worksAhead: Bool
  ) {
    self.source = source
    self.ranges = ranges
    self.purpose = purpose
    self.threads = threads
    self.worksAhead = worksAhead
    if worksAhead { begin() }
  }

  /// The next batch with the indices of its maps, or nil after the last one.
  ///
  /// - Throws: what the source throws.
  package func next() throws -> (range: Range<Int>, batch: MapBatch<Source.Scalar>)? {
    guard position < ranges.count else { return nil }
    let range = ranges[position]
    let start = ContinuousClock.now
    let batch: MapBatch<Source.Scalar>
    if let pending {
      batch = try pending.wait().get()
    } else {
      batch = try source.batch(maps: range, purpose: purpose, threads: threads)
    }
    secondsWaited += seconds(since: start)
    position += 1
    pending = nil
    if worksAhead { begin() }
    return (range, batch)
  }

  private func begin() {
    guard position < ranges.count else { return }
    let slot = PendingBatch<Source.Scalar>()
    pending = slot
    queue.async { [source, purpose, threads, range = ranges[position]] in
      slot.fill(Result { try source.batch(maps: range, purpose: purpose, threads: threads) })
    }
  }
}

/// A batch that another thread is making.
private final class PendingBatch<T: LaneScalar>: Sendable {
  private let result = Locked<Result<MapBatch<T>, any Error>?>(nil)
  private let isReady = DispatchSemaphore(value: 0)

  func fill(_ value: Result<MapBatch<T>, any Error>) {
    result.withLock { $0 = value }
    isReady.signal()
  }

  /// Waits for the batch. To be called once.
  func wait() -> Result<MapBatch<T>, any Error> {
    isReady.wait()
    guard let value = result.withLock({ $0 }) else {
      preconditionFailure("a batch was announced and not delivered")
    }
    return value
  }
}

/// Seconds from `start` until now.
func seconds(since start: ContinuousClock.Instant) -> Double {
  (ContinuousClock.now - start) / .seconds(1)
}
