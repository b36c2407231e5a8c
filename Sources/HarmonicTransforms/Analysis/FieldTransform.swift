/// A pair of synthesis and analysis on a grid of rings, scalar or of a spin: what the analyses that
/// improve on quadrature are made of.
public protocol FieldTransform: FieldAnalysis {
  /// The fields of coefficients.
  func synthesis(_ a: Coefficients, threads: Int) -> Fields

  /// S†, the adjoint of synthesis in the inner product of the full sphere.
  ///
  /// - Throws: `HarmonicTransformError.otherGrid`, `.notFinite` or `.notEnoughMemory`.
  func adjointSynthesis(_ f: Fields, threads: Int) throws(HarmonicTransformError) -> Coefficients

  /// Quadrature analysis, improved by iteration (FieldTransform+Iterated.swift).
  func iterated(
    _ f: Fields, iterations: Int, threads: Int
  ) throws(HarmonicTransformError) -> Coefficients

  /// Least-squares analysis by conjugate gradients (FieldTransform+LeastSquares.swift).
  func leastSquares(
    _ f: Fields, tolerance: Double, maximumIterations: Int, threads: Int
  ) throws(HarmonicTransformError) -> (coefficients: Coefficients, reports: [LeastSquaresReport])

  /// The transform whose adjoint of synthesis is the analysis with these weights, for
  /// `WeightedAnalysis`; its own synthesis has no meaning.
  func weighted(by weights: QuadratureWeights) -> Self
}
