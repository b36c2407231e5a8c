import HarmonicTransforms
import Kernels
import Resampling
import SphereGrids

/// How a RING map reaches the grid of the published network's transform.
public enum PublishedSampling: String, Codable, CaseIterable, Sendable {
  /// The value of the pixel that contains each point of the published sampling grid, whose rows are
  /// at j pi/latitudes. At nside 16 the 2048 points read 1736 of the 3072 pixels.
  case containingPixel = "containing-pixel"
  /// Four pixels around each of the same points, weighted as healpy's `get_interp_val` does.
  case bilinear
  /// The harmonic series of the map at the nodes of the transform, j pi/(latitudes - 1):
  /// coefficients by least squares up to lmax = 3 nside - 1, which every map of these degrees
  /// determines with a condition number of 6.8 at nside 16. All pixels count, and the grids of
  /// sampling and transform are one.
  case harmonic
}
