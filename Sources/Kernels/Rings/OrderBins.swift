/// Memory of one ring's transform: where order m and order n − m start.
package struct OrderBins<T: LaneScalar>: Sendable {
  package let order: BufferView<T>
  package let mirror: BufferView<T>

  package init(order: BufferView<T>, mirror: BufferView<T>) {
    self.order = order
    self.mirror = mirror
  }
}
