import FourierTransforms
import SphereGrids

/// Analysis of scalar fields with weights of one's own.
///
/// Definition:  a_lm = Σ_p w_m(p) f_p Y*_lm(p), w_m of `QuadratureWeights`.
/// Method:      the adjoint of synthesis with a table of w_m λ_lm, the product rounded once.
/// Cost:        that of a plain analysis.
/// Checked by:  QuadratureWeightTests (`DirectTransform`), QuadratureWeightOracleTests (healpy).
public struct WeightedAnalysis<T: FourierScalar>: Sendable {
  /// The weights.
  public let weights: QuadratureWeights
  /// A transform whose synthesis means nothing.
  private let weighted: ScalarTransform<T>

  /// The analysis that belongs to a transform.
  public init(_ transform: ScalarTransform<T>, _ weights: QuadratureWeights) {
    precondition(
      weights.grid.isSame(as: transform.grid) && weights.mmax == transform.mmax,
      "weights of \(weights.grid.name), mmax \(weights.mmax) for \(transform.grid.name), "
        + "mmax \(transform.mmax)")
    self.weights = weights
    weighted = ScalarTransform(
      transform, weightedBy: weights.values)
  }

  /// The coefficients of fields.
  ///
  /// - Throws: `HarmonicTransformError.otherGrid`, `.notFinite` or `.notEnoughMemory`.
  public func analysis(
    _ f: FieldStack<T>, threads: Int = 1
  ) throws(HarmonicTransformError) -> CoefficientStack<T> {
    try weighted.adjointSynthesis(f, threads: threads)
  }
}
