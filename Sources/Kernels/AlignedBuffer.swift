/// Memory for lanes: aligned to a cache line, zero at first, shared by reference.
///
/// Several threads may write to disjoint parts at the same time; who writes where is the caller's
/// contract, which is why this type stays inside the package.
package final class AlignedBuffer<T: LaneScalar>: @unchecked Sendable {
  /// Number of elements.
  package let count: Int
  @usableFromInline let base: UnsafeMutablePointer<T>

  /// `count` zeros.
  package init(count: Int) {
    precondition(count >= 0, "a buffer of \(count) elements")
    self.count = count
    let raw = UnsafeMutableRawPointer.allocate(
      byteCount: max(count, 1) * MemoryLayout<T>.stride, alignment: 64)
    base = raw.bindMemory(to: T.self, capacity: max(count, 1))
    base.initialize(repeating: 0, count: max(count, 1))
  }

  deinit { base.deallocate() }

  /// The elements from `offset` on.
  @inline(__always)
  package func view(_ offset: Int = 0) -> BufferView<T> { BufferView(base: base + offset) }

  package subscript(_ index: Int) -> T {
    @inline(__always) get { base[index] }
    @inline(__always) set { base[index] = newValue }
  }

  /// Writes zeros everywhere.
  package func clear() { base.update(repeating: 0, count: count) }

  /// The first `count` elements as an array.
  package func array(count: Int? = nil) -> [T] {
    Array(UnsafeBufferPointer(start: base, count: count ?? self.count))
  }
}

/// A place in an `AlignedBuffer`: what the kernels read and write. It does not own the memory.
package struct BufferView<T: LaneScalar>: @unchecked Sendable {
  package let base: UnsafeMutablePointer<T>

  @inline(__always)
  package init(base: UnsafeMutablePointer<T>) { self.base = base }

  package subscript(_ index: Int) -> T {
    @inline(__always) get { base[index] }
    @inline(__always) nonmutating set { base[index] = newValue }
  }

  /// The same memory seen from `offset` on.
  @inline(__always)
  package func at(_ offset: Int) -> BufferView { BufferView(base: base + offset) }
}

/// The distance between rows of `lanes` values, so that every row is aligned and successive rows do
/// not fall into the same cache sets: a multiple of 64 bytes, and no multiple of 512 bytes.
package func paddedLaneStride<T: LaneScalar>(_ lanes: Int, of type: T.Type) -> Int {
  let unit = 64 / MemoryLayout<T>.stride
  let stride = (lanes + unit - 1) / unit * unit
  return stride % (8 * unit) == 0 ? stride + unit : stride
}
