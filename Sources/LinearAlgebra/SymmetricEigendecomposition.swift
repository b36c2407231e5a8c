import CLAPACKE

/// Eigenvalues and eigenvectors of a real symmetric matrix, A = V Λ Vᵀ.
///
/// Method:     LAPACK dsyevd (divide and conquer) for a full matrix, dstev (implicit QL/QR) for a
///             tridiagonal one [LAPACK].
/// Accuracy:   ‖A − V Λ Vᵀ‖ and ‖VᵀV − 1‖ are a modest multiple of n u (of ‖A‖); eigenvalues much
///             smaller than the largest have that absolute error.
/// Checked by: EigenPropertyTests, LinearAlgebraErrorTests.
public struct SymmetricEigendecomposition: Sendable {
  /// λ_k, ascending.
  public let values: [Double]
  /// Column k is the eigenvector of `values[k]`, of unit norm and arbitrary sign.
  public let vectors: Matrix

  /// Decomposes a symmetric matrix.
  ///
  /// - Parameters:
  ///   - a: the matrix A; symmetric to rounding.
  ///   - progress: stops the wait for the decomposition.
  /// - Throws: `LinearAlgebraError.notSquare`, `.notSymmetric`, `.notFinite`, `.noConvergence`,
  ///   `.interrupted`.
  public init(
    _ a: Matrix, progress: WorkProgress = WorkProgress()
  ) throws(LinearAlgebraError) {
    let operation = "the symmetric eigen-decomposition"
    try a.requireFinite(for: operation)
    try a.requireSymmetric(for: operation)
    let n = Int32(a.rows)
    let (info, vectors, values) = try progress.waiting {
      var vectors = a
      var values = [Double](repeating: 0, count: a.rows)
      let info = LAPACKE_dsyevd(
        LAPACK_ROW_MAJOR, CChar.vectors, CChar.lower, n, &vectors.storage, max(n, 1), &values)
      return (info, vectors, values)
    }
    try requireSuccess(info, operation: operation)
    self.values = values
    self.vectors = vectors
  }

  /// Decomposes the symmetric tridiagonal matrix with the given diagonals.
  ///
  /// With the recurrence coefficients of orthogonal polynomials in the diagonals, the eigenvalues
  /// are the nodes of their Gauss quadrature and the squared first components of the eigenvectors
  /// its weights, over the integral of the weight function [GolubWelsch1969].
  ///
  /// - Parameters:
  ///   - diagonal: the n elements (k, k).
  ///   - offDiagonal: the n − 1 elements (k, k + 1).
  /// - Throws: `LinearAlgebraError.notFinite` or `.noConvergence`.
  public init(diagonal: [Double], offDiagonal: [Double]) throws(LinearAlgebraError) {
    precondition(
      offDiagonal.count == max(diagonal.count - 1, 0),
      "\(diagonal.count) diagonal elements go with \(offDiagonal.count) beside them")
    let operation = "the tridiagonal eigen-decomposition"
    for (row, value) in diagonal.enumerated() where !value.isFinite {
      throw .notFinite(operation: operation, row: row, column: row, value: value)
    }
    for (row, value) in offDiagonal.enumerated() where !value.isFinite {
      throw .notFinite(operation: operation, row: row, column: row + 1, value: value)
    }
    let n = Int32(diagonal.count)
    var values = diagonal
    var destroyed = offDiagonal
    var vectors = Matrix(rows: diagonal.count, columns: diagonal.count)
    let info = LAPACKE_dstev(
      LAPACK_ROW_MAJOR, CChar.vectors, n, &values, &destroyed, &vectors.storage, max(n, 1))
    try requireSuccess(info, operation: operation)
    self.values = values
    self.vectors = vectors
  }
}
