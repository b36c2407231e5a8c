#if canImport(Glibc)
  import Glibc
#endif

/// Bytes of a huge page of x86-64.
let hugePage = 1 << 21

/// Asks the kernel for huge pages in those parts of fresh memory that can be such pages. Transforms
/// walk through megabytes in steps of rows, and with pages of 4096 bytes nearly every row costs a
/// walk through the page tables as well. This is only advice: nothing changes where the kernel has
/// no huge pages.
func askForHugePages(_ memory: UnsafeMutableRawPointer, byteCount: Int) {
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
  /// The page faults of fresh memory fall to the threads that write, and no zeros are written
  /// first.
  package static func written(_ count: Int, _ body: (BufferView<Element>) -> Void) -> [Element] {
    Array(unsafeUninitializedCapacity: count) { buffer, used in
      if let base = buffer.baseAddress, count > 0 {
        askForHugePages(
          UnsafeMutableRawPointer(base), byteCount: count * MemoryLayout<Element>.stride)
        body(BufferView(start: base, count: count))
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
