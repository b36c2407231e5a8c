import FourierTransforms
import Kernels
import SphereGrids

/// Fields and coefficients of one batch in lane layout: no copies, no allocation.
///
/// Layout: fields are `[Q, U][point][laneStride]`, panels of coefficients
///         `[E, B][(l, m) m-major][re, im][laneStride]`.
extension SpinTransform {
  /// Rows of the fields of a batch.
  package var fieldRows: Int { 2 * grid.pointCount }
  /// Rows of a panel of coefficients.
  package var panelRows: Int { 4 * coefficientCount(lmax: lmax, mmax: mmax) }

  /// Rows per component: U begins here in a field, B in a panel.
  private var panelHalf: Int { panelRows / 2 }

  /// Both stages of an analysis: rings, then orders.
  package func analysePanel(
    _ field: BufferView<T>, _ workspace: SpinWorkspace<T>, _ factors: StageFactors,
    to coefficients: BufferView<T>, threads: Int
  ) {
    let stride = workspace.laneStride
    analyse(
      q: field, u: field.at(grid.pointCount * stride), workspace, factors, toE: coefficients,
      b: coefficients.at(panelHalf * stride), threads: threads)
  }

  /// Both stages of a synthesis: orders, then rings.
  package func synthesisePanel(
    _ coefficients: BufferView<T>, _ workspace: SpinWorkspace<T>, _ factors: StageFactors,
    to field: BufferView<T>, threads: Int
  ) {
    let stride = workspace.laneStride
    synthesise(
      e: coefficients, b: coefficients.at(panelHalf * stride), workspace, factors, toQ: field,
      u: field.at(grid.pointCount * stride), threads: threads)
  }

  /// An analysis of Q and U, each in lane layout.
  func analyse(
    q: BufferView<T>, u: BufferView<T>, _ workspace: SpinWorkspace<T>, _ factors: StageFactors,
    toE e: BufferView<T>, b: BufferView<T>, threads: Int
  ) {
    let stride = workspace.laneStride
    if workspace.q.takesRecurrence, let recurrence {
      recurrence.analyse(
        q: q, u: u, pointStride: stride, lanes: workspace.lanes, factors, toE: e, b: b,
        rowStride: stride, threads: threads)
      return
    }
    parallelFor(2 * workspace.q.ringParts, threads: threads) { task in
      if task % 2 == 0 {
        scalar.analyseRings(q, workspace.q, factors, part: task / 2)
      } else {
        scalar.analyseRings(u, workspace.u, factors, part: task / 2)
      }
    }
    parallelFor(mmax + 1, threads: threads) { m in
      let start = panelOffset(m, stride)
      analyseOrder(m, workspace, e: e.at(start), b: b.at(start))
    }
  }

  /// A synthesis of Q and U, each in lane layout.
  func synthesise(
    e: BufferView<T>, b: BufferView<T>, _ workspace: SpinWorkspace<T>, _ factors: StageFactors,
    toQ q: BufferView<T>, u: BufferView<T>, threads: Int
  ) {
    let stride = workspace.laneStride
    if workspace.q.takesRecurrence, let recurrence {
      recurrence.synthesise(
        e: e, b: b, rowStride: stride, lanes: workspace.lanes, factors, toQ: q, u: u,
        pointStride: stride, threads: threads)
      return
    }
    parallelFor(mmax + 1, threads: threads) { m in
      let start = panelOffset(m, stride)
      synthesiseOrder(m, e: e.at(start), b: b.at(start), workspace)
    }
    parallelFor(2 * workspace.q.ringParts, threads: threads) { task in
      if task % 2 == 0 {
        scalar.synthesiseRings(workspace.q, to: q, factors, part: task / 2)
      } else {
        scalar.synthesiseRings(workspace.u, to: u, factors, part: task / 2)
      }
    }
  }

  private func panelOffset(_ m: Int, _ stride: Int) -> Int {
    coefficientIndex(l: m, m: m, lmax: lmax) * 2 * stride
  }

  // MARK: - The Legendre sums of one order

