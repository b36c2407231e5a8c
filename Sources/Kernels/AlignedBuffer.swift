#if canImport(Glibc)
  import Glibc
#endif

/// Bytes of a huge page of x86-64.
private let hugePage = 1 << 21

/// Asks the kernel for huge pages in those parts of fresh memory that can be such pages. Transforms walk
/// through megabytes in steps of rows, and with pages of 4096 bytes nearly every row costs a walk through
/// the page tables as well. An advice only: nothing changes where the kernel has no huge pages.
private func askForHugePages(_ memory: UnsafeMutableRawPointer, byteCount: Int) {
  let start = (Int(bitPattern: memory) + hugePage - 1) / hugePage * hugePage
  let end = (Int(bitPattern: memory) + byteCount) / hugePage * hugePage
  guard start < end, let first = UnsafeMutableRawPointer(bitPattern: start) else { return }
  #if canImport(Glibc)
    _ = madvise(first, end - start, MADV_HUGEPAGE)
  #endif
}

extension Array where Element: LaneScalar {
  /// `count` zeros, in huge pages if there are many.
  @_specialize(where Element == Float)
  @_specialize(where Element == Double)
  package static func zeros(_ count: Int) -> [Element] {
    Array(unsafeUninitializedCapacity: count) { buffer, used in
      let bytes = UnsafeMutableRawBufferPointer(buffer)
      if let start = bytes.baseAddress { askForHugePages(start, byteCount: bytes.count) }
      // The bytes of zero are zero, in every floating-point type.
      bytes.initializeMemory(as: UInt8.self, repeating: 0)
      used = count
    }
  }

  /// `count` numbers that `body` writes, every one of them, in huge pages if there are many.
  ///
  /// The threads that write are those that meet the page faults of fresh memory, and nobody writes
  /// zeros before.
  package static func written(_ count: Int, _ body: (BufferView<Element>) -> Void) -> [Element] {
    Array(unsafeUninitializedCapacity: count) { buffer, used in
      if let base = buffer.baseAddress, count > 0 {
        askForHugePages(
          UnsafeMutableRawPointer(base), byteCount: count * MemoryLayout<Element>.stride)
        body(BufferView(base: base))
      }
      used = count
    }
  }

  /// The same numbers in memory of their own, in huge pages if there are many.
  @_specialize(where Element == Float)
  @_specialize(where Element == Double)
  package func inHugePages() -> [Element] {
    var copy = [Element].zeros(count)
    for i in indices { copy[i] = self[i] }
    return copy
  }
}

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
    let byteCount = max(count, 1) * MemoryLayout<T>.stride
    let isLarge = byteCount >= 2 * hugePage
    let raw = UnsafeMutableRawPointer.allocate(
      byteCount: byteCount, alignment: isLarge ? hugePage : 64)
    if isLarge { askForHugePages(raw, byteCount: byteCount) }
    // The bytes of zero are zero, in every floating-point type: no loop over generic elements.
    raw.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
    base = raw.bindMemory(to: T.self, capacity: max(count, 1))
  }

  deinit { base.deallocate() }

  /// The elements from `offset` on.
  @inlinable @inline(__always)
  package func view(_ offset: Int = 0) -> BufferView<T> { BufferView(base: base + offset) }

  package subscript(_ index: Int) -> T {
    @inlinable @inline(__always) get { base[index] }
    @inlinable @inline(__always) set { base[index] = newValue }
  }

  /// Writes zeros everywhere.
  package func clear() { Kernels.clear(view(), count: count) }

  /// The first `count` elements as an array.
  package func array(count: Int? = nil) -> [T] {
    Array(UnsafeBufferPointer(start: base, count: count ?? self.count))
  }
}

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

/// The distance between rows of `lanes` values, so that every row is aligned and successive rows do
/// not fall into the same cache sets: a multiple of 64 bytes, and no multiple of 512 bytes.
package func paddedLaneStride<T: LaneScalar>(_ lanes: Int, of type: T.Type) -> Int {
  let unit = 64 / MemoryLayout<T>.stride
  let stride = (lanes + unit - 1) / unit * unit
  return stride % (8 * unit) == 0 ? stride + unit : stride
}

// Between rows of lanes and numbers in `Double`, for the few sums that are made once per batch.

extension AlignedBuffer {
  /// Row `index` of a table, its first `count` values.
  @_specialize(where T == Float)
  @_specialize(where T == Double)
  package func rows(_ index: Int, _ stride: Int, _ count: Int) -> [Double] {
    (0..<count).map { Double(base[index * stride + $0]) }
  }

  /// Σ over rows in `Double`, in order.
  @_specialize(where T == Float)
  @_specialize(where T == Double)
  package func summedRows(_ rows: Int, _ stride: Int, _ count: Int) -> [Double] {
    var sums = [Double](repeating: 0, count: count)
    for row in 0..<rows {
      for lane in 0..<count { sums[lane] += Double(base[row * stride + lane]) }
    }
    return sums
  }

  /// Writes one value per channel to the lanes of all maps.
  @_specialize(where T == Float)
  @_specialize(where T == Double)
  package func fillLanes(_ perChannel: [Double], maps: Int, factor: Double = 1) {
    for map in 0..<maps {
      for channel in 0..<perChannel.count {
        base[map * perChannel.count + channel] = T(factor * perChannel[channel])
      }
    }
  }
}

extension Array where Element == Double {
  /// The same numbers rounded to T.
  @_specialize(where T == Float)
  @_specialize(where T == Double)
  package func rounded<T: LaneScalar>(to type: T.Type = T.self) -> [T] { map { T($0) } }
}

extension Array where Element: LaneScalar {
  /// The same numbers in `Double`.
  @_specialize(where Element == Float)
  @_specialize(where Element == Double)
  package func doubles() -> [Double] { map { Double($0) } }
}
