import SphereGrids

/// Analysis with weights that the caller chooses, of scalar fields or of fields with a spin.
///
/// Definition:  a_lm = Σ_p w_m(p) f_p Y*_lm(p), w_m of `QuadratureWeights`; with a spin the
///              harmonics of that spin.
/// Method:      the adjoint of synthesis with a table of w_m λ_lm, the product rounded once.
/// Cost:        that of a plain analysis.
/// Checked by:  QuadratureWeightTests (`DirectTransform`, `DirectSpinTransform`),
///              QuadratureWeightOracleTests (healpy).
public struct WeightedAnalysis<Transform: FieldTransform>: FieldAnalysis {
  /// The weights.
  public let weights: QuadratureWeights
  private let weighted: Transform

  /// The analysis that belongs to a transform on the grid of the weights (a precondition).
  public init(_ transform: Transform, _ weights: QuadratureWeights) {
    self.weights = weights
    weighted = transform.weighted(by: weights)
  }

  /// The coefficients of fields.
  ///
  /// - Throws: `HarmonicTransformError.otherGrid`, `.notFinite` or `.notEnoughMemory`.
  public func analysis(
    _ f: Transform.Fields, threads: Int = 1
  ) throws(HarmonicTransformError) -> Transform.Coefficients {
    try weighted.adjointSynthesis(f, threads: threads)
  }
}

extension QuadratureWeights {
  /// Refuses a transform on another grid or with other orders.
  func require(grid: any RingGrid, mmax: Int) {
    precondition(
      self.grid.isSame(as: grid) && self.mmax == mmax,
      "weights of \(self.grid.name), mmax \(self.mmax) for \(grid.name), mmax \(mmax)")
  }
}
