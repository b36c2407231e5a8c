/// The largest of some errors; infinite when there are none or when one is not a number, which
/// `max()` would pass over.
func worst(_ errors: some Sequence<Double>) -> Double {
  var largest = -Double.infinity
  for error in errors {
    if error.isNaN { return .infinity }
    largest = max(largest, error)
  }
  return largest == -.infinity ? .infinity : largest
}

/// The smallest figure of some controls; 0, which no bound refuses, when there are none or when one
/// is not finite.
func least(_ figures: some Sequence<Double>) -> Double {
  var smallest = Double.infinity
  for figure in figures {
    if !figure.isFinite { return 0 }
    smallest = min(smallest, figure)
  }
  return smallest == .infinity ? 0 : smallest
}
