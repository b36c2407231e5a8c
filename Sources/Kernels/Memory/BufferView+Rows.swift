/// Memory for the duration of one call, aligned to a cache line, contents undefined.
@inline(__always)
package func withScratch<T: LaneScalar>(
  _ type: T.Type, count: Int, _ body: (BufferView<T>) -> Void
) {
  withUnsafeTemporaryAllocation(byteCount: max(count, 1) * MemoryLayout<T>.stride, alignment: 64) {
    guard let base = $0.baseAddress else { return }
    body(BufferView(start: base.bindMemory(to: T.self, capacity: max(count, 1)), count: count))
  }
}

/// Writes `count` zeros.
@inline(__always)
package func clear<T: LaneScalar>(_ view: BufferView<T>, count: Int) {
  UnsafeMutableRawPointer(view.base.raw(count))
    .initializeMemory(as: UInt8.self, repeating: 0, count: count * MemoryLayout<T>.stride)
}

/// Writes zeros behind the first `lanes` values of every row, up to `end` (the next row if nil).
///
/// Two adjacent lanes share a complex transform: what pads the last lane of a row must be zero, or
/// the last bits of that lane depend on what the memory was used for before.
package func clearPadding<T: LaneScalar>(
  rows: Int, lanes: Int, _ view: BufferView<T>, upTo end: Int? = nil, stride: Int
) {
  let end = end ?? stride
  guard lanes < end else { return }
  for row in 0..<rows { clear(view.at(row * stride + lanes), count: end - lanes) }
}

/// Copies `rows` rows of `columns` values between memory with different distances of rows.
@_specialize(where T == Float)
@_specialize(where T == Double)
package func copyRows<T: LaneScalar>(
  rows: Int, columns: Int, from source: BufferView<T>, stride sourceStride: Int,
  to target: BufferView<T>, stride targetStride: Int
) {
  if columns == sourceStride && columns == targetStride {
    target.base.update(from: source.base, count: rows * columns)
    return
  }
  for row in 0..<rows {
    (target.base + row * targetStride).update(
      from: source.base + row * sourceStride, count: columns)
  }
}

/// Writes every lane of `rows` rows beside a zero: lanes 0, 1, ... to 0, 2, ..., rows 2 `lanes`
/// apart.
@_specialize(where T == Float)
@_specialize(where T == Double)
package func spreadLanes<T: LaneScalar>(
  rows: Int, lanes: Int, from source: BufferView<T>, stride: Int, to target: BufferView<T>
) {
  for row in 0..<rows {
    for lane in 0..<lanes {
      target[2 * (row * lanes + lane)] = source[row * stride + lane]
      target[2 * (row * lanes + lane) + 1] = 0
    }
  }
}
