/// The transforms of a pair of rings with n longitudes: bin k of the northern ring at k `lanes`,
/// the southern ring n `lanes` further on.
package struct PairBins<T: LaneScalar>: Sendable {
  package let view: BufferView<T>
  /// Number of longitudes n.
  package let count: Int
  package let lanes: Int
  package let hasSouth: Bool

  package init(_ view: BufferView<T>, count: Int, lanes: Int, hasSouth: Bool) {
    self.view = view
    self.count = count
    self.lanes = lanes
    self.hasSouth = hasSouth
  }

  /// Order m, folded into n longitudes, and its mirror.
  @inline(__always)
  package func north(_ m: Int) -> OrderBins<T> {
    let k = m < count ? m : m % count
    return OrderBins(
      order: view.at(k * lanes), mirror: view.at((k == 0 ? 0 : count - k) * lanes))
  }

  @inline(__always)
  package func south(_ m: Int) -> OrderBins<T> {
    PairBins(view.at(count * lanes), count: count, lanes: lanes, hasSouth: false).north(m)
  }
}
