/// A way from fields on a grid to their coefficients.
///
/// Scalar fields and those of a spin differ in their types alone: `FieldStack` and
/// `CoefficientStack`, `SpinFields` and `SpinCoefficients`.
public protocol FieldAnalysis<Fields, Coefficients>: Sendable {
  associatedtype Fields
  associatedtype Coefficients

  /// The coefficients of fields.
  ///
  /// - Throws: `HarmonicTransformError.otherGrid`, `.notFinite`, `.notEnoughMemory` or what else
  ///   the analysis refuses.
  func analysis(_ f: Fields, threads: Int) throws(HarmonicTransformError) -> Coefficients
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
