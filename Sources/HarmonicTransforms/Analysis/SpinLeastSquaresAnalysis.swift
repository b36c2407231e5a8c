import FourierTransforms
import Kernels
import LinearAlgebra
import SphereGrids

/// Analysis of spin-weighted fields by least squares on any grid of rings, as one precomputed
/// linear operator.
///
/// Definition:  (E, B) = argmin Σ_p |(Q + iU)_p − S(E, B)_p|² = (SᵀS)⁻¹ Sᵀ (Q, U) over the real
///              degrees of freedom of E and B from l = s on.
/// Method:      as `LeastSquaresAnalysis`; a block holds the E of one parity and the B of the
///              other.
/// Memory:      four times that of the scalar operator: 2 million numbers on HEALPix at lmax 47.
/// Accuracy:    rounding times the condition number of SᵀS, 42 at nside 16, lmax 47, spin 2.
/// Cost:        two operations per number of the blocks on top of a plain analysis.
/// Checked by:  SpinLeastSquaresTests.
public final class SpinLeastSquaresAnalysis<T: FourierScalar>: Sendable {
  /// The synthesis that is inverted.
  public let transform: SpinTransform<T>
  /// For E and for B, the mean over m of the variance of a_lm from white noise of variance σ² in
  /// every Q and U, relative to the 4π σ²/npix of a grid with exact quadrature: element l.
  public let noiseVariance: (e: [Double], b: [Double])
  /// 1/(‖SᵀS‖₁ ‖(SᵀS)⁻¹‖₁) in the orthonormal basis: a lower estimate of λ_min/λ_max.
  public let reciprocalCondition: Double

  private let normal: NormalInverse<T>

  /// Prepares the operator.
  ///
  /// - Parameters:
  ///   - grid: the rings.
  ///   - spin: s, 1...8.
  ///   - lmax: largest degree, inclusive.
  ///   - mmax: largest order; lmax when nil.
  /// - Throws: `HarmonicTransformError.singularAnalysis` when the points do not determine the
  ///   coefficients, or only with a reciprocal condition below
  ///   `LeastSquaresAnalysis.smallestReciprocalCondition`.
  public init(
    grid: any RingGrid, spin: Int = 2, lmax: Int, mmax: Int? = nil
  ) throws(HarmonicTransformError) {
    let transform = SpinTransform<T>(
      grid: grid, spin: spin, lmax: lmax, mmax: mmax, path: .table)
    self.transform = transform
    let table = SpinLegendreTable<Double>(
      spin: spin, lmax: lmax, mmax: transform.mmax, pairs: transform.scalar.pairs)
    normal = try NormalInverse(grid: grid, .spin(table), lmax: lmax, transform.scalar)
    reciprocalCondition = normal.reciprocalCondition
    noiseVariance = (normal.noiseVariance[0], normal.noiseVariance[1])
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
    _ f: SpinFields<T>, threads: Int = 1
  ) throws(HarmonicTransformError) -> SpinCoefficients<T> {
    try transform.requireUsable(f)
    guard f.q.lanes > 0 else {
      return SpinCoefficients(lmax: transform.lmax, mmax: transform.mmax, lanes: 0)
    }
    let workspace = SpinWorkspace(transform, lanes: f.q.lanes)
    let panel = AlignedBuffer<T>(count: transform.panelRows * workspace.laneStride)
    let field = transform.padded(f, workspace)
    withViews(field, panel) { analyse($0, workspace, to: $1, threads: threads) }
    return transform.coefficients(panel, workspace)
  }

  /// The gradient with respect to the fields, given that with respect to the stored coefficients.
  public func analysisGradient(_ da: SpinCoefficients<T>, threads: Int = 1) -> SpinFields<T> {
    precondition(
      da.e.lmax == transform.lmax && da.e.mmax == transform.mmax,
      "lmax \(da.e.lmax), mmax \(da.e.mmax) differ")
    guard da.e.lanes > 0 else { return SpinFields(grid: transform.grid, lanes: 0) }
    let workspace = SpinWorkspace(transform, lanes: da.e.lanes)
    let field = AlignedBuffer<T>(count: transform.fieldRows * workspace.laneStride)
    let panel = transform.padded(da, workspace)
    withViews(panel, field) {
      analysisGradient(overwriting: $0, workspace, to: $1, threads: threads)
    }
    return transform.fields(field, workspace)
  }

  // MARK: - Panels

  /// (E, B) = (SᵀS)⁻¹ Sᵀ (Q, U) for fields in lane layout.
  ///
  /// - Parameters:
  ///   - field: `[Q, U][point][laneStride]`.
  ///   - workspace: made for `transform`; used by one call at a time.
  ///   - coefficients: receives `[E, B][(l, m)][re, im][laneStride]`.
  ///   - threads: any number gives the same bits.
  package func analyse(
    _ field: BufferView<T>, _ workspace: SpinWorkspace<T>, to coefficients: BufferView<T>,
    threads: Int
  ) {
    transform.analysePanel(
      field, workspace, transform.scalar.synthesisGradientFactors, to: coefficients,
      threads: threads)
    normal.multiply(coefficients, laneStride: workspace.laneStride, threads: threads)
  }

  /// (Q̄, Ū) = S (SᵀS)⁻¹ (Ē, B̄), the transpose of `analyse`; (Ē, B̄) is overwritten.
  package func analysisGradient(
    overwriting coefficients: BufferView<T>, _ workspace: SpinWorkspace<T>,
    to field: BufferView<T>, threads: Int
  ) {
    normal.multiply(coefficients, laneStride: workspace.laneStride, threads: threads)
    transform.synthesisePanel(
      coefficients, workspace, transform.scalar.synthesisFactors, to: field, threads: threads)
  }
}
