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
  /// Quadrature with the grid's weights and one correction.
  case iteratedOnce = "1 iteration"
  /// Quadrature with the grid's weights and two corrections.
  case iteratedTwice = "2 iterations"
  /// A weight per pixel from the data files of HEALPix, exact up to degree 3 nside. The package
  /// has no such weights: their errors are those of healpy's files
  /// (Fixtures/generators/pixel_weight_errors.py).
  case pixelWeights = "pixel weights"

  /// Methods of the study up to nside 64.
  package static let ofHealpix: [AnalysisMethod] = [
    .gridWeights, .ringWeights, .orderWeights, .iterated, .leastSquares,
  ]

  /// Methods on a grid whose own weights are exact for m = 0 already.
  package static let ofProductGrids: [AnalysisMethod] = [
    .gridWeights, .orderWeights, .iterated, .leastSquares,
  ]

  /// Methods of the study up to nside 512.
  package static let ofLargeMaps: [AnalysisMethod] = [
    .gridWeights, .iteratedOnce, .iteratedTwice, .iterated, .ringWeights, .orderWeights,
    .leastSquares,
  ]

  /// How often quadrature is corrected; nil where it is not quadrature with the grid's weights.
  package var corrections: Int? {
    switch self {
    case .gridWeights: return 0
    case .iteratedOnce: return 1
    case .iteratedTwice: return 2
    case .iterated: return 3
    case .ringWeights, .orderWeights, .leastSquares, .pixelWeights: return nil
    }
  }
}
