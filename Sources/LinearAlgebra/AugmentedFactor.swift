import Kernels

/// Factors A and whitens B of [A | B] in place: A = Uᵀ U, the result is [U | U⁻ᵀ B].
///
/// Definition:  A symmetric positive definite of order n, read in its upper triangle; U upper
///              triangular. Row block k of the result is U_kk⁻ᵀ (M_k − Σ_{j<k} U_jkᵀ M_j), for the
///              rows of A and of B alike, with U_kkᵀ U_kk the Cholesky factorisation of the
///              diagonal block.
/// Method:      blocks of 96 rows: LAPACK's dpotrf on the diagonal block, whose inverse factor
///              multiplies the rest; all else is `matrixProduct`. Columns are cut into parts of
///              256: the bits do not depend on the number of threads.
/// Layout:      `matrix[row * stride + column]`, columns 0..<order A, order..<order + extra B.
///              Below the diagonal blocks undefined values remain.
/// Accuracy:    as `CholeskyFactor`: ‖A − Uᵀ U‖ ≤ (n + 1) u ‖A‖ times a small factor for the
///              inverted blocks [Higham2002, section 13.2].
/// Cost:        n²(n/6 + extra/2) multiplications.
/// Checked by:  AugmentedFactorTests (slow twin `CholeskyFactor`).
///
/// - Parameters:
///   - matrix: [A | B]; overwritten.
///   - n: the order of A.
///   - extra: columns of B.
///   - stride: elements between rows.
///   - threads: any number gives the same bits.
///   - counter: told of `augmentedCost` multiplications, part by part; stops the work.
/// - Returns: ln det A.
/// - Throws: `LinearAlgebraError.notPositiveDefinite` with the row where the factorisation stops,
///   `.notFinite`, `.interrupted`.
package func factorAugmented(
  _ matrix: AlignedBuffer<Double>, order n: Int, extra: Int, stride: Int, threads: Int,
  counter: WorkCounter? = nil
) throws(LinearAlgebraError) -> Double {
  let counter = counter ?? WorkCounter(WorkProgress(), multiplications: 1)
  precondition(stride >= n + extra && matrix.count >= n * stride, "[A | B] does not fit")
  let view = matrix.view()
  var logDeterminant = 0.0
  for first in Swift.stride(from: 0, to: n, by: factorBlock) {
    let count = min(factorBlock, n - first)
    subtractRowsAbove(view, stride, rows: first..<first + count, columns: first..<first + count)
    let factor = try diagonalFactor(view, stride, rows: first..<first + count, order: n)
    logDeterminant += factor.logDeterminant
    let inverse = AlignedBuffer<Double>(count: count * count)
    for (k, value) in try factor.whitened(.identity(count)).storage.enumerated() {
      inverse[k] = value
    }
    for i in 0..<count {
      for j in i..<count { view[(first + i) * stride + first + j] = factor.lower[j, i] }
    }
    let start = first + count
    let rest = n + extra - start
    let parts = evenRanges(rest, parts: (rest + 255) / 256, unit: 8)
    counter.parallel(
      parts.count, threads: threads, cost: { Double(parts[$0].count * count * (first + count)) }
    ) { part in
      let columns = start + parts[part].lowerBound..<start + parts[part].upperBound
      subtractRowsAbove(view, stride, rows: first..<start, columns: columns)
      let rows = AlignedBuffer<Double>(count: count * columns.count)
      let source = view.at(first * stride + columns.lowerBound)
      withViews(rows, inverse) { rows, inverse in
        copyRows(
          rows: count, columns: columns.count, from: source, stride: stride, to: rows,
          stride: columns.count)
        matrixProduct(
          rows: count, columns: columns.count, depth: count,
          MatrixView(inverse, rowStride: count), MatrixView(rows, rowStride: columns.count),
          into: MatrixView(source, rowStride: stride))
      }
    }
    try counter.requireGoingOn()
  }
  return logDeterminant
}

