/// Re and Im of one order of the even and odd part, in lanes.
package struct ParityParts<T: LaneScalar>: Sendable {
  package let evenReal: BufferView<T>
  package let evenImaginary: BufferView<T>
  package let oddReal: BufferView<T>
  package let oddImaginary: BufferView<T>

  package init(
    evenReal: BufferView<T>, evenImaginary: BufferView<T>, oddReal: BufferView<T>,
    oddImaginary: BufferView<T>
  ) {
    self.evenReal = evenReal
    self.evenImaginary = evenImaginary
    self.oddReal = oddReal
    self.oddImaginary = oddImaginary
  }

  /// Four rows, `stride` apart.
  package init(rows: BufferView<T>, stride: Int) {
    self.init(
      evenReal: rows, evenImaginary: rows.at(stride), oddReal: rows.at(2 * stride),
      oddImaginary: rows.at(3 * stride))
  }

  /// Copies lanes 0, 2, 4, ... of other parts to lanes 0, 1, 2, ... of these.
  @_specialize(where T == Float)
  @_specialize(where T == Double)
  package func takeEvenLanes(of other: ParityParts, count: Int) {
    for lane in 0..<count {
      evenReal[lane] = other.evenReal[2 * lane]
      evenImaginary[lane] = other.evenImaginary[2 * lane]
      oddReal[lane] = other.oddReal[2 * lane]
      oddImaginary[lane] = other.oddImaginary[2 * lane]
    }
  }
}
