/// The phases of a pair of rings at one order.
package struct PairPhases<T: LaneScalar>: Sendable {
  package let north: RingPhase<T>
  package let south: RingPhase<T>

  package init(north: RingPhase<T>, south: RingPhase<T>) {
    self.north = north
    self.south = south
  }
}
