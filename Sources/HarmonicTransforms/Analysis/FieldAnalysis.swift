/// A way from fields on a grid to their coefficients.
///
/// Scalar fields and those of a spin differ in their types alone: `FieldStack` and
/// `CoefficientStack`, `SpinFields` and `SpinCoefficients`.
public protocol FieldAnalysis<Fields, Coefficients>: Sendable {
  associatedtype Fields
  associatedtype Coefficients

  /// The coefficients of fields.
  ///
  /// - Throws: `HarmonicTransformError.otherGrid`, `.notFinite`, `.notEnoughMemory` or what else the
  ///   analysis refuses.
  func analysis(_ f: Fields, threads: Int) throws(HarmonicTransformError) -> Coefficients
}

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

  /// The transform whose adjoint of synthesis is the analysis with these weights, which
  /// `WeightedAnalysis` is; its synthesis means nothing.
  func weighted(by weights: QuadratureWeights) -> Self
}

extension ScalarTransform: FieldTransform {
  /// Analysis with the grid's quadrature weights, of degrees for which they are exact.
  ///
  /// - Throws: as `analysis(_:_:threads:)` with `.exact`.
  public func analysis(
    _ f: FieldStack<T>, threads: Int
  ) throws(HarmonicTransformError) -> CoefficientStack<T> {
    try analysis(f, .exact, threads: threads)
  }

  public func weighted(by weights: QuadratureWeights) -> ScalarTransform {
    weights.require(grid: grid, mmax: mmax)
    return ScalarTransform(self, weightedBy: weights.values)
  }
}

extension SpinTransform: FieldTransform {
  /// Analysis with the grid's quadrature weights, of degrees for which they are exact.
  ///
  /// - Throws: as `analysis(_:_:threads:)` with `.exact`.
  public func analysis(
    _ f: SpinFields<T>, threads: Int
  ) throws(HarmonicTransformError) -> SpinCoefficients<T> {
    try analysis(f, .exact, threads: threads)
  }

  public func weighted(by weights: QuadratureWeights) -> SpinTransform {
    weights.require(grid: grid, mmax: mmax)
    return SpinTransform(self, weightedBy: weights.values)
  }
}

extension LeastSquaresAnalysis: FieldAnalysis {}
extension SpinLeastSquaresAnalysis: FieldAnalysis {}
extension EquiangularAnalysis: FieldAnalysis {}
extension SpinEquiangularAnalysis: FieldAnalysis {}
