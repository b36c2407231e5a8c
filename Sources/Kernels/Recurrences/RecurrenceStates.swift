/// Where the recurrences of some blocks stand: q_k, q_{k−1} and the scale of every colatitude.
///
/// Layout: three rows of 16 numbers per block.
package struct RecurrenceStates: Sendable {
  private let numbers: AlignedBuffer<Double>

  package init(blocks: Int) {
    numbers = AlignedBuffer(count: blocks * 3 * RecurrenceBlock.width)
  }

  /// The rows of one block.
  @inline(__always)
  package func view(_ block: Int) -> BufferView<Double> {
    numbers.view(block * 3 * RecurrenceBlock.width)
  }

  /// Sets the first function of one colatitude, mantissa · 2^(800 scale).
  @inline(__always)
  package func start(_ block: Int, _ place: Int, mantissa: Double, scale: Int) {
    let state = view(block)
    state[place] = mantissa
    state[RecurrenceBlock.width + place] = 0
    state[2 * RecurrenceBlock.width + place] = Double(scale)
  }
}
