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
  package func view(_ offset: Int = 0) -> BufferView<T> {
    BufferView(start: base, count: count).at(offset)
  }

  /// Calls `body` with a view of the elements and keeps the memory until it returns. Use it for
  /// buffers that a function makes itself; a view of them must not leave the scope.
  @inlinable @inline(__always)
  package func withView<R, Failure: Error>(
    _ body: (BufferView<T>) throws(Failure) -> R
  ) throws(Failure) -> R {
    defer { withExtendedLifetime(self) {} }
    return try body(view())
  }

  #if SPHERE_CHECKED
    package subscript(_ index: Int) -> T {
      get { view()[index] }
      set { view()[index] = newValue }
    }
  #else
    // The elements are not reached through a view: code that is not specialised would make one for
    // every element.
    package subscript(_ index: Int) -> T {
      @inlinable @inline(__always) get { base[index] }
      @inlinable @inline(__always) set { base[index] = newValue }
    }
  #endif

  /// Writes zeros everywhere.
  package func clear() { Kernels.clear(view(), count: count) }

  /// The first `count` elements as an array.
  package func array(count: Int? = nil) -> [T] {
    let size = count ?? self.count
    return Array(
      UnsafeBufferPointer(start: elementPointer(base, count: self.count).raw(size), count: size))
  }
}

/// The distance between rows of `lanes` values, so that every row is aligned and successive rows do
/// not fall into the same cache sets: a multiple of 64 bytes, and no multiple of 512 bytes.
package func paddedLaneStride<T: LaneScalar>(_ lanes: Int, of type: T.Type) -> Int {
  let unit = 64 / MemoryLayout<T>.stride
  let stride = (lanes + unit - 1) / unit * unit
  return stride % (8 * unit) == 0 ? stride + unit : stride
}

/// Calls `body` with views of several buffers and keeps their memory until it returns.
@inline(__always)
package func withViews<each T: LaneScalar, R, Failure: Error>(
  _ buffers: repeat AlignedBuffer<each T>, body: (repeat BufferView<each T>) throws(Failure) -> R
) throws(Failure) -> R {
  defer { withExtendedLifetime((repeat each buffers)) {} }
  return try body(repeat (each buffers).view())
}

// Between rows of lanes and numbers in `Double`, for the few sums that are made once per batch.

extension AlignedBuffer {
  /// Row `index` of a table, its first `count` values.
  @_specialize(where T == Float)
  @_specialize(where T == Double)
  package func rows(_ index: Int, _ stride: Int, _ count: Int) -> [Double] {
    (0..<count).map { Double(self[index * stride + $0]) }
  }

  /// Σ over rows in `Double`, in order.
  @_specialize(where T == Float)
  @_specialize(where T == Double)
  package func summedRows(_ rows: Int, _ stride: Int, _ count: Int) -> [Double] {
    var sums = [Double](repeating: 0, count: count)
    for row in 0..<rows {
      for lane in 0..<count { sums[lane] += Double(self[row * stride + lane]) }
    }
    return sums
  }

  /// Writes one value per channel to the lanes of all maps.
  @_specialize(where T == Float)
  @_specialize(where T == Double)
  package func fillLanes(_ perChannel: [Double], maps: Int, factor: Double = 1) {
    for map in 0..<maps {
      for channel in 0..<perChannel.count {
        self[map * perChannel.count + channel] = T(factor * perChannel[channel])
      }
    }
  }
}
