/// A matrix in a buffer: element (i, j) is `view[i * rowStride + j * columnStride]`.
package struct MatrixView<T: LaneScalar>: Sendable {
  package let view: BufferView<T>
  package let rowStride: Int
  package let columnStride: Int

  @inline(__always)
  package init(_ view: BufferView<T>, rowStride: Int, columnStride: Int = 1) {
    self.view = view
    self.rowStride = rowStride
    self.columnStride = columnStride
  }

  /// The same elements with rows and columns exchanged.
  @inline(__always)
  package var transposed: MatrixView {
    MatrixView(view, rowStride: columnStride, columnStride: rowStride)
  }
}
