/// A place in an `AlignedBuffer`: what the kernels read and write. It does not own the memory.
package struct BufferView<T: LaneScalar>: @unchecked Sendable {
  package let base: UnsafeMutablePointer<T>

  @inlinable @inline(__always)
  package init(base: UnsafeMutablePointer<T>) { self.base = base }

  package subscript(_ index: Int) -> T {
    @inlinable @inline(__always) get { base[index] }
    @inlinable @inline(__always) nonmutating set { base[index] = newValue }
  }

  /// The same memory seen from `offset` on.
  @inlinable @inline(__always)
  package func at(_ offset: Int) -> BufferView { BufferView(base: base + offset) }
}
