import CLAPACKE
import Foundation

/// The Cholesky factor of a symmetric positive definite matrix, A = L Lᵀ.
///
/// Method:     LAPACK dpotrf, dpotrs, dpotri, dtrtrs [LAPACK].
/// Cost:       n³/3 operations to factor, 2n² per right-hand side, 2n³/3 more for the inverse, on
///             whatever BLAS is installed; the reference BLAS manages a few GFLOP/s.
/// Accuracy:   ‖A − L Lᵀ‖ ≤ (n + 1) u ‖L‖² [Higham2002, theorem 10.3]; solutions lose the condition
///             number of A.
/// Checked by: CholeskyPropertyTests, LinearAlgebraErrorTests.
public struct CholeskyFactor: Sendable {
  /// L, lower triangular; zero above the diagonal.
  public let lower: Matrix

  /// n, the number of rows of A.
  public var order: Int { lower.rows }

  /// Factors a symmetric positive definite matrix.
  ///
  /// - Parameters:
  ///   - a: the matrix A; symmetric to rounding.
  ///   - progress: stops the wait for the factorisation.
  /// - Throws: `LinearAlgebraError.notPositiveDefinite` with the row where the factorisation stops,
  ///   `.notSquare`, `.notSymmetric`, `.notFinite` or `.interrupted`.
  public init(
    _ a: Matrix, progress: WorkProgress = WorkProgress()
  ) throws(LinearAlgebraError) {
    let operation = "the Cholesky factorisation"
    try a.requireFinite(for: operation)
    try a.requireSymmetric(for: operation)
    let n = Int32(a.rows)
    var (factor, info) = try progress.waiting {
      var factor = a
      let info = LAPACKE_dpotrf(LAPACK_ROW_MAJOR, CChar.lower, n, &factor.storage, max(n, 1))
      return (factor, info)
    }
    if info > 0 {
      throw .notPositiveDefinite(pivot: Int(info) - 1, order: a.rows)
    }
    try requireSuccess(info, operation: operation)
    for i in 0..<a.rows {
      for j in (i + 1)..<a.columns {
        factor[i, j] = 0
      }
    }
    lower = factor
  }

  /// ln det A = 2 Σ ln L_ii.
  public var logDeterminant: Double {
    var sum = 0.0
    for i in 0..<order {
      sum += log(lower[i, i])
    }
    return 2 * sum
  }

  /// X with A X = B; the columns of B are the right-hand sides.
  ///
  /// - Throws: `LinearAlgebraError.shapesDiffer` or `.notFinite`.
  public func solve(_ b: Matrix) throws(LinearAlgebraError) -> Matrix {
    let operation = "the Cholesky solution"
    try require(b, for: operation)
    let (n, count) = (Int32(order), Int32(b.columns))
    var x = b
    let info = LAPACKE_dpotrs(
      LAPACK_ROW_MAJOR, CChar.lower, n, count, lower.storage, max(n, 1), &x.storage, max(count, 1))
    try requireSuccess(info, operation: operation)
    return x
  }

  /// x with A x = b.
  ///
  /// - Throws: `LinearAlgebraError.shapesDiffer` or `.notFinite`.
  public func solve(_ b: [Double]) throws(LinearAlgebraError) -> [Double] {
    try solve(Matrix(rows: b.count, columns: 1, storage: b)).storage
  }

  /// L⁻¹ B: with A a covariance it makes the columns of B white.
  ///
  /// - Throws: `LinearAlgebraError.shapesDiffer` or `.notFinite`.
  public func whitened(_ b: Matrix) throws(LinearAlgebraError) -> Matrix {
    let operation = "whitening"
    try require(b, for: operation)
    let (n, count) = (Int32(order), Int32(b.columns))
    var x = b
    let info = LAPACKE_dtrtrs(
      LAPACK_ROW_MAJOR, CChar.lower, CChar.notTransposed, CChar.notUnit, n, count,
      lower.storage, max(n, 1), &x.storage, max(count, 1))
    try requireSuccess(info, operation: operation)
    return x
  }

  /// A⁻¹, both triangles filled. To apply the inverse use `solve`, which is cheaper and more exact.
  ///
  /// - Throws: `LinearAlgebraError.outOfMemory`.
  public func inverse() throws(LinearAlgebraError) -> Matrix {
    let n = Int32(order)
    var inverse = lower
    let info = LAPACKE_dpotri(LAPACK_ROW_MAJOR, CChar.lower, n, &inverse.storage, max(n, 1))
    try requireSuccess(info, operation: "the Cholesky inverse")
    for i in 0..<order {
      for j in 0..<i {
        inverse[j, i] = inverse[i, j]
      }
    }
    return inverse
  }

  private func require(_ b: Matrix, for operation: String) throws(LinearAlgebraError) {
    guard b.rows == order else {
      throw .shapesDiffer(operation: operation, expectedRows: order, foundRows: b.rows)
    }
    try b.requireFinite(for: operation)
  }
}
