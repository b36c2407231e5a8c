// What kernels walk over elements with: a pointer, or in checked builds a pointer that knows the
// ends of its memory. Both have the same operations, so that kernels are written once.

#if SPHERE_CHECKED

  /// A pointer to an element, with the ends of the memory it points into.
  ///
  /// It may point anywhere, as a loop's last step does; every access must lie between the ends.
  package struct ElementPointer<Pointee>: Equatable, @unchecked Sendable {
    private let address: UnsafeMutablePointer<Pointee>
    /// The first element of the memory and the place behind its last.
    private let first: UnsafeMutablePointer<Pointee>
    private let end: UnsafeMutablePointer<Pointee>

    fileprivate init(
      _ address: UnsafeMutablePointer<Pointee>, first: UnsafeMutablePointer<Pointee>,
      end: UnsafeMutablePointer<Pointee>
    ) {
      self.address = address
      self.first = first
      self.end = end
    }

    /// The address of `count` elements, which must lie between the ends.
    package func raw(_ count: Int) -> UnsafeMutablePointer<Pointee> {
      precondition(
        count <= 0 || (address >= first && address + count <= end),
        "\(count) elements from \(address - first) on, of \(end - first)")
      return address
    }

    package subscript(_ index: Int) -> Pointee {
      get { (self + index).raw(1).pointee }
      nonmutating set { (self + index).raw(1).pointee = newValue }
    }

    package var pointee: Pointee {
      get { raw(1).pointee }
      nonmutating set { raw(1).pointee = newValue }
    }

    package func update(from source: ElementPointer, count: Int) {
      raw(count).update(from: source.raw(count), count: count)
    }

    package func update(repeating value: Pointee, count: Int) {
      raw(count).update(repeating: value, count: count)
    }

    /// The same memory as elements of the type that these are.
    package func bound<Element>(to type: Element.Type) -> ElementPointer<Element> {
      func bind(_ pointer: UnsafeMutablePointer<Pointee>) -> UnsafeMutablePointer<Element> {
        UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: type)
      }
      return ElementPointer<Element>(bind(address), first: bind(first), end: bind(end))
    }

    package static func + (pointer: ElementPointer, offset: Int) -> ElementPointer {
      ElementPointer(pointer.address + offset, first: pointer.first, end: pointer.end)
    }

    package static func == (a: ElementPointer, b: ElementPointer) -> Bool {
      a.address == b.address
    }

    package static func += (pointer: inout ElementPointer, offset: Int) {
      pointer = pointer + offset
    }
  }

  /// A pointer to the first of `count` elements.
  package func elementPointer<T>(
    _ start: UnsafeMutablePointer<T>, count: Int
  ) -> ElementPointer<T> {
    ElementPointer(start, first: start, end: start + count)
  }

#else

  /// A pointer to an element.
  @usableFromInline
  package typealias ElementPointer<Pointee> = UnsafeMutablePointer<Pointee>

  extension UnsafeMutablePointer {
    /// The address of `count` elements.
    @inlinable @inline(__always)
    package func raw(_ count: Int) -> UnsafeMutablePointer<Pointee> { self }

    /// The same memory as elements of the type that these are.
    @inlinable @inline(__always)
    package func bound<Element>(to type: Element.Type) -> UnsafeMutablePointer<Element> {
      UnsafeMutableRawPointer(self).assumingMemoryBound(to: type)
    }
  }

  /// A pointer to the first of `count` elements.
  @inlinable @inline(__always)
  package func elementPointer<T>(
    _ start: UnsafeMutablePointer<T>, count: Int
  ) -> ElementPointer<T> { start }

#endif
