import Kernels
import SpecialFunctions
import SphereGrids

/// Two rings of equal |cos θ| and equal number of points, or one ring alone.
package struct RingPair: Sendable {
  package let north: Ring
  package let south: Ring?

  /// Pairs the rings of a grid; a grid without mirror symmetry gives rings without partners.
  package static func pairs(of rings: [Ring]) -> [RingPair] {
    let isSymmetric = zip(rings, rings.reversed()).allSatisfy {
      $0.cosTheta == -$1.cosTheta && $0.sinTheta == $1.sinTheta && $0.count == $1.count
    }
    guard isSymmetric else { return rings.map { RingPair(north: $0, south: nil) } }
    let count = rings.count
    return (0..<(count + 1) / 2).map {
      RingPair(north: rings[$0], south: $0 == count - 1 - $0 ? nil : rings[count - 1 - $0])
    }
  }
}
