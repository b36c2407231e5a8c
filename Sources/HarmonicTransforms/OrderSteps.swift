/// What the recurrence of one order needs, in memory that serves one order after the other.
protocol OrderSteps: AnyObject, Sendable {
  /// Computes the steps of an order.
  func prepare(_ m: Int)
}

/// The steps of all orders, where they are few.
///
/// The square roots and divisions of an order cost as much as its sums over some ten ring pairs do.
/// A small transform computes them once and keeps them, and they fit into the second-level cache
/// beside the fields; a large one has more ring pairs and computes them every time. The border is
/// measured (Docs/Performance).
struct KeptSteps<Steps: OrderSteps>: Sendable {
  /// The largest lmax whose steps are kept.
  static var largestDegree: Int { 127 }

  private let orders: [Steps]

  /// - Parameters:
  ///   - lmax: largest degree of a transform.
  ///   - mmax: its largest order.
  ///   - make: memory for one order.
  init(lmax: Int, mmax: Int, make: () -> Steps) {
    orders =
      lmax > Self.largestDegree
      ? []
      : (0...mmax).map { m in
        let steps = make()
        steps.prepare(m)
        return steps
      }
  }

  /// The steps of an order: those that are kept, else computed in the memory given.
  func order(_ m: Int, in memory: Steps) -> Steps {
    if m < orders.count { return orders[m] }
    memory.prepare(m)
    return memory
  }
}

/// What transforms by recurrence keep from one call for the next: the tiles, and what every thread
/// works with.
final class RecurrenceMemory<Scratch: Sendable>: Sendable {
  let tiles: OrderTiles
  let scratch: [Scratch]

  init(_ tiles: OrderTiles, threads: Int, scratch: () -> Scratch) {
    self.tiles = tiles
    self.scratch = (0..<threads).map { _ in scratch() }
  }
}
