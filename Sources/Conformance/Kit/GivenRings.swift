import Foundation
import SphereGrids

/// A grid known by the four numbers of each ring only, as a case of the kit gives it.
///
/// Exactness:   unknown, hence 0: analysis with it says `.lossy`.
package struct GivenRings: RingGrid {
  package let rings: [Ring]
  package var pointCount: Int { rings.reduce(0) { $0 + $1.count } }
  package var exactDegree: Int { 0 }
  package var exactAnalysisDegree: Int { 0 }
  package var name: String { "given rings (\(rings.count), \(pointCount) points)" }

  /// Rings from north to south: colatitudes, first longitudes, numbers of points, weights.
  package init(theta: [Double], phi0: [Double], counts: [Int], weights: [Double]) {
    var start = 0
    rings = theta.indices.map { j in
      defer { start += counts[j] }
      return Ring(
        theta: theta[j], cosTheta: cos(theta[j]), sinTheta: sin(theta[j]), phi0: phi0[j],
        count: counts[j], start: start, weight: weights[j])
    }
  }
}

extension GivenRings {
  /// Single points, each a ring of its own.
  static func points(theta: [Double], phi: [Double]) -> GivenRings {
    GivenRings(
      theta: theta, phi0: phi, counts: [Int](repeating: 1, count: theta.count),
      weights: [Double](repeating: 0, count: theta.count))
  }

  /// Cosines and sines of colatitudes.
  static func angles(_ theta: [Double]) -> [(cosine: Double, sine: Double)] {
    theta.map { (cos($0), sin($0)) }
  }
}
