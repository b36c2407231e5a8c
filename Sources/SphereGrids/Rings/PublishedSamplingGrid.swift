import Foundation

/// The points at which the published network samples a HEALPix map: equidistant rings from the
/// north pole down, without the south pole (32 rings, 64 longitudes).
///
/// Points:      θ_j = j π / n, j = 0..<n, n = `ringCount`; φ_k = 2π k / `longitudeCount`.
/// Weights:     the solid angle of each point's cell, bounded by the colatitudes halfway to the
///              neighbouring rings; the last ring's cells reach the south pole. They serve for
///              means over an area. They are no quadrature: the published network reads the values
///              as if they lay on `ClenshawCurtisGrid` and integrates with that grid's weights.
/// Exactness:   0. The constant is integrated exactly; cos θ is not, the points being unsymmetric.
/// Checked by:  GridExactnessTests.
public struct PublishedSamplingGrid: RingGrid {
  /// Number of rings n.
  public let ringCount: Int
  /// Number of points of each ring.
  public let longitudeCount: Int
  public let rings: [Ring]
  public var pointCount: Int { ringCount * longitudeCount }
  public var exactDegree: Int { 0 }
  public var exactAnalysisDegree: Int { 0 }
  public var name: String { "published sampling \(ringCount) x \(longitudeCount)" }

  /// `ringCount` rings of `longitudeCount` points, each at least 1; published: 32 and 64.
  public init(ringCount: Int = 32, longitudeCount: Int = 64) {
    precondition(
      ringCount >= 1 && longitudeCount >= 1,
      "a grid of \(ringCount) rings and \(longitudeCount) longitudes has no points")
    self.ringCount = ringCount
    self.longitudeCount = longitudeCount
    let spacing = Double.pi / Double(ringCount)
    rings = (0..<ringCount).map { j in
      let theta = Double(j) * .pi / Double(ringCount)
      let north = max(0, theta - spacing / 2)
      let south = j == ringCount - 1 ? .pi : theta + spacing / 2
      // cos a − cos b = 2 sin((a+b)/2) sin((b−a)/2), without cancellation at the pole
      let height = 2 * sin((north + south) / 2) * sin((south - north) / 2)
      return Ring(
        theta: theta, cosTheta: 2 * j == ringCount ? 0 : cos(theta), sinTheta: sin(theta), phi0: 0,
        count: longitudeCount, start: j * longitudeCount,
        weight: height * 2 * .pi / Double(longitudeCount))
    }
  }

  public static func == (a: Self, b: Self) -> Bool {
    a.ringCount == b.ringCount && a.longitudeCount == b.longitudeCount
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(ringCount)
    hasher.combine(longitudeCount)
  }
}
