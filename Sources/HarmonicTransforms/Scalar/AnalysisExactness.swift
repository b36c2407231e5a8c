/// Whether analysis may be asked for more degrees than the quadrature of the grid carries.
public enum AnalysisExactness: Sendable {
  /// Refuse such degrees.
  case exact
  /// Compute the quadrature sums anyway: what healpy's map2alm with iter = 0 does on HEALPix, and
  /// the published network on its grid.
  case lossy
}
