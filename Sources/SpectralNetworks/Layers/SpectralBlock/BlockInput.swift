import FourierTransforms
import Kernels

/// Where the Fourier coefficients that enter a block come from.
package enum BlockInput<T: FourierScalar> {
  /// A field, points `laneStride` apart.
  case field(BufferView<T>)
  /// The output of another block, normalised and rectified while its rings are loaded.
  case activated(BlockMemory<T>)
  /// The block's coefficients are already in its memory.
  case coefficients
}
