import FourierTransforms
import SphereGrids

/// Analysis of spin-weighted fields with weights of one's own; otherwise as `WeightedAnalysis`.
///
/// Checked by:  QuadratureWeightTests (`DirectSpinTransform`).
public struct SpinWeightedAnalysis<T: FourierScalar>: Sendable {
  /// The weights.
  public let weights: QuadratureWeights
  private let weighted: SpinTransform<T>

  /// The analysis that belongs to a transform.
  public init(_ transform: SpinTransform<T>, _ weights: QuadratureWeights) {
    precondition(
      weights.grid.isSame(as: transform.grid) && weights.mmax == transform.mmax,
      "weights of \(weights.grid.name), mmax \(weights.mmax) for \(transform.grid.name), "
        + "mmax \(transform.mmax)")
    self.weights = weights
    weighted = SpinTransform(transform, weightedBy: weights.values)
  }

  /// The coefficients of fields.
  ///
  /// - Throws: `HarmonicTransformError.otherGrid`, `.notFinite` or `.notEnoughMemory`.
  public func analysis(
    _ f: SpinFields<T>, threads: Int = 1
  ) throws(HarmonicTransformError) -> SpinCoefficients<T> {
    try weighted.adjointSynthesis(f, threads: threads)
  }
}
