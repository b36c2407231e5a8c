import FourierTransforms
import Kernels
import SphereGrids

/// Fields and coefficients of one batch in the lane layout of a workspace: no copies, no
/// allocation.
///
/// Layout: a field is `[point][laneStride]`, a panel of coefficients
/// `[(l, m) m-major][re, im][laneStride]`.
extension ScalarTransform {
  /// Number of values in a panel of coefficients.
  package func panelCount(_ workspace: TransformWorkspace<T>) -> Int {
    2 * coefficientCount(lmax: lmax, mmax: mmax) * workspace.laneStride
  }

  /// Where the rows of order m start in a panel.
  @inline(__always)
  package func panelOffset(m: Int, _ workspace: TransformWorkspace<T>) -> Int {
    coefficientIndex(l: m, m: m, lmax: lmax) * 2 * workspace.laneStride
  }

  /// Both stages of an analysis: rings, then orders.
  package func analysePanel(
    _ field: BufferView<T>, _ workspace: TransformWorkspace<T>, _ factors: StageFactors,
    to coefficients: BufferView<T>, threads: Int
  ) {
    if workspace.takesRecurrence, let recurrence {
      recurrence.analyse(
        field, pointStride: workspace.laneStride, lanes: workspace.lanes, factors,
        to: coefficients, rowStride: workspace.laneStride, threads: threads)
      return
    }
    parallelFor(workspace.ringParts, threads: threads) {
      analyseRings(field, workspace, factors, part: $0)
    }
    parallelFor(mmax + 1, threads: threads) {
      analyseOrder($0, workspace, to: coefficients.at(panelOffset(m: $0, workspace)))
    }
  }

  /// Both stages of a synthesis: orders, then rings.
  package func synthesisePanel(
    _ coefficients: BufferView<T>, _ workspace: TransformWorkspace<T>, _ factors: StageFactors,
    to field: BufferView<T>, threads: Int
  ) {
    if workspace.takesRecurrence, let recurrence {
      recurrence.synthesise(
        coefficients, rowStride: workspace.laneStride, lanes: workspace.lanes, factors,
        halvesNyquist: nyquist == .once, to: field, pointStride: workspace.laneStride,
        threads: threads)
      return
    }
    parallelFor(mmax + 1, threads: threads) {
      synthesiseOrder($0, coefficients.at(panelOffset(m: $0, workspace)), to: workspace)
    }
    parallelFor(workspace.ringParts, threads: threads) {
      synthesiseRings(workspace, to: field, factors, part: $0)
    }
  }

  /// A field in lane layout; the lanes that pad it are zero.
  package func padded(_ f: FieldStack<T>, _ workspace: TransformWorkspace<T>) -> AlignedBuffer<T> {
    let field = AlignedBuffer<T>(count: grid.pointCount * workspace.laneStride)
    f.values.withView {
      copyRows(
        rows: grid.pointCount, columns: f.lanes, from: $0, stride: f.lanes, to: field.view(),
        stride: workspace.laneStride)
    }
    return field
  }

  /// Coefficients as a panel; the lanes that pad it are zero.
  package func padded(
    _ a: CoefficientStack<T>, _ workspace: TransformWorkspace<T>
  ) -> AlignedBuffer<T> {
    let panel = AlignedBuffer<T>(count: panelCount(workspace))
    a.values.withView {
      copyRows(
        rows: a.values.count / a.lanes, columns: a.lanes, from: $0, stride: a.lanes,
        to: panel.view(), stride: workspace.laneStride)
    }
    return panel
  }

  /// The lanes of a field in lane layout.
  package func stack(
    field: AlignedBuffer<T>, _ workspace: TransformWorkspace<T>
  ) -> FieldStack<T> {
    let values = [T].written(grid.pointCount * workspace.lanes) {
      copyRows(
        rows: grid.pointCount, columns: workspace.lanes, from: field.view(),
        stride: workspace.laneStride, to: $0, stride: workspace.lanes)
    }
    return FieldStack(grid: grid, lanes: workspace.lanes, values: values)
  }

  /// The lanes of a panel.
  package func stack(
    panel: AlignedBuffer<T>, _ workspace: TransformWorkspace<T>
  ) -> CoefficientStack<T> {
    let rows = 2 * coefficientCount(lmax: lmax, mmax: mmax)
    let values = [T].written(rows * workspace.lanes) {
      copyRows(
        rows: rows, columns: workspace.lanes, from: panel.view(), stride: workspace.laneStride,
        to: $0, stride: workspace.lanes)
    }
    return CoefficientStack(lmax: lmax, mmax: mmax, lanes: workspace.lanes, values: values)
  }

  /// Refuses fields on other grids, numbers that are not finite, and what fits no memory.
  ///
  /// - Throws: `HarmonicTransformError.otherGrid`, `.notFinite` or `.notEnoughMemory`.
  package func requireUsable(
    _ f: FieldStack<T>, threads: Int = 1, isIterative: Bool = false
  ) throws(HarmonicTransformError) {
    try f.requireUsable(on: grid, threads: threads)
    try memoryChecks.require(memoryEstimate(lanes: f.lanes), isIterative: isIterative) {
      memoryTitle(lanes: f.lanes)
    }
  }
}
