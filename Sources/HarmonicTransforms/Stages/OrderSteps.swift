/// What the recurrence of one order needs, in memory that serves one order after the other.
///
/// Contract: one thread prepares it; afterwards any number of threads may read it.
protocol OrderSteps: AnyObject, Sendable {
  /// Computes the steps of an order.
  func prepare(_ m: Int)
}

/// The steps of all orders, where they are few.
///
/// A small transform computes the square roots and divisions of its orders once and keeps them; for
/// a large one reading them takes longer than computing them every time. The border is measured
/// (Docs/Performance).
struct KeptSteps<Steps: OrderSteps>: Sendable {
  /// The largest lmax whose steps are kept.
  static var largestDegree: Int { 127 }

  private let orders: [Steps]

  /// - Parameters:
  ///   - lmax: largest degree of a transform.
  ///   - count: how many of its orders are asked for, from 0 on.
  ///   - make: memory for one order.
  init(lmax: Int, orders count: Int, make: () -> Steps) {
    orders =
      lmax > Self.largestDegree
      ? []
      : (0..<count).map { m in
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
