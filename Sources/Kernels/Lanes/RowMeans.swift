/// Replaces every one of several rows by their mean; sums are made in the order of the rows.
///
///     x_k ← (Σ_j x_j)/K     for every k of K rows
///
/// Rows often lie a multiple of 4096 bytes apart, and a processor takes a read for dependent on a
/// write at the same place of another such page: sums go through memory of their own, and small
/// pieces of all rows stay in the cache between reading and writing.
/// Shapes:     rows of `count` numbers, at least one row.
/// Checked by: OrderSharingTests.
@_specialize(where T == Float)
@_specialize(where T == Double)
package func replaceByMean<T: LaneScalar>(_ rows: [BufferView<T>], count: Int) {
  let piece = 256
  let share = 1 / T(rows.count)
  withUnsafeTemporaryAllocation(of: T.self, capacity: piece) { buffer in
    guard let start = buffer.baseAddress else { return }
    let mean = elementPointer(start, count: piece)
    for start in stride(from: 0, to: count, by: piece) {
      let own = min(piece, count - start)
      mean.update(from: rows[0].base + start, count: own)
      for row in rows.dropFirst() {
        let other = row.base + start
        for i in 0..<own { mean[i] += other[i] }
      }
      for i in 0..<own { mean[i] *= share }
      for row in rows { (row.base + start).update(from: mean, count: own) }
    }
  }
}
