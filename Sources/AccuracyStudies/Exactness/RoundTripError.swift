import FourierTransforms
import HarmonicTransforms
import SphereGrids
import Verification

/// The errors of coefficients → field → coefficients, over trials.
public struct RoundTripError: Sendable, Equatable {
  /// ‖a' − a‖/‖a‖ over the stored numbers, root mean square over trials.
  public var relativeL2: Double
  /// max |a' − a|, coefficients uniform in [−1, 1]; the largest of all trials.
  public var largest: Double
  /// Most iterations of a trial; 0 for quadrature.
  public var iterations: Int
  /// Whether iteration came as far as rounding allows, in all trials; quadrature always does.
  public var isConverged: Bool

  /// Before it is measured.
  static let unknown = RoundTripError(
    relativeL2: .infinity, largest: .infinity, iterations: 0, isConverged: false)
}
