import FourierTransforms
import Kernels

extension ScalarTransform {
  /// Quadrature analysis, improved by iteration: what healpy's map2alm does with `iter`.
  ///
  /// Definition:  a_0 = A f,  a_{k+1} = a_k + A (f − S a_k), k < iterations,
  ///              with A the analysis by the
  ///              grid's weights and S the synthesis.
  /// Domain:      converges to the fit with the quadrature weights where all eigenvalues of A S lie
  ///              between 0 and 2, by at least half the remaining error per step on HEALPix at
  ///              lmax = 2 nside.
  /// Cost:        2 iterations + 1 transforms.
  /// Checked by:  TransformOracleTests (healpy), IterativeAnalysisTests.
  /// - Throws: `HarmonicTransformError.otherGrid`, `.notFinite` or `.notEnoughMemory`.
  public func iterated(
    _ f: FieldStack<T>, iterations: Int, threads: Int = 1
  ) throws(HarmonicTransformError) -> CoefficientStack<T> {
    precondition(iterations >= 0, "\(iterations) iterations")
    try requireUsable(f, isIterative: true)
    let workspace = TransformWorkspace(iterating: self, lanes: f.lanes)
    let a = iteratedPanel(
      padded(f, workspace), workspace, iterations: iterations, threads: threads)
    return stack(panel: a, workspace)
  }

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
    precondition(tolerance >= 0 && maximumIterations >= 0, "tolerance \(tolerance)")
    precondition(nyquist == .evaluated, "least squares of a synthesis that drops the Nyquist order")
    try requireUsable(f, isIterative: true)
    let workspace = TransformWorkspace(iterating: self, lanes: f.lanes)
    let solver = ConjugateGradients(self, padded(f, workspace), workspace, threads: threads)
    let reports = solver.run(tolerance: tolerance, maximumIterations: maximumIterations)
    return (stack(panel: solver.a, workspace), reports)
  }
}
