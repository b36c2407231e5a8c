/// How the points of a grid count in a mean over the sphere.
public enum PointWeighting: String, Sendable, Codable {
  /// All points alike, as in the published network: points near the poles count too much.
  case equal
  /// By the grid's quadrature weights: the mean is the integral over the sphere over 4π.
  case area
}
