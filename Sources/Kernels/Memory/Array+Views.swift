extension Array where Element: LaneScalar {
  /// The array's elements as a view, for kernels that only read.
  @inline(__always)
  package func withView<R>(_ body: (BufferView<Element>) -> R) -> R {
    withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else {
        return withUnsafeTemporaryAllocation(of: Element.self, capacity: 1) { empty in
          guard let start = empty.baseAddress else { preconditionFailure("no memory") }
          return body(BufferView(start: start, count: 0))
        }
      }
      return body(
        BufferView(start: UnsafeMutablePointer(mutating: base), count: buffer.count))
    }
  }

  /// The array's elements as a view that kernels may write to.
  @inline(__always)
  package mutating func withMutableView<R>(_ body: (BufferView<Element>) -> R) -> R {
    withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else {
        return withUnsafeTemporaryAllocation(of: Element.self, capacity: 1) { empty in
          guard let start = empty.baseAddress else { preconditionFailure("no memory") }
          return body(BufferView(start: start, count: 0))
        }
      }
      return body(BufferView(start: base, count: buffer.count))
    }
  }
}
