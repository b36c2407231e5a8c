/// Where the spectra of a block's rings are, and what turns their orders.
///
/// Layout: the northern ring of pair i at 2 i `count`, its southern ring `count` behind it.
package struct BlockSpectra<T: LaneScalar> {
  /// The spectra.
  package let rows: BufferView<T>
  /// Numbers from one spectrum to the next.
  package let count: Int
  /// How many of the 16 pairs there are.
  package let pairs: Int
  /// e^{imφ0} of the northern rings; nil: 1.
  package let north: OrderPhases?
  /// The same of the southern rings; nil: as the northern ones.
  package let south: OrderPhases?

  package init(
    rows: BufferView<T>, count: Int, pairs: Int, north: OrderPhases?, south: OrderPhases?
  ) {
    self.rows = rows
    self.count = count
    self.pairs = pairs
    self.north = north
    self.south = south
  }
}
