/// One ring of points of equal colatitude and equal spacing in longitude.
///
/// Point k of the ring lies at φ_k = φ0 + 2π k / n, k = 0..<n.
public struct Ring: Sendable, Hashable {
  /// Colatitude θ from the north pole, 0...π, radians.
  public var theta: Double
  /// cos θ. Kept beside `theta`, because cos(acos(z)) loses digits near the poles.
  public var cosTheta: Double
  /// sin θ, accurate near the poles too.
  public var sinTheta: Double
  /// Longitude φ0 of the first point, eastward, radians.
  public var phi0: Double
  /// Number of points n.
  public var count: Int
  /// Index of the first point in a map; the ring's points are contiguous.
  public var start: Int
  /// Quadrature weight of one point (its solid angle): the integral of f over the sphere is
  /// Σ_rings weight Σ_k f(θ, φ_k). Over all points the weights sum to 4π.
  public var weight: Double

  public init(
    theta: Double, cosTheta: Double, sinTheta: Double, phi0: Double, count: Int, start: Int,
    weight: Double
  ) {
    self.theta = theta
    self.cosTheta = cosTheta
    self.sinTheta = sinTheta
    self.phi0 = phi0
    self.count = count
    self.start = start
    self.weight = weight
  }
}

/// A grid of iso-latitude rings: the typed value that travels with a map instead of a bare shape.
///
/// Every harmonic transform reads only what is declared here, so one kernel serves all grids.
public protocol RingGrid: Sendable, Hashable {
  /// The rings from north to south; `start` increases without gaps.
  var rings: [Ring] { get }
  /// Σ ring.count, the number of values in a map.
  var pointCount: Int { get }
  /// Largest degree L such that the weights integrate every spherical harmonic of degree ≤ L exactly
  /// (to rounding). Analysis of a field with degrees up to lmax is exact by quadrature when
  /// 2 lmax ≤ L. For a HEALPix grid this is 0 or 1, however large nside is.
  var exactDegree: Int { get }
  /// Largest lmax for which quadrature analysis inverts synthesis exactly: with the longitudes
  /// counted too, min(⌊exactDegree / 2⌋, ⌊(longitudes − 1) / 2⌋).
  var exactAnalysisDegree: Int { get }
  /// A short name for messages, with the grid's parameters: "HEALPix nside 16".
  var name: String { get }
}
