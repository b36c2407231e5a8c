import FourierTransforms
import HarmonicTransforms
import Kernels
import SphereGrids

/// Scratch memory of a network for one number of maps and threads.
package final class NetworkScratch<T: FourierScalar>: @unchecked Sendable {
  /// z̄ of the field that is being differentiated, in the layout of `BlockMemory.field`.
  package let gradient: AlignedBuffer<T>
  /// Two panels of one order for each thread.
  package let panels: [(AlignedBuffer<T>, AlignedBuffer<T>)]

  package init(transform: ScalarTransform<T>, laneStride: Int, threads: Int) {
    gradient = AlignedBuffer(count: transform.grid.pointCount * laneStride)
    panels = (0..<threads).map { _ in
      (
        AlignedBuffer(count: 2 * (transform.lmax + 1) * laneStride),
        AlignedBuffer(count: 2 * (transform.lmax + 1) * laneStride)
      )
    }
  }
}
