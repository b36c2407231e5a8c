/// The even and odd parts of a pair's orders: order m at m `orderStride`, its odd part `oddOffset`
/// further on, each `[re, im][lane]`.
package struct OrderRows<T: LaneScalar>: Sendable {
  package let view: BufferView<T>
  package let orderStride: Int
  package let oddOffset: Int
  package let lanes: Int

  package init(_ view: BufferView<T>, orderStride: Int, oddOffset: Int, lanes: Int) {
    self.view = view
    self.orderStride = orderStride
    self.oddOffset = oddOffset
    self.lanes = lanes
  }

  @inline(__always)
  package func parts(_ m: Int) -> ParityParts<T> {
    let even = view.at(m * orderStride)
    let odd = even.at(oddOffset)
    return ParityParts(
      evenReal: even, evenImaginary: even.at(lanes), oddReal: odd, oddImaginary: odd.at(lanes))
  }
}
