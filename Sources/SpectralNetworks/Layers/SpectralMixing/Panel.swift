import Kernels

/// The coefficients of one order in lanes.
package struct Panel<T: LaneScalar>: Sendable {
  package let view: BufferView<T>
  /// Distance between real and imaginary parts; rows are twice as far apart.
  package let stride: Int
  /// Whether all imaginary parts of the order are zero, and those of a result do not count
  /// (`ScalarTransform.hasRealOrder`).
  package let isReal: Bool

  package init(_ view: BufferView<T>, stride: Int, isReal: Bool = false) {
    self.view = view
    self.stride = stride
    self.isReal = isReal
  }

  /// (maps, channels), row k.
  @inline(__always)
  func matrix(_ k: Int, channels: Int) -> ComplexMatrixView<T> {
    ComplexMatrixView(
      real: real(k, channels: channels), imaginary: imaginary(k, channels: channels))
  }

  /// Writes zeros to the imaginary parts of row k.
  @inline(__always)
  func clearImaginary(_ k: Int, count: Int) {
    clear(view.at((2 * k + 1) * stride), count: count)
  }

  /// (maps, channels), the real parts of row k.
  @inline(__always)
  func real(_ k: Int, channels: Int) -> MatrixView<T> {
    MatrixView(view.at(2 * k * stride), rowStride: channels)
  }

  /// (maps, channels), the imaginary parts of row k.
  @inline(__always)
  func imaginary(_ k: Int, channels: Int) -> MatrixView<T> {
    MatrixView(view.at((2 * k + 1) * stride), rowStride: channels)
  }
}
