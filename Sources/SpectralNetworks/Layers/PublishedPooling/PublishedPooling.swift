import FourierTransforms
import Kernels

/// What the published network reads out of each channel of its last block.
public enum PublishedPooling: String, Codable, CaseIterable, Sendable {
  /// The mean over all points, all alike, as published.
  case mean
  /// The logarithm of the mean square over all points, all alike. A network whose last block
  /// vanishes at all points has none, and its training ends as diverged.
  case power
}

/// A gradient that is an affine function of the field: z̄_p = slope y_p + offset, per lane.
package struct AffineGradient: Sendable, Equatable {
  package var slope: [Double]
  package var offset: [Double]
}
