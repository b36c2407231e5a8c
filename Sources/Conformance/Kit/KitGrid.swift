import Foundation
import SpecialFunctions
import SphereGrids

/// Grids of the kit's cases, each given by its rings.
package enum KitGrid {
  /// Rings at the nodes of a rule, of equally many points each; the weight of a point is
  /// 2π w_j / longitudes.
  package static func product(
    _ rule: QuadratureRule, longitudes: Int, firstLongitude: Double = 0
  ) -> GivenRings {
    GivenRings(
      theta: rule.theta, phi0: [Double](repeating: firstLongitude, count: rule.count),
      counts: [Int](repeating: longitudes, count: rule.count),
      weights: rule.weights.map { 2 * .pi * $0 / Double(longitudes) })
  }

  /// Gauss–Legendre nodes, with 20 points on the rings next to the poles and 4 more on every ring
  /// towards the equator: the octahedral reduced grid of weather models.
  package static func octahedral(ringCount: Int) -> GivenRings {
    let rule = gaussLegendre(count: ringCount)
    let counts = (0..<ringCount).map { 20 + 4 * min($0, ringCount - 1 - $0) }
    return GivenRings(
      theta: rule.theta, phi0: [Double](repeating: 0, count: ringCount), counts: counts,
      weights: zip(rule.weights, counts).map { 2 * .pi * $0 / Double($1) })
  }

  /// Some rings of HEALPix, numbered from 1 in the north to 4 nside − 1.
  static func healpix(nside: Int, rings: [Int]) throws -> GivenRings {
    let all = try HealpixGrid(nside: nside).rings
    return some(rings.map { all[$0 - 1] })
  }

  /// Every ring of HEALPix, by its first point alone.
  static func everyRing(nside: Int) throws -> GivenRings {
    let rings = try HealpixGrid(nside: nside).rings
    return GivenRings(
      theta: rings.map(\.theta), phi0: rings.map(\.phi0),
      counts: [Int](repeating: 1, count: rings.count), weights: rings.map(\.weight))
  }

  /// Some of the rings of Gauss–Legendre nodes, with `longitudes` points each.
  static func gaussLegendreRings(
    count: Int, rings: [Int], longitudes: Int
  ) -> GivenRings {
    some(rings.map { product(gaussLegendre(count: count), longitudes: longitudes).rings[$0] })
  }

  private static func some(_ rings: [Ring]) -> GivenRings {
    GivenRings(
      theta: rings.map(\.theta), phi0: rings.map(\.phi0), counts: rings.map(\.count),
      weights: rings.map(\.weight))
  }

  /// Both poles and the equator, with first longitudes of their own: at a pole the fields of a spin
  /// are those along the meridian.
  static var poles: GivenRings {
    GivenRings(
      theta: [0, .pi / 2, .pi], phi0: [0.3, 0, 1.1], counts: [3, 5, 2], weights: [0.5, 1, 0.25])
  }

  /// One ring that is no grid's.
  static var singleRing: GivenRings {
    GivenRings(theta: [0.7], phi0: [0.2], counts: [5], weights: [0.4])
  }

  /// One point.
  static var singlePoint: GivenRings {
    GivenRings(theta: [2.1], phi0: [4.4], counts: [1], weights: [1.5])
  }
}
