/// A place in an `AlignedBuffer`: what the kernels read and write. It does not own the memory.
///
/// Bounds:     a view knows where its memory ends in checked builds (`SPHERE_CHECKED=1`), which
///             refuse every access beyond it. In other builds it is a pointer and nothing else.
package struct BufferView<T: LaneScalar>: @unchecked Sendable {
  /// The first element.
  package let base: ElementPointer<T>

  /// The place where `base` points to.
  @inlinable @inline(__always)
  package init(base: ElementPointer<T>) { self.base = base }

  /// `count` elements from `start` on.
  @inlinable @inline(__always)
  package init(start: UnsafeMutablePointer<T>, count: Int) {
    base = elementPointer(start, count: count)
  }

  package subscript(_ index: Int) -> T {
    @inlinable @inline(__always) get { base[index] }
    @inlinable @inline(__always) nonmutating set { base[index] = newValue }
  }

  /// The same memory seen from `offset` on.
  @inlinable @inline(__always)
  package func at(_ offset: Int) -> BufferView { BufferView(base: base + offset) }
}
