import Foundation

/// e^{imφ} of 16 pairs of rings, for one order after the other.
///
/// Method: e^{imφ} = e^{i 32 ⌊m/32⌋ φ} e^{i (m mod 32) φ}, from two tables: one rounding error more
///         than the cosine itself, and no error that grows with m.
/// Layout: 32 numbers per entry: 16 cosines, 16 sines.
package struct OrderPhases: Sendable {
  private let near: AlignedBuffer<Double>
  private let far: AlignedBuffer<Double>

  /// Orders of the table of small orders.
  private static let period = 32
  /// Numbers of an entry.
  package static let entry = 2 * RecurrenceBlock.width

  /// Phases of the orders 0...`mmax` for at most 16 starts φ, in radians.
  package init(starts: [Double], mmax: Int) {
    precondition(starts.count <= RecurrenceBlock.width, "\(starts.count) rings of a block")
    near = AlignedBuffer(count: Self.period * Self.entry)
    far = AlignedBuffer(count: (mmax / Self.period + 1) * Self.entry)
    for (i, start) in starts.enumerated() {
      for (table, factor) in [(near, 1), (far, Self.period)] {
        for k in 0..<table.count / Self.entry {
          let angle = Double(factor * k) * start
          table[k * Self.entry + i] = cos(angle)
          table[k * Self.entry + RecurrenceBlock.width + i] = sin(angle)
        }
      }
    }
  }

  /// The phases of order m, to 32 numbers.
  @inline(__always)
  func fill(_ m: Int, _ phases: BufferView<Double>) {
    let width = RecurrenceBlock.width
    let a = near.view(m % Self.period * Self.entry).base
    let b = far.view(m / Self.period * Self.entry).base
    for i in stride(from: 0, to: width, by: 4) {
      let (aCosine, aSine) = (loadVector(a + i), loadVector(a + width + i))
      let (bCosine, bSine) = (loadVector(b + i), loadVector(b + width + i))
      storeVector((aCosine * bCosine).adding(-aSine, times: bSine), phases.base + i)
      storeVector((aCosine * bSine).adding(aSine, times: bCosine), phases.base + width + i)
    }
  }
}
