import CLAPACKE

/// The solution of min ‖A X − B‖ of smallest norm, with what is needed to judge it.
///
/// Method:     singular values by divide and conquer, LAPACK dgelsd [LAPACK].
/// Accuracy:   backward stable: X is exact for a matrix that differs from A by a modest multiple of
///             u ‖A‖; the error of X is that times the condition number (its square when the
///             residual is large).
/// Cost:       about 2 m n² + 11 n³ operations on the installed BLAS; for very many rows accumulate
///             the normal equations and use `CholeskyFactor`.
/// Checked by: LeastSquaresPropertyTests, LinearAlgebraErrorTests.
public struct LeastSquaresSolution: Sendable {
  /// X, (columns of A) × (columns of B).
  public let solution: Matrix
  /// ‖A x − b‖ for each column of B.
  public let residualNorms: [Double]
  /// Number of singular values above `reciprocalCondition` times the largest.
  public let rank: Int
  /// The singular values of A, descending.
  public let singularValues: [Double]

  /// Solves the least-squares problem.
  ///
  /// - Parameters:
  ///   - a: the matrix A, m × n, of any rank.
  ///   - b: the right-hand sides as columns, m × k.
  ///   - reciprocalCondition: singular values below this fraction of the largest count as zero;
  ///     the default is max(m, n) u, what rounding in A alone makes of a zero.
  /// - Throws: `LinearAlgebraError.shapesDiffer`, `.notFinite`, `.noConvergence`.
  public init(
    _ a: Matrix, _ b: Matrix, reciprocalCondition: Double? = nil
  ) throws(LinearAlgebraError) {
    let operation = "the least-squares solution"
    precondition(a.rows > 0 && a.columns > 0, "least squares of \(a.rows) x \(a.columns)")
    guard a.rows == b.rows else {
      throw .shapesDiffer(operation: operation, expectedRows: a.rows, foundRows: b.rows)
    }
    try a.requireFinite(for: operation)
    try b.requireFinite(for: operation)
    let cutoff = reciprocalCondition ?? Double(max(a.rows, a.columns)) * Double.ulpOfOne
    precondition(cutoff >= 0 && cutoff < 1, "reciprocal condition \(cutoff) is outside 0..<1")

    // dgelsd returns X in the first n rows of B, which therefore needs at least n rows.
    var x = Matrix(rows: max(a.rows, a.columns), columns: b.columns)
    x.storage.replaceSubrange(0..<b.storage.count, with: b.storage)
    var destroyed = a.storage
    var singularValues = [Double](repeating: 0, count: min(a.rows, a.columns))
    var rank: Int32 = 0
    let (m, n, k) = (Int32(a.rows), Int32(a.columns), Int32(b.columns))
    let info = LAPACKE_dgelsd(
      LAPACK_ROW_MAJOR, m, n, k, &destroyed, n, &x.storage, max(k, 1), &singularValues, cutoff,
      &rank)
    try requireSuccess(info, operation: operation)

    let solution = Matrix(
      rows: a.columns, columns: b.columns,
      storage: Array(x.storage.prefix(a.columns * b.columns)))
    self.solution = solution
    self.rank = Int(rank)
    self.singularValues = singularValues
    residualNorms = LeastSquaresSolution.residualNorms(a, solution, b)
  }

  /// ‖A x − b‖ of each column, from the definition: dgelsd's own sums exist for full rank only.
  private static func residualNorms(_ a: Matrix, _ x: Matrix, _ b: Matrix) -> [Double] {
    let fitted = a.multiplied(by: x)
    return (0..<b.columns).map { j in
      var sum = 0.0
      for i in 0..<b.rows {
        let residual = fitted[i, j] - b[i, j]
        sum += residual * residual
      }
      return sum.squareRoot()
    }
  }
}
