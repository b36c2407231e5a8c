/// The real and imaginary parts of a matrix, at the same distance everywhere.
package struct ComplexMatrixView<T: LaneScalar>: Sendable {
  package let real: MatrixView<T>
  package let imaginary: MatrixView<T>

  /// Parts with the same strides.
  @inline(__always)
  package init(real: MatrixView<T>, imaginary: MatrixView<T>) {
    self.real = real
    self.imaginary = imaginary
  }

  /// The same elements with rows and columns exchanged; not conjugated.
  @inline(__always)
  package var transposed: ComplexMatrixView {
    ComplexMatrixView(real: real.transposed, imaginary: imaginary.transposed)
  }
}