/// Multiplications that `factorAugmented` counts.
package func augmentedCost(order n: Int, extra: Int) -> Double {
  stride(from: 0, to: n, by: factorBlock).reduce(0) { sum, first in
    let count = min(factorBlock, n - first)
    return sum + Double((n + extra - first - count) * count * (first + count))
  }
}

/// Multiplications that `positiveInverse` counts.
package func inverseCost(order n: Int) -> Double {
  augmentedCost(order: n, extra: n) + 0.5 * Double(n) * Double(n) * Double(n)
}

/// A⁻¹, both triangles filled: XᵀX with X = U⁻ᵀ, the right-hand side 1 of `factorAugmented`.
///
/// The result is symmetric to rounding.
///
/// Cost:        7n³/6 multiplications of `matrixProduct`.
/// Slow twin:   `CholeskyFactor.inverse`.
/// Checked by:  AugmentedFactorTests.
///
/// - Parameters:
///   - a: A; read in its upper triangle.
///   - threads: any number gives the same bits.
///   - counter: told of `inverseCost` multiplications, part by part; stops the work.
/// - Returns: A⁻¹.
/// - Throws: as `factorAugmented`.
package func positiveInverse(
  _ a: Matrix, threads: Int, counter: WorkCounter? = nil
) throws(LinearAlgebraError) -> Matrix {
  precondition(a.rows == a.columns, "\(a.rows) rows and \(a.columns) columns")
  let n = a.rows
  let stride = paddedLaneStride(2 * n, of: Double.self)
  let system = AlignedBuffer<Double>(count: n * stride)
  for i in 0..<n {
    for j in i..<n { system[i * stride + j] = a[i, j] }
    system[i * stride + n + i] = 1
  }
  let counter = counter ?? WorkCounter(WorkProgress(), multiplications: 1)
  _ = try factorAugmented(
    system, order: n, extra: n, stride: stride, threads: threads, counter: counter)
  var inverse = Matrix(rows: n, columns: n)
  let ranges = evenRanges(n, parts: (n + 63) / 64, unit: 8)
  inverse.storage.withMutableView { target in
    system.withView { system in
      counter.parallel(
        ranges.count, threads: threads,
        cost: { Double(ranges[$0].count * n) * Double(n - ranges[$0].lowerBound) }
      ) { part in
        let range = ranges[part]
        // X is lower triangular: its columns of the range are zero above the first of them.
        matrixProduct(
          rows: range.count, columns: n, depth: n - range.lowerBound,
          MatrixView(
            system.at(range.lowerBound * stride + n + range.lowerBound), rowStride: 1,
            columnStride: stride),
          MatrixView(system.at(range.lowerBound * stride + n), rowStride: stride),
          into: MatrixView(target.at(range.lowerBound * n), rowStride: n))
      }
    }
  }
  try counter.requireGoingOn()
  return inverse
}

private let factorBlock = 96

/// M_k −= Σ_{j<k} U_jkᵀ M_j for some columns of the row block k.
private func subtractRowsAbove(
  _ view: BufferView<Double>, _ stride: Int, rows: Range<Int>, columns: Range<Int>
) {
  guard rows.lowerBound > 0 else { return }
  matrixProduct(
    rows: rows.count, columns: columns.count, depth: rows.lowerBound,
    MatrixView(view.at(rows.lowerBound), rowStride: 1, columnStride: stride),
    MatrixView(view.at(columns.lowerBound), rowStride: stride),
    into: MatrixView(
      view.at(rows.lowerBound * stride + columns.lowerBound), rowStride: stride), .subtracting)
}

/// The Cholesky factor of a diagonal block, read in its upper triangle.
private func diagonalFactor(
  _ view: BufferView<Double>, _ stride: Int, rows: Range<Int>, order: Int
) throws(LinearAlgebraError) -> CholeskyFactor {
  let first = rows.lowerBound
  let block = Matrix(rows: rows.count, columns: rows.count) { i, j in
    view[(first + min(i, j)) * stride + first + max(i, j)]
  }
  do {
    return try CholeskyFactor(block)
  } catch .notPositiveDefinite(let pivot, _) {
    throw .notPositiveDefinite(pivot: first + pivot, order: order)
  } catch {
    throw error
  }
}
