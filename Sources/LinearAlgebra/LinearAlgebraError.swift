import Faults

/// Why a factorisation, a solution or an eigen-decomposition cannot be had.
public enum LinearAlgebraError: UserError, Sendable, Hashable {
  /// The leading minor of order `pivot + 1` is not positive: row `pivot` (from 0) is where the
  /// factorisation stopped.
  case notPositiveDefinite(pivot: Int, order: Int)
  case notSquare(operation: String, rows: Int, columns: Int)
  case notSymmetric(operation: String, row: Int, column: Int, lower: Double, upper: Double)
  case notFinite(operation: String, row: Int, column: Int, value: Double)
  case shapesDiffer(operation: String, expectedRows: Int, foundRows: Int)
  /// LAPACK's iteration left `count` values undetermined.
  case noConvergence(operation: String, count: Int)
  case outOfMemory(operation: String)
  /// A stop was asked for (`WorkProgress`); nothing was kept.
  case interrupted

  public var description: String {
    switch self {
    case .notPositiveDefinite(let pivot, let order):
      return "the \(order) x \(order) matrix is not positive definite: the Cholesky factorisation "
        + "stops at row \(pivot), whose pivot should be > 0; look for dependent or repeated rows "
        + "up to this one, or add a stated floor to the diagonal"
    case .notSquare(let operation, let rows, let columns):
      return "\(operation) needs a square matrix, found \(rows) x \(columns)"
    case .notSymmetric(let operation, let row, let column, let lower, let upper):
      return "\(operation) needs a symmetric matrix, found \(lower) at (\(row), \(column)) but "
        + "\(upper) at (\(column), \(row)); symmetrise it where it is made"
    case .notFinite(let operation, let row, let column, let value):
      return "\(operation) needs finite numbers, found \(value) at (\(row), \(column))"
    case .shapesDiffer(let operation, let expectedRows, let foundRows):
      return "\(operation): the right-hand side has \(foundRows) rows, "
        + "the matrix asks for \(expectedRows)"
    case .noConvergence(let operation, let count):
      return "\(operation) did not converge: LAPACK left \(count) values undetermined; "
        + "scale the matrix so that its elements are near 1"
    case .outOfMemory(let operation):
      return "\(operation): LAPACK could not allocate its workspace; use a smaller matrix"
    case .interrupted:
      return "interrupted"
    }
  }
}

/// Turns LAPACK's `info` into an error for the routines that iterate.
///
/// info < 0 names an argument that is wrong, which can only be a mistake in this module;
/// LAPACKE adds −1010 and −1011 for a workspace it could not allocate.
func requireSuccess(_ info: Int32, operation: String) throws(LinearAlgebraError) {
  if info == -1010 || info == -1011 { throw .outOfMemory(operation: operation) }
  precondition(info >= 0, "\(operation): LAPACK refuses argument \(-info)")
  if info > 0 { throw .noConvergence(operation: operation, count: Int(info)) }
}

extension LinearAlgebraError {
  public var faultClass: FaultClass {
    switch self {
    case .interrupted: return .interruption
    default: return .failure
    }
  }
}