  /// Q_m = −Σ_l (λ⁺ E + i λ⁻ B),  U_m = −Σ_l (λ⁺ B − i λ⁻ E),
  /// for the even (q = 0) and the odd (q = 1)
  /// part of the ring pairs: λ⁺ of l − m + s ≡ q and λ⁻ of the other degrees, modulo 2.
  @_specialize(where T == Float)
  @_specialize(where T == Double)
  package func synthesiseOrder(
    _ m: Int, e: BufferView<T>, b: BufferView<T>, _ workspace: SpinWorkspace<T>
  ) {
    let stride = workspace.laneStride
    legendre.order(m).withView { table in
      for q in 0...1 {
        let same = (q + spin) % 2  // parity of l − m of the λ⁺
        let plus = matrix(table, m, kind: 0, parity: same)
        let minus = matrix(table, m, kind: 1, parity: 1 - same)
        for block in workspace.q.blocks {
          func product(
            _ lambda: (matrix: MatrixView<T>, degrees: Int), _ parity: Int,
            _ coefficients: BufferView<T>, _ part: Int, to target: MatrixView<T>,
            _ mode: ProductMode
          ) {
            matrixProduct(
              rows: legendre.pairCount, columns: block.count, depth: lambda.degrees,
              lambda.matrix.transposed,
              degrees(coefficients, parity: parity, part: part, block, stride), into: target, mode)
          }
          for (sum, first, second, toReal, toImaginary) in [
            (workspace.q, e, b, ProductMode.subtracting, ProductMode.adding),
            (workspace.u, b, e, ProductMode.adding, ProductMode.subtracting),
          ] {
            let real = sum.matrix(m: m, parity: q, block, part: 0)
            let imaginary = sum.matrix(m: m, parity: q, block, part: 1)
            product(plus, same, first, 0, to: real, .replacing)
            product(plus, same, first, 1, to: imaginary, .replacing)
            // Times i: imaginary parts go to the real ones, negative, and real to imaginary ones.
            product(minus, 1 - same, second, 1, to: real, toReal)
            product(minus, 1 - same, second, 0, to: imaginary, toImaginary)
          }
        }
      }
    }
  }

  /// E = −Σ_j (λ⁺ Q_m + i λ⁻ U_m),  B = −Σ_j (λ⁺ U_m − i λ⁻ Q_m):
  /// the transpose of `synthesiseOrder`.
  @_specialize(where T == Float)
  @_specialize(where T == Double)
  package func analyseOrder(
    _ m: Int, _ workspace: SpinWorkspace<T>, e: BufferView<T>, b: BufferView<T>
  ) {
    let stride = workspace.laneStride
    legendre.order(m).withView { table in
      for parity in 0...1 {
        let same = (parity + spin) % 2  // the part of the rings that λ⁺ sees
        let plus = matrix(table, m, kind: 0, parity: parity)
        let minus = matrix(table, m, kind: 1, parity: parity)
        for block in workspace.q.blocks {
          func product(
            _ lambda: (matrix: MatrixView<T>, degrees: Int), _ sum: TransformWorkspace<T>, _ q: Int,
            _ part: Int, to target: MatrixView<T>, _ mode: ProductMode
          ) {
            matrixProduct(
              rows: lambda.degrees, columns: block.count, depth: legendre.pairCount, lambda.matrix,
              sum.matrix(m: m, parity: q, block, part: part), into: target, mode)
          }
          for (target, first, second, toReal, toImaginary) in [
            (e, workspace.q, workspace.u, ProductMode.subtracting, ProductMode.adding),
            (b, workspace.u, workspace.q, ProductMode.adding, ProductMode.subtracting),
          ] {
            let real = degrees(target, parity: parity, part: 0, block, stride)
            let imaginary = degrees(target, parity: parity, part: 1, block, stride)
            product(plus, first, same, 0, to: real, .replacing)
            product(plus, first, same, 1, to: imaginary, .replacing)
            product(minus, second, 1 - same, 1, to: real, toReal)
            product(minus, second, 1 - same, 0, to: imaginary, toImaginary)
          }
        }
      }
    }
  }

  /// (degrees of one parity of l − m, lanes of a block), the real (part 0) or imaginary parts.
  @inline(__always)
  private func degrees(
    _ coefficients: BufferView<T>, parity: Int, part: Int, _ block: LaneBlock, _ stride: Int
  ) -> MatrixView<T> {
    MatrixView(
      coefficients.at((2 * parity + part) * stride + block.first), rowStride: 4 * stride)
  }

