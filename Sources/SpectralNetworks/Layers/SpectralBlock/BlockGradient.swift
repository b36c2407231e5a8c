import FourierTransforms
import Kernels

/// The gradient that enters a block from above.
package enum BlockGradient<T: FourierScalar> {
  /// z̄_p in `NetworkScratch.gradient`, and per lane a, per ring pair and lane b and c:
  /// ȳ_p = a z̄_p + b y_p + c.
  case normalised(a: AlignedBuffer<T>, b: [AlignedBuffer<T>], c: [AlignedBuffer<T>])
  /// The same where z̄_p is an affine function of y_p and part of b and c: ȳ_p = b y_p + c.
  case affine(b: [AlignedBuffer<T>], c: [AlignedBuffer<T>])
  /// ȳ_o,lm in `BlockMemory.mixed`, of a block that ends in coefficients.
  case coefficients
}
