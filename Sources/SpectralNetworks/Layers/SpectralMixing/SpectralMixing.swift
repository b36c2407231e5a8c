import Kernels

/// How a spectral convolution mixes channels, order by order.
///
/// Layout of a panel, the coefficients of one order m: row l − m holds the real parts of all lanes
/// and, `stride` further on, the imaginary parts; lane map · channels + channel.
package protocol SpectralMixing<Scalar>: Sendable {
  associatedtype Scalar: LaneScalar
  var inputChannels: Int { get }
  var outputChannels: Int { get }
  var lmax: Int { get }
  var mmax: Int { get }
  /// Number of real weights.
  var weightCount: Int { get }
  /// Orders that add to the same weight gradients are treated one after the other, in one group;
  /// the groups run in parallel, each with gradients of its own unless `groupsAreDisjoint`.
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
