import Dispatch
import Synchronization

/// Calls `body(0)`, ..., `body(count - 1)`, each exactly once, on at most `threads` threads.
///
/// The calls are cut by the sizes of the problem alone and never by the number of threads; as long
/// as each call writes only its own part of the result, any number of threads gives the same bits.
/// Whoever is free takes the next index, so put the longest calls first.
///
/// - Parameters:
///   - count: number of calls; none when 0.
///   - threads: at least 1; 1 runs everything in the calling thread, in order.
///   - body: receives the index.
package func parallelFor(_ count: Int, threads: Int, _ body: @Sendable (Int) -> Void) {
  parallelFor(count, threads: threads) { index, _ in body(index) }
}

/// The same with the number of the worker, 0..<threads, that runs a call: for scratch memory.
///
/// Which worker gets which index is not determined; nothing but scratch may depend on it.
package func parallelFor(
  _ count: Int, threads: Int, _ body: @Sendable (_ index: Int, _ worker: Int) -> Void
) {
  precondition(threads >= 1, "\(threads) threads")
  let workers = min(threads, count)
  guard workers > 1 else {
    for index in 0..<max(count, 0) { body(index, 0) }
    return
  }
  let next = Atomic<Int>(0)
  DispatchQueue.concurrentPerform(iterations: workers) { worker in
    while true {
      let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
      if index >= count { return }
      body(index, worker)
    }
  }
}

/// Cuts 0..<count into at most `parts` ranges whose lengths are multiples of `unit` (but for the
/// last).
package func evenRanges(_ count: Int, parts: Int, unit: Int = 1) -> [Range<Int>] {
  precondition(parts >= 1 && unit >= 1)
  guard count > 0 else { return [] }
  let units = (count + unit - 1) / unit
  let used = min(parts, units)
  return (0..<used).map { part in
    let low = units * part / used * unit
    let high = min(units * (part + 1) / used * unit, count)
    return low..<high
  }
}
