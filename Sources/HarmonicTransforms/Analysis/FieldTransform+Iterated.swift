import FourierTransforms
import Kernels

extension ScalarTransform {
  /// Quadrature analysis, improved by iteration: what healpy's map2alm does with `iter`.
  ///
  /// Definition:  a_0 = A f,  a_{k+1} = a_k + A (f − S a_k), k < iterations,
  ///              with A the analysis by the grid's weights and S the synthesis.
  /// Domain:      converges to the fit with the quadrature weights where all eigenvalues of A S lie
  ///              between 0 and 2, by at least half the remaining error per step on HEALPix at
  ///              lmax = 2 nside.
  /// Cost:        2 iterations + 1 transforms.
  /// Checked by:  TransformOracleTests (healpy), IterativeAnalysisTests.
  /// - Throws: `HarmonicTransformError.otherGrid`, `.notFinite` or `.notEnoughMemory`.
  public func iterated(
    _ f: FieldStack<T>, iterations: Int, threads: Int = 1
  ) throws(HarmonicTransformError) -> CoefficientStack<T> {
    guard f.lanes > 0 else { return CoefficientStack(lmax: lmax, mmax: mmax, lanes: 0) }
    return try iteratedAnalysis(f, iterations: iterations, threads: threads)
  }

  /// The gradient of `iterated` with respect to the field, given that with respect to the stored
  /// coefficients.
  ///
  /// Definition:  a = Σ_{k=0…K} (1 − A S)^k A f with K iterations, hence with the transposes of
  ///              stored numbers
  ///              f̄ = Aᵀ Σ_{k=0…K} (1 − Sᵀ Aᵀ)^k ā, summed as s ← ā + s − Sᵀ Aᵀ s from s = ā on.
  /// Cost:        2 iterations + 1 transforms.
  /// Checked by:  IterativeAnalysisTests.
  public func iteratedGradient(
    _ da: CoefficientStack<T>, iterations: Int, threads: Int = 1
  ) -> FieldStack<T> {
    precondition(iterations >= 0, "\(iterations) iterations")
    var sum = da
    for _ in 0..<iterations {
      let folded = synthesisGradient(analysisGradient(sum, threads: threads), threads: threads)
      for i in sum.values.indices { sum.values[i] += da.values[i] - folded.values[i] }
    }
    return analysisGradient(sum, threads: threads)
  }
}

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
    guard f.q.lanes > 0 else { return SpinCoefficients(lmax: lmax, mmax: mmax, lanes: 0) }
    return try iteratedAnalysis(f, iterations: iterations, threads: threads)
  }

  /// The gradient of `iterated` with respect to the fields: as `ScalarTransform.iteratedGradient`.
  ///
  /// Checked by:  IterativeAnalysisTests.
  public func iteratedGradient(
    _ da: SpinCoefficients<T>, iterations: Int, threads: Int = 1
  ) -> SpinFields<T> {
    precondition(iterations >= 0, "\(iterations) iterations")
    var sum = da
    for _ in 0..<iterations {
      let folded = synthesisGradient(analysisGradient(sum, threads: threads), threads: threads)
      for i in sum.e.values.indices {
        sum.e.values[i] += da.e.values[i] - folded.e.values[i]
        sum.b.values[i] += da.b.values[i] - folded.b.values[i]
      }
    }
    return analysisGradient(sum, threads: threads)
  }
}

extension PanelTransform {
  /// `iterated` of fields of any kind.
  fileprivate func iteratedAnalysis(
    _ f: Fields, iterations: Int, threads: Int
  ) throws(HarmonicTransformError) -> Coefficients {
    precondition(iterations >= 0, "\(iterations) iterations")
    try requireUsable(f, threads: 1, isIterative: true)
    let workspace = makeWorkspace(iteratingOn: f)
    let a = iteratedPanel(
      padded(f, workspace), workspace, iterations: iterations, threads: threads)
    return coefficients(a, workspace)
  }

  /// a_0 = A f,  a_{k+1} = a_k + A (f − S a_k), k < iterations.
  ///
  /// - Parameters:
  ///   - field: f, `[row][laneStride]`.
  ///   - workspace: made for this transform.
  ///   - iterations: how many corrections.
  ///   - threads: any number gives the same bits.
  /// - Returns: a panel of coefficients.
  package func iteratedPanel(
    _ field: AlignedBuffer<T>, _ workspace: Workspace, iterations: Int, threads: Int
  ) -> AlignedBuffer<T> {
    let stride = laneStride(workspace)
    let rest = AlignedBuffer<T>(count: fieldRows * stride)
    let a = AlignedBuffer<T>(count: panelRows * stride)
    let correction = AlignedBuffer<T>(count: panelRows * stride)
    let (one, minusOne) = (AlignedBuffer<T>(count: stride), AlignedBuffer<T>(count: stride))
    for lane in 0..<stride {
      one[lane] = 1
      minusOne[lane] = -1
    }
    withViews(field, rest, a, correction, one, minusOne) {
      field, rest, a, correction, one, minusOne in
      quadrature(field, workspace, to: a, threads: threads)
      for _ in 0..<iterations {
        synthesise(a, workspace, to: rest, threads: threads)
        scaleLanesAndAdd(rows: fieldRows, laneStride: stride, rest, factors: minusOne, field)
        quadrature(rest, workspace, to: correction, threads: threads)
        addScaledLanes(rows: panelRows, laneStride: stride, correction, factors: one, to: a)
      }
    }
    return a
  }
}
