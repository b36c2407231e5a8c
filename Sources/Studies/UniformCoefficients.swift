import HarmonicTransforms
import Kernels
import RandomNumbers

/// Coefficients with every degree and order filled: the input of round-trip tests.
///
/// Definition:  real and imaginary parts uniform in [−1, 1], m = 0 real, l = firstDegree...lmax.
///              Coefficients that vanish at high degrees, or few filled ones, hide errors.
/// Layout:      one lane per trial; trial k of a seed has the same numbers in whatever batch it is.
/// Numbers:     drawn in `Double` and rounded to the type.
enum UniformCoefficients {
  /// The coefficients.
  ///
  /// - Parameters:
  ///   - lmax: largest degree, inclusive.
  ///   - mmax: largest order, inclusive.
  ///   - trials: number of lanes.
  ///   - firstDegree: degrees below it are zero.
  ///   - realOrder: an order besides 0 whose coefficients are real: that at which longitudes alias
  ///     with themselves.
  ///   - seed: of the random numbers.
  ///   - field: distinguishes E from B.
  ///   - type: of the numbers.
  /// - Returns: one stack, a lane per trial.
  static func draw<T: LaneScalar>(
    lmax: Int, mmax: Int, trials: Int, firstDegree: Int = 0, realOrder: Int? = nil, seed: UInt64,
    field: Int = 0, as type: T.Type = T.self
  ) -> CoefficientStack<T> {
    var a = CoefficientStack<T>(lmax: lmax, mmax: mmax, lanes: trials)
    for trial in 0..<trials {
      let stream = RandomStream(
        seed: seed, purpose: .selection, index: UInt64(trial), field: field)
      a.forEachCoefficient { l, m, first in
        guard l >= firstDegree else { return }
        // An address that does not depend on lmax.
        let element = 2 * (l * (l + 1) / 2 + m)
        a.values[first + trial] = T(2 * stream.uniform(element) - 1)
        guard m > 0, m != realOrder else { return }
        a.values[first + trials + trial] = T(2 * stream.uniform(element + 1) - 1)
      }
    }
    return a
  }
}
