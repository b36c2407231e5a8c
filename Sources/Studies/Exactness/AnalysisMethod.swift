/// A way from a field back to its coefficients.
package enum AnalysisMethod: String, Sendable, Hashable, CaseIterable {
  /// Quadrature with the grid's own weights: 4π/npix on HEALPix.
  case gridWeights = "grid weights"
  /// A weight per ring, exact for m = 0 up to degree 3 nside (`QuadratureWeights.perRing`).
  case ringWeights = "ring weights"
  /// A weight per ring and order (`QuadratureWeights.perOrder`).
  case orderWeights = "order weights"
  /// Quadrature with the grid's weights and three corrections, healpy's default.
  case iterated = "3 iterations"
  /// The least-squares fit, by conjugate gradients down to rounding.
  case leastSquares = "least squares"

  /// Methods on a grid whose own weights are exact for m = 0 already.
  static let ofProductGrids: [AnalysisMethod] = [
    .gridWeights, .orderWeights, .iterated, .leastSquares,
  ]
}
