import FourierTransforms
import Kernels

extension ScalarTransform {
  /// Least-squares analysis by conjugate gradients on the normal equations.
  ///
  /// Definition:  a = argmin Σ_p (f_p − (S a)_p)², all points with the same weight.
  /// Method:      CGLS [Bjorck1996, algorithm 7.4.1] in the inner product of the full sphere,
  ///              ⟨a, b⟩ = Σ_l Σ_{m ≥ 0} (2 − δ_m0) Re(a*_lm b_lm),
  ///              in which S† is `adjointSynthesis`.
  ///              Every lane has its own steps and stops on its own.
  /// Domain:      any grid of rings, any lmax; the iteration starts from zero, so that among
  ///              several minima it tends to that of least norm. `LeastSquaresAnalysis` is faster
  ///              and direct for many fields of small lmax.
  /// Accuracy:    relative error at most κ² · `normalResidual`, κ the condition number of S; about
  ///              κ ln(2/tolerance)/2 iterations reach it.
  /// Cost:        two transforms per iteration.
  /// Checked by:  IterativeAnalysisTests.
  ///
  /// - Parameters:
  ///   - f: the fields.
  ///   - tolerance: the iteration of a lane ends when ‖S†(f − S a)‖ ≤ tolerance · ‖S† f‖.
  ///   - maximumIterations: it ends here anyway, as the report says.
  ///   - threads: any number gives the same bits.
  /// - Returns: the coefficients, and one report per lane.
  /// - Throws: `HarmonicTransformError.otherGrid`, `.notFinite` or `.notEnoughMemory`.
  public func leastSquares(
    _ f: FieldStack<T>, tolerance: Double, maximumIterations: Int = 1000, threads: Int = 1
  ) throws(HarmonicTransformError)
    -> (coefficients: CoefficientStack<T>, reports: [LeastSquaresReport])
  {
    precondition(nyquist == .evaluated, "least squares of a synthesis that drops the Nyquist order")
    guard f.lanes > 0 else { return (CoefficientStack(lmax: lmax, mmax: mmax, lanes: 0), []) }
    return try leastSquaresAnalysis(
      f, tolerance: tolerance, maximumIterations: maximumIterations, threads: threads)
  }
}

extension SpinTransform {
  /// Least-squares analysis by conjugate gradients on the normal equations, Q and U of all points
  /// with the same weight.
  ///
  /// Definition, method and accuracy as `ScalarTransform.leastSquares`.
  /// Checked by:  SpinLeastSquaresTests.
  ///
  /// - Parameters:
  ///   - f: the fields.
  ///   - tolerance: the iteration of a lane ends when ‖S†(f − S a)‖ ≤ tolerance · ‖S† f‖.
  ///   - maximumIterations: it ends here anyway, as the report says.
  ///   - threads: any number gives the same bits.
  /// - Returns: the coefficients, and one report per lane.
  /// - Throws: `HarmonicTransformError.otherGrid`, `.notFinite` or `.notEnoughMemory`.
  public func leastSquares(
    _ f: SpinFields<T>, tolerance: Double, maximumIterations: Int = 1000, threads: Int = 1
  ) throws(HarmonicTransformError)
    -> (coefficients: SpinCoefficients<T>, reports: [LeastSquaresReport])
  {
    guard f.q.lanes > 0 else { return (SpinCoefficients(lmax: lmax, mmax: mmax, lanes: 0), []) }
    return try leastSquaresAnalysis(
      f, tolerance: tolerance, maximumIterations: maximumIterations, threads: threads)
  }
}

extension PanelTransform {
  /// `leastSquares` of fields of any kind.
  fileprivate func leastSquaresAnalysis(
    _ f: Fields, tolerance: Double, maximumIterations: Int, threads: Int
  ) throws(HarmonicTransformError) -> (coefficients: Coefficients, reports: [LeastSquaresReport]) {
    precondition(tolerance >= 0 && maximumIterations >= 0, "tolerance \(tolerance)")
    try requireUsable(f, threads: 1, isIterative: true)
    let workspace = makeWorkspace(iteratingOn: f)
    let solver = ConjugateGradients(self, padded(f, workspace), workspace, threads: threads)
    let reports = solver.run(tolerance: tolerance, maximumIterations: maximumIterations)
    return (coefficients(solver.a, workspace), reports)
  }
}
