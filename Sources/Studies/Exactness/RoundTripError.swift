import FourierTransforms
import HarmonicTransforms
import SphereGrids
import Verification

/// The errors of coefficients → field → coefficients, over trials.
package struct RoundTripError: Sendable, Equatable {
  /// ‖a' − a‖/‖a‖ over the stored numbers, root mean square over trials.
  package var relativeL2: Double
  /// The standard error of `relativeL2`: with the squared errors x² of n trials and their root mean
  /// square r, s(x²)/(2 r √n), s the standard deviation of the x².
  package var standardError: Double
  /// Independent sets of coefficients.
  package var trials: Int
  /// max |a' − a|, coefficients uniform in [−1, 1]; the largest of all trials.
  package var largest: Double
  /// Most iterations of a trial; 0 for quadrature.
  package var iterations: Int
  /// Whether iteration came as far as rounding allows, in all trials; quadrature always does.
  package var isConverged: Bool

  /// Before it is measured.
  static let unknown = RoundTripError(
    relativeL2: .infinity, standardError: .infinity, trials: 0, largest: .infinity,
    iterations: 0, isConverged: false)
}
