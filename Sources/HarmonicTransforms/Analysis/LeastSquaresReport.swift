import FourierTransforms
import Kernels

/// How an iterative least-squares solution of one field ended.
public struct LeastSquaresReport: Sendable, Equatable {
  /// Why the iteration stopped.
  public enum Stop: Sendable, Equatable {
    /// The normal equations hold to the tolerance.
    case converged
    /// They do not, after the largest number of iterations.
    case iterationLimit
    /// They do not, and more iterations would not help: the tolerance is below rounding.
    case roundingLimit
  }

  /// Why the iteration stopped.
  public let stop: Stop
  /// Number of iterations: of applications of synthesis and its adjoint.
  public let iterations: Int
  /// ‖S†(f − S a)‖ / ‖S† f‖, computed from the final a; 0 for a field that is zero.
  public let normalResidual: Double
  /// ‖f − S a‖ / ‖f‖, computed from the final a: the part of the field that no band-limited field
  /// can fit.
  public let residual: Double
}
