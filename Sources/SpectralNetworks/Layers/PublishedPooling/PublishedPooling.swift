import FourierTransforms
import Kernels

/// What the published network reads out of each channel of its last block.
public enum PublishedPooling: String, Codable, CaseIterable, Sendable {
  /// The mean over all points, all alike, as published.
  case mean
  /// The logarithm of the mean square over all points, all alike. It does not exist for a network
  /// whose last block vanishes at all points; the training of such a network ends as diverged.
  case power
}
