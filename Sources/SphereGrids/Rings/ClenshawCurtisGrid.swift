import SpecialFunctions

/// Equidistant rings with both poles: the grid on which the published network transforms
/// (32 rings, 64 longitudes).
///
/// Points:      θ_j = j π / (n − 1), n = `ringCount`; φ_k = 2π k / `longitudeCount`. The rings at
///              the poles hold `longitudeCount` coincident points.
/// Weights:     2π w_j / longitudeCount with the Clenshaw–Curtis weights w_j.
/// Exactness:   min(n − 1, or n if n is odd, longitudeCount − 1): half of what the zeros of the
///              Legendre polynomial give. Odd degrees vanish by symmetry, hence the two cases.
///              Quadrature is not all that the points allow: `EquiangularAnalysis` returns the
///              coefficients of fields with degrees up to ringCount − 2.
/// Checked by:  GridExactnessTests.
public struct ClenshawCurtisGrid: RingGrid {
  /// Number of rings n, both poles included.
  public let ringCount: Int
  /// Number of points of each ring.
  public let longitudeCount: Int
  public let rings: [Ring]
  public var pointCount: Int { ringCount * longitudeCount }
  public var exactDegree: Int {
    min(ringCount.isMultiple(of: 2) ? ringCount - 1 : ringCount, longitudeCount - 1)
  }
  public var exactAnalysisDegree: Int { exactDegree / 2 }
  public var name: String { "Clenshaw-Curtis \(ringCount) x \(longitudeCount)" }

  /// `ringCount` rings, at least 2, of `longitudeCount` points, at least 1.
  public init(ringCount: Int, longitudeCount: Int) {
    precondition(
      ringCount >= 2 && longitudeCount >= 1,
      "a grid with both poles needs 2 rings and 1 longitude, not \(ringCount), \(longitudeCount)")
    self.ringCount = ringCount
    self.longitudeCount = longitudeCount
    rings = productRings(clenshawCurtis(count: ringCount), longitudeCount: longitudeCount)
  }

  public static func == (a: Self, b: Self) -> Bool {
    a.ringCount == b.ringCount && a.longitudeCount == b.longitudeCount
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(ringCount)
    hasher.combine(longitudeCount)
  }
}
