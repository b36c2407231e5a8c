/// How a grid treats the order m = n/2 of a ring with n longitudes.
public enum NyquistOrder: Sendable, Hashable {
  /// Synthesis evaluates the series at the points: the orders n/2 and −n/2 both count.
  case evaluated
  /// Synthesis counts the order n/2 once and leaves its imaginary part out, as `irfft` does, and
  /// therefore torch-harmonics and the published network do.
  case once
}
