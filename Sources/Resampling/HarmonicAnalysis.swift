import HarmonicTransforms

/// How coefficients are found from the points of a resampler's source.
public enum HarmonicAnalysis: Sendable, Hashable {
  /// The fit to all points with equal weights: exact for fields up to lmax on any grid that
  /// determines them.
  case leastSquares
  /// The grid's own quadrature: exact up to its degree, or any degree when `.lossy`.
  case quadrature(AnalysisExactness)
}
