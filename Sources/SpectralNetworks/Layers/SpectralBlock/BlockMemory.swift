import FourierTransforms
import HarmonicTransforms
import Kernels
import SphereGrids

/// What one block keeps between forward and backward, for one number of maps.
package final class BlockMemory<T: FourierScalar>: @unchecked Sendable {
  /// Workspace of the lanes that enter, and of those that leave.
  package let input: TransformWorkspace<T>
  package let output: TransformWorkspace<T>
  /// x_i,lm, the coefficients that enter.
  package let coefficients: AlignedBuffer<T>
  /// y, the field that leaves, before normalisation, `[block of lanes][point][lane in block]`;
  /// empty when the block ends in coefficients.
  package let field: AlignedBuffer<T>
  /// y_o,lm of a block that ends in coefficients.
  package let mixed: AlignedBuffer<T>
  /// Mean of y over the points of each ring pair, `[pair][lane]`, and Σ (y − mean)².
  package let pairMeans: AlignedBuffer<T>
  package let pairSquares: AlignedBuffer<T>
  package var statistics = BatchNormalisation.Statistics(mean: [], variance: [])
  /// z = scale y + shift, per lane.
  package let scale: AlignedBuffer<T>
  package let shift: AlignedBuffer<T>
  /// The mean that gradients are centred on, per lane.
  package let centre: AlignedBuffer<T>

  init(
    input: TransformWorkspace<T>, output: TransformWorkspace<T>, transform: ScalarTransform<T>,
    endsInCoefficients: Bool
  ) {
    self.input = input
    self.output = output
    let count = 2 * coefficientCount(lmax: transform.lmax, mmax: transform.mmax)
    coefficients = AlignedBuffer(count: count * input.laneStride)
    field = AlignedBuffer(
      count: endsInCoefficients ? 0 : transform.grid.pointCount * output.laneStride)
    mixed = AlignedBuffer(count: endsInCoefficients ? count * output.laneStride : 0)
    let momentCount = endsInCoefficients ? 0 : transform.pairs.count * output.laneStride
    pairMeans = AlignedBuffer(count: momentCount)
    pairSquares = AlignedBuffer(count: momentCount)
    scale = AlignedBuffer(count: output.laneStride)
    shift = AlignedBuffer(count: output.laneStride)
    centre = AlignedBuffer(count: output.laneStride)
  }

  /// `pairMeans` or `pairSquares`, `[pair][lane]`.
  func momentRows(_ moments: AlignedBuffer<T>) -> [[Double]] {
    (0..<moments.count / output.laneStride).map {
      moments.rows($0, output.laneStride, output.lanes)
    }
  }
}
