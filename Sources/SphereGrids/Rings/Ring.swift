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
