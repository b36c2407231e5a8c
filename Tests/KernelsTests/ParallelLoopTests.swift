import Testing

@testable import Kernels

@Suite("Parallel loops")
struct ParallelLoopTests {
  /// Counts calls per index, and remembers whether a worker ever ran two calls at the same time.
  private final class Log: Sendable {
    struct State {
      var calls: [Int: Int] = [:]
      var order: [Int] = []
      var busy: Set<Int> = []
      var workers: Set<Int> = []
      var overlaps = 0
    }
    private let state = Locked(State())

    func begin(_ index: Int, _ worker: Int) {
      state.withLock {
        $0.calls[index, default: 0] += 1
        $0.order.append(index)
        $0.workers.insert(worker)
        if !$0.busy.insert(worker).inserted { $0.overlaps += 1 }
      }
    }

    func end(_ worker: Int) { state.withLock { _ = $0.busy.remove(worker) } }

    var result: State { state.withLock { $0 } }
  }

  /// Scratch memory is chosen by worker, so a worker must never run two calls at a time.
  @Test("Every index exactly once", arguments: [0, 1, 2, 7, 100], [1, 2, 3, 5])
  func exactlyOnce(count: Int, threads: Int) {
    let log = Log()
    // Work that takes long enough for calls to overlap, and whose result says that it was done.
    @Sendable func work(_ index: Int) -> Int { (0..<1000).reduce(0) { $0 ^ ($1 &* index) } }
    let results = Locked<[Int: Int]>([:])
    parallelFor(count, threads: threads) { index, worker in
      log.begin(index, worker)
      let own = work(index)
      log.end(worker)
      results.withLock { $0[index] = own }
    }
    #expect(
      results.withLock { $0 }
        == Dictionary(uniqueKeysWithValues: (0..<count).map { ($0, work($0)) }))
    let result = log.result
    #expect(result.calls == Dictionary(uniqueKeysWithValues: (0..<count).map { ($0, 1) }))
    #expect(result.overlaps == 0)
    #expect(result.workers.allSatisfy { 0..<threads ~= $0 })
    let simple = Log()
    parallelFor(count, threads: threads) { simple.begin($0, $0) }
    #expect(simple.result.calls == result.calls)
  }

  @Test("One thread runs in order")
  func inOrder() {
    let log = Log()
    parallelFor(50, threads: 1) { log.begin($0, $0) }
    #expect(log.result.order == Array(0..<50))
  }

  /// The ranges follow one another without gaps, none is empty, all but the last are multiples of
  /// the unit, and their lengths differ by a unit at most. They are cut by their arguments alone.
  @Test("Even ranges cover", arguments: [0, 1, 5, 16, 17, 100, 1023], [1, 2, 3, 8, 64])
  func evenRangesCover(count: Int, parts: Int) {
    for unit in [1, 4, 8, 32] {
      let ranges = evenRanges(count, parts: parts, unit: unit)
      #expect(ranges.count == min(parts, (count + unit - 1) / unit))
      #expect(ranges.flatMap { Array($0) } == Array(0..<count))
      #expect(ranges.allSatisfy { !$0.isEmpty })
      #expect(ranges.dropLast().allSatisfy { $0.count % unit == 0 })
      let units = ranges.map { ($0.count + unit - 1) / unit }
      #expect((units.max() ?? 0) - (units.min() ?? 0) <= 1)
    }
  }

  /// A cut that forgets the last index, or gives it twice, does not pass for one that covers.
  @Test("Negative control")
  func rejectsGaps() {
    let covers = { (ranges: [Range<Int>]) in ranges.flatMap { Array($0) } == Array(0..<10) }
    #expect(covers([0..<4, 4..<10]))
    #expect(!covers([0..<4, 4..<9]))
    #expect(!covers([0..<5, 4..<10]))
  }
}
