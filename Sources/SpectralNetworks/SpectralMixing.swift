import Kernels

/// How a spectral convolution mixes channels, order by order.
///
/// Layout of a panel, the coefficients of one order m: row l − m holds the real parts of all lanes and,
/// `stride` further on, the imaginary parts; lane map · channels + channel.
package protocol SpectralMixing<Scalar>: Sendable {
  associatedtype Scalar: LaneScalar
  var inputChannels: Int { get }
  var outputChannels: Int { get }
  var lmax: Int { get }
  var mmax: Int { get }
  /// Number of real weights.
  var weightCount: Int { get }
  /// Orders that add to the same weight gradients are treated one after the other, in one group; the
  /// groups run in parallel, each with gradients of its own unless `groupsAreDisjoint`.
  var orderGroups: [[Int]] { get }
  /// Whether different groups touch different weights.
  var groupsAreDisjoint: Bool { get }

  /// y = W x for one order.
  func forward(
    order m: Int, maps: Int, _ x: Panel<Scalar>, to y: Panel<Scalar>, weights: BufferView<Scalar>)

  /// x̄ = Wᵀ ȳ unless `dx` is nil, and w̄ += the gradient of the weights, for one order.
  func backward(
    order m: Int, maps: Int, _ x: Panel<Scalar>, _ dy: Panel<Scalar>, to dx: Panel<Scalar>?,
    weights: BufferView<Scalar>, accumulatingInto dw: BufferView<Scalar>)
}

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
