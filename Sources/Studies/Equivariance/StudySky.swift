import Foundation
import HarmonicTransforms
import RandomNumbers
import SpectralNetworks
import SphereGrids

/// The skies on which networks are turned.
package enum StudySky: String, Sendable, Hashable, CaseIterable {
  /// Task t1 in the middle of its prior, C_l = exp(−(l − 12.5)²/50) + 10⁻⁵.
  case peaked = "t1 sky"
  /// C_l = 1 for all l ≤ lmax: the hardest of band-limited skies.
  case white = "white sky"

  /// √C_l.
  func amplitude(_ l: Int) -> Double {
    switch self {
    case .peaked: (exp(-pow(Double(l) - 12.5, 2) / 50) + 1e-5).squareRoot()
    case .white: 1
    }
  }
}
