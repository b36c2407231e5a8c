extension Array {
  /// The array's elements, for kernels that only read.
  @inline(__always)
  package func withElements<R>(_ body: (ElementPointer<Element>) -> R) -> R {
    withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return withoutElements(body) }
      return body(elementPointer(UnsafeMutablePointer(mutating: base), count: buffer.count))
    }
  }

  /// The array's elements, for kernels that write to them.
  @inline(__always)
  package mutating func withMutableElements<R>(_ body: (ElementPointer<Element>) -> R) -> R {
    withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return withoutElements(body) }
      return body(elementPointer(base, count: buffer.count))
    }
  }
}

extension Array where Element: LaneScalar {
  /// The array's elements as a view, for kernels that only read.
  @inline(__always)
  package func withView<R>(_ body: (BufferView<Element>) -> R) -> R {
    withElements { body(BufferView(base: $0)) }
  }

  /// The array's elements as a view that kernels may write to.
  @inline(__always)
  package mutating func withMutableView<R>(_ body: (BufferView<Element>) -> R) -> R {
    withMutableElements { body(BufferView(base: $0)) }
  }
}

/// Calls `body` with a place that holds no element, as an empty array has none.
private func withoutElements<Element, R>(_ body: (ElementPointer<Element>) -> R) -> R {
  withUnsafeTemporaryAllocation(of: Element.self, capacity: 1) { empty in
    guard let start = empty.baseAddress else { preconditionFailure("no memory") }
    return body(elementPointer(start, count: 0))
  }
}
