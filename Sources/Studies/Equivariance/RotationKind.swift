import Foundation
import HarmonicTransforms
import RandomNumbers

/// The rotations of the equivariance study.
package enum RotationKind: String, Sendable, Hashable, CaseIterable {
  /// Uniform over all rotations.
  case any
  /// About the polar axis, by any angle.
  case aboutAxis = "about z"
  /// About the polar axis, by multiples of 2π/64: the spacing of the published grid.
  case aboutAxisBySpacing = "about z by k 2pi/64"
  /// About the polar axis, by multiples of π/2, which move pixels of HEALPix to pixels.
  case aboutAxisByQuarters = "about z by k pi/2"

  /// `count` rotations of this kind, none of them the identity.
  func rotations(_ count: Int, seed: UInt64) -> [Rotation] {
    (0..<count).map { k in
      let stream = RandomStream(seed: seed, purpose: .parameter, index: UInt64(k))
      let angle = 2 * .pi * stream.uniform(0)
      switch self {
      case .any:
        // The area on the sphere of poles is uniform in cos β.
        return Rotation(
          alpha: angle, beta: acos(2 * stream.uniform(1) - 1), gamma: 2 * .pi * stream.uniform(2))
      case .aboutAxis:
        return Rotation(alpha: angle, beta: 0, gamma: 0)
      case .aboutAxisBySpacing:
        let steps = 1 + Int(stream.uniform(1) * 63)
        return Rotation(alpha: 2 * .pi * Double(steps) / 64, beta: 0, gamma: 0)
      case .aboutAxisByQuarters:
        return Rotation(alpha: .pi / 2 * Double(1 + k % 3), beta: 0, gamma: 0)
      }
    }
  }
}
