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

extension RoundTripError {
  /// As it stands in a table's column `converged`.
  static func word(_ isConverged: Bool) -> String { isConverged ? "yes" : "no" }

  /// An error from a table's cells: relative L2, standard error, trials, largest, iterations,
  /// converged; nil where they are no such numbers.
  init?(cells: ArraySlice<String>) {
    let cells = Array(cells)
    guard cells.count == 6, let relativeL2 = Double(cells[0]), relativeL2 >= 0,
      relativeL2.isFinite, let standardError = Double(cells[1]), standardError.isFinite,
      let trials = Int(cells[2]), let largest = Double(cells[3]), largest.isFinite,
      let iterations = Int(cells[4]),
      let isConverged = [true, false].first(where: { Self.word($0) == cells[5] })
    else { return nil }
    self.init(
      relativeL2: relativeL2, standardError: standardError, trials: trials, largest: largest,
      iterations: iterations, isConverged: isConverged)
  }
}
