import SpecialFunctions

/// Rings at the zeros of a Legendre polynomial: the smallest grid of iso-latitude rings with exact
/// quadrature, and the grid of the isotropic network.
///
/// Points:      θ_j = arccos(z_j), P_n(z_j) = 0, n = `ringCount`; φ_k = 2π k / `longitudeCount`.
/// Weights:     2π w_j / longitudeCount with the Gauss–Legendre weights w_j.
/// Exactness:   min(2 ringCount − 1, longitudeCount − 1). The rings integrate polynomials in z to
///              degree 2n − 1; a ring cannot tell m = longitudeCount from m = 0.
/// Checked by:  GridExactnessTests.
public struct GaussLegendreGrid: RingGrid {
  /// Number of rings n.
  public let ringCount: Int
  /// Number of points of each ring.
  public let longitudeCount: Int
  public let rings: [Ring]
  public var pointCount: Int { ringCount * longitudeCount }
  public var exactDegree: Int { min(2 * ringCount, longitudeCount) - 1 }
  public var exactAnalysisDegree: Int { (min(2 * ringCount, longitudeCount) - 1) / 2 }
  public var name: String { "Gauss-Legendre \(ringCount) x \(longitudeCount)" }

  /// The smallest grid that carries the degrees 0...lmax exactly: lmax + 1 rings of at least
  /// 2 lmax + 2 longitudes, rounded up to an even number without prime factors above 5, for which
  /// Fourier transforms are fast.
  public init(lmax: Int) {
    precondition(lmax >= 0, "lmax = \(lmax) is negative")
    self.init(ringCount: lmax + 1, longitudeCount: smoothLongitudeCount(atLeast: 2 * lmax + 2))
  }

  /// Any number of rings and longitudes, each at least 1.
  public init(ringCount: Int, longitudeCount: Int) {
    precondition(
      ringCount >= 1 && longitudeCount >= 1,
      "a grid of \(ringCount) rings and \(longitudeCount) longitudes has no points")
    self.ringCount = ringCount
    self.longitudeCount = longitudeCount
    rings = productRings(gaussLegendre(count: ringCount), longitudeCount: longitudeCount)
  }

  public static func == (a: Self, b: Self) -> Bool {
    a.ringCount == b.ringCount && a.longitudeCount == b.longitudeCount
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(ringCount)
    hasher.combine(longitudeCount)
  }
}

/// The rings of a product grid: one quadrature rule in cos θ, equal longitudes from φ = 0 on each.
func productRings(_ rule: QuadratureRule, longitudeCount: Int) -> [Ring] {
  (0..<rule.count).map { j in
    Ring(
      theta: rule.theta[j], cosTheta: rule.cosTheta[j], sinTheta: rule.sinTheta[j], phi0: 0,
      count: longitudeCount, start: j * longitudeCount,
      weight: rule.weights[j] * 2 * .pi / Double(longitudeCount))
  }
}

/// The smallest even number ≥ `minimum` whose prime factors are 2, 3 and 5.
func smoothLongitudeCount(atLeast minimum: Int) -> Int {
  var candidate = minimum + minimum % 2
  while true {
    var cofactor = candidate
    for prime in [2, 3, 5] {
      while cofactor.isMultiple(of: prime) { cofactor /= prime }
    }
    if cofactor == 1 { return candidate }
    candidate += 2
  }
}
