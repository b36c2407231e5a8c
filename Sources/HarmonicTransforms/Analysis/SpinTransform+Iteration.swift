import FourierTransforms
import Kernels

extension SpinTransform {
  /// Quadrature analysis, improved by iteration: what healpy's map2alm does with `iter` for Q and
  /// U.
  ///
  /// Definition, domain and cost as `ScalarTransform.iterated`.
  /// Checked by:  SpinOracleTests (healpy).
  /// - Throws: `HarmonicTransformError.otherGrid`, `.notFinite` or `.notEnoughMemory`.
  public func iterated(
    _ f: SpinFields<T>, iterations: Int, threads: Int = 1
  ) throws(HarmonicTransformError) -> SpinCoefficients<T> {
    precondition(iterations >= 0, "\(iterations) iterations")
    try requireUsable(f, isIterative: true)
    let workspace = SpinWorkspace(iterating: self, lanes: f.q.lanes)
    let a = iteratedPanel(
      padded(f, workspace), workspace, iterations: iterations, threads: threads)
    return coefficients(a, workspace)
  }

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
    precondition(tolerance >= 0 && maximumIterations >= 0, "tolerance \(tolerance)")
    try requireUsable(f, isIterative: true)
    let workspace = SpinWorkspace(iterating: self, lanes: f.q.lanes)
    let solver = ConjugateGradients(self, padded(f, workspace), workspace, threads: threads)
    let reports = solver.run(tolerance: tolerance, maximumIterations: maximumIterations)
    return (coefficients(solver.a, workspace), reports)
  }
}
