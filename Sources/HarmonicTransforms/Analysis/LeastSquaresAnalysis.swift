import FourierTransforms
import Kernels
import LinearAlgebra
import SphereGrids

/// Analysis by least squares on any grid of rings, as one precomputed linear operator.
///
/// Definition:  a = argmin Σ_p (f_p − Σ_lm a_lm Y_lm(p))² = (SᵀS)⁻¹ Sᵀ f over the real degrees of
///              freedom (Re a_l0; Re a_lm and Im a_lm, m > 0), S the synthesis. This is the exact
///              inverse of synthesis and, under white noise, the unbiased estimate of least
///              variance.
/// Method:      Sᵀ by rings and orders (`synthesisGradient`). SᵀS falls into independent blocks by
///              the symmetries of the grid (NormalBlocks.swift): on HEALPix by even and odd l − m,
///              real and imaginary part, and m modulo 4. Blocks are summed, factored and inverted
///              in `Double` (Cholesky); their inverses are rounded once and applied as matrices.
/// Memory:      about (lmax + 1)⁴/10 numbers on HEALPix: 0.5 million at lmax 47; it grows beyond
///              what is sensible near lmax 150, where `ScalarTransform.leastSquares` solves
///              iteratively.
/// Accuracy:    rounding times the condition number of SᵀS, 46 at nside 16, lmax 47.
/// Cost:        per lane, two operations per number of the blocks on top of a plain analysis: 1
///              MFLOP at nside 16, lmax 47 and 12 of the 32 μs of a whole analysis. Set-up Σ n³
///              over the blocks, 0.05 s there.
/// Checked by:  LeastSquaresDefinitionTests (dense LAPACK solution), LeastSquaresPropertyTests.
public final class LeastSquaresAnalysis<T: FourierScalar>: Sendable {
  /// The synthesis that is inverted.
  public let transform: ScalarTransform<T>
  /// The mean over m of the variance of a_lm from white pixel noise, relative to the 4π σ²/npix of
  /// a grid with exact quadrature: element l.
  public let noiseVariance: [Double]
  /// 1/(‖SᵀS‖₁ ‖(SᵀS)⁻¹‖₁) in the orthonormal basis: a lower estimate of λ_min/λ_max.
  public let reciprocalCondition: Double

  private let normal: NormalInverse<T>

  /// Smallest reciprocal condition that is accepted: less would cost ten of sixteen digits.
  public static var smallestReciprocalCondition: Double { 1e-10 }

  /// Prepares the operator.
  ///
  /// - Parameters:
  ///   - grid: the rings.
  ///   - lmax: largest degree, inclusive.
  ///   - mmax: largest order; lmax when nil.
  /// - Throws: `HarmonicTransformError.singularAnalysis` when the points do not determine the
  ///   coefficients, or only with a reciprocal condition below `smallestReciprocalCondition`.
  public init(grid: any RingGrid, lmax: Int, mmax: Int? = nil) throws(HarmonicTransformError) {
    // Analysis needs the tables anyway, and with them a map's bits do not depend on the number of
    // maps.
    let transform = ScalarTransform<T>(grid: grid, lmax: lmax, mmax: mmax, path: .table)
    self.transform = transform
    let table = LegendreTable<Double>(lmax: lmax, mmax: transform.mmax, pairs: transform.pairs)
    normal = try NormalInverse(grid: grid, .scalar(table), lmax: lmax, transform)
    reciprocalCondition = normal.reciprocalCondition
    noiseVariance = normal.noiseVariance[0]
  }

  /// The condition number of S in the orthonormal basis, √(λ_max/λ_min) of SᵀS, from its
  /// eigenvalues.
  ///
  /// - Throws: `LinearAlgebraError.noConvergence`.
  public func conditionNumber() throws(LinearAlgebraError) -> Double {
    try normal.conditionNumber()
  }

  // MARK: - Stacks

  /// The coefficients that fit the fields best.
  ///
  /// - Throws: `HarmonicTransformError.otherGrid`, `.notFinite` or `.notEnoughMemory`.
  public func analysis(
    _ f: FieldStack<T>, threads: Int = 1
  ) throws(HarmonicTransformError) -> CoefficientStack<T> {
    try transform.requireUsable(f)
    guard f.lanes > 0 else {
      return CoefficientStack(lmax: transform.lmax, mmax: transform.mmax, lanes: 0)
    }
    let workspace = TransformWorkspace(transform, lanes: f.lanes)
    let panel = AlignedBuffer<T>(count: transform.panelCount(workspace))
    let field = transform.padded(f, workspace)
    withViews(field, panel) { analyse($0, workspace, to: $1, threads: threads) }
    return transform.stack(panel: panel, workspace)
  }

  /// The gradient with respect to the field, given that with respect to the stored coefficients.
  public func analysisGradient(_ da: CoefficientStack<T>, threads: Int = 1) -> FieldStack<T> {
    precondition(
      da.lmax == transform.lmax && da.mmax == transform.mmax,
      "lmax \(da.lmax), mmax \(da.mmax) differ")
    guard da.lanes > 0 else { return FieldStack(grid: transform.grid, lanes: 0) }
    let workspace = TransformWorkspace(transform, lanes: da.lanes)
    let field = AlignedBuffer<T>(count: transform.grid.pointCount * workspace.laneStride)
    let panel = transform.padded(da, workspace)
    withViews(panel, field) {
      analysisGradient(overwriting: $0, workspace, to: $1, threads: threads)
    }
    return transform.stack(field: field, workspace)
  }

  // MARK: - Panels

  /// a = (SᵀS)⁻¹ Sᵀ f for a field in lane layout.
  ///
  /// - Parameters:
  ///   - field: `[point][laneStride]`.
  ///   - workspace: made for `transform`; used by one call at a time.
  ///   - coefficients: receives `[(l, m)][re, im][laneStride]`.
  ///   - threads: any number gives the same bits.
  package func analyse(
    _ field: BufferView<T>, _ workspace: TransformWorkspace<T>, to coefficients: BufferView<T>,
    threads: Int
  ) {
    transform.analysePanel(
      field, workspace, transform.synthesisGradientFactors, to: coefficients, threads: threads)
    multiplyByInverse(coefficients, laneStride: workspace.laneStride, threads: threads)
  }

  /// f̄ = S (SᵀS)⁻¹ ā, the transpose of `analyse`; ā is overwritten with (SᵀS)⁻¹ ā.
  package func analysisGradient(
    overwriting coefficients: BufferView<T>, _ workspace: TransformWorkspace<T>,
    to field: BufferView<T>, threads: Int
  ) {
    multiplyByInverse(coefficients, laneStride: workspace.laneStride, threads: threads)
    transform.synthesisePanel(
      coefficients, workspace, transform.synthesisFactors, to: field, threads: threads)
  }

  /// a ← (SᵀS)⁻¹ a in place.
  package func multiplyByInverse(_ panel: BufferView<T>, laneStride: Int, threads: Int) {
    normal.multiply(panel, laneStride: laneStride, threads: threads)
  }
}