  /// (degrees of one parity of l − m, pairs) of −λ⁺ (kind 0) or −λ⁻ (kind 1).
  @inline(__always)
  private func matrix(
    _ table: BufferView<T>, _ m: Int, kind: Int, parity: Int
  ) -> (matrix: MatrixView<T>, degrees: Int) {
    let (rows, even) = (lmax - m + 1, legendre.evenCount(m))
    let first = kind * rows + parity * even
    return (
      MatrixView(table.at(first * legendre.pairCount), rowStride: legendre.pairCount),
      parity == 0 ? even : rows - even
    )
  }

  // MARK: - Between stacks and lane layout

  /// Fields in lane layout; the lanes that pad them are zero.
  package func padded(_ f: SpinFields<T>, _ workspace: SpinWorkspace<T>) -> AlignedBuffer<T> {
    joined(f.q.values, f.u.values, rows: fieldRows, workspace)
  }

  /// Coefficients as a panel; the lanes that pad it are zero.
  package func padded(
    _ a: SpinCoefficients<T>, _ workspace: SpinWorkspace<T>
  ) -> AlignedBuffer<T> {
    joined(a.e.values, a.b.values, rows: panelRows, workspace)
  }

  private func joined(
    _ first: [T], _ second: [T], rows: Int, _ workspace: SpinWorkspace<T>
  ) -> AlignedBuffer<T> {
    let (lanes, stride) = (workspace.lanes, workspace.laneStride)
    let buffer = AlignedBuffer<T>(count: rows * stride)
    for (component, values) in [first, second].enumerated() {
      values.withView {
        copyRows(
          rows: rows / 2, columns: lanes, from: $0, stride: lanes,
          to: buffer.view(component * rows / 2 * stride), stride: stride)
      }
    }
    return buffer
  }

  /// The lanes of fields in lane layout.
  package func fields(
    _ buffer: AlignedBuffer<T>, _ workspace: SpinWorkspace<T>
  ) -> SpinFields<T> {
    let lanes = workspace.lanes
    let parts = (0...1).map { half($0, of: buffer, rows: fieldRows, workspace) }
    return SpinFields(
      q: FieldStack(grid: grid, lanes: lanes, values: parts[0]),
      u: FieldStack(grid: grid, lanes: lanes, values: parts[1]))
  }

  /// The lanes of a panel.
  package func coefficients(
    _ panel: AlignedBuffer<T>, _ workspace: SpinWorkspace<T>
  ) -> SpinCoefficients<T> {
    let lanes = workspace.lanes
    let parts = (0...1).map { half($0, of: panel, rows: panelRows, workspace) }
    return SpinCoefficients(
      e: CoefficientStack(lmax: lmax, mmax: mmax, lanes: lanes, values: parts[0]),
      b: CoefficientStack(lmax: lmax, mmax: mmax, lanes: lanes, values: parts[1]))
  }

  private func half(
    _ component: Int, of buffer: AlignedBuffer<T>, rows: Int, _ workspace: SpinWorkspace<T>
  ) -> [T] {
    let (lanes, stride) = (workspace.lanes, workspace.laneStride)
    return [T].written(rows / 2 * lanes) {
      copyRows(
        rows: rows / 2, columns: lanes, from: buffer.view(component * rows / 2 * stride),
        stride: stride, to: $0, stride: lanes)
    }
  }

  /// Refuses fields on other grids, numbers that are not finite, and what fits no memory.
  ///
  /// - Throws: `HarmonicTransformError.otherGrid`, `.notFinite` or `.notEnoughMemory`.
  package func requireUsable(
    _ f: SpinFields<T>, threads: Int = 1, isIterative: Bool = false
  ) throws(HarmonicTransformError) {
    try f.q.requireUsable(on: grid, threads: threads)
    try f.u.requireUsable(on: grid, threads: threads)
    try memoryChecks.require(memoryEstimate(lanes: f.q.lanes), isIterative: isIterative) {
      memoryTitle(lanes: f.q.lanes)
    }
  }
}
