// Between rows of maps and lanes in which the channels of a map are interleaved.

/// target[i · rowStride + j · columnStride] = source[i · sourceStride + j].
///
/// Checked by: LaneInterleavingTests.
@_specialize(where T == Float)
@_specialize(where T == Double)
package func scatter<T: LaneScalar>(
  _ source: BufferView<T>, rows: Int, columns: Int, sourceStride: Int, to target: BufferView<T>,
  rowStride: Int, columnStride: Int
) {
  for i in 0..<rows {
    let (from, to) = (source.base + i * sourceStride, target.base + i * rowStride)
    for j in 0..<columns { to[j * columnStride] = from[j] }
  }
}

/// target[i · targetStride + j] = source[i · rowStride + j · columnStride]: the transpose of
/// `scatter`.
///
/// Checked by: LaneInterleavingTests.
@_specialize(where T == Float)
@_specialize(where T == Double)
package func gather<T: LaneScalar>(
  _ source: BufferView<T>, rows: Int, columns: Int, rowStride: Int, columnStride: Int,
  to target: BufferView<T>, targetStride: Int
) {
  for i in 0..<rows {
    let (from, to) = (source.base + i * rowStride, target.base + i * targetStride)
    for j in 0..<columns { to[j] = from[j * columnStride] }
  }
}
