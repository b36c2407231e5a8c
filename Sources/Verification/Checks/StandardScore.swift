import Foundation

/// How many standard errors a measured mean lies from its expectation.
///
/// A correct program exceeds |z| = 5 once in 1.7 million tests if the mean is Gaussian; with fixed
/// seeds a test then either always passes or shows a fault. A mean of n samples sees a bias of
/// 5 σ/√n and nothing smaller: choose n by the bias that matters.
/// Checked by: StandardScoreTests.
package struct StandardScore: Sendable, CustomStringConvertible {
  /// The measured mean.
  package let mean: Double
  /// What it should be.
  package let expected: Double
  /// The standard deviation of `mean`.
  package let standardError: Double

  /// z = (mean − expected) / standardError, signed; infinite when it has no meaning (no scatter,
  /// too few samples, a value that is not finite), so that no bound accepts it.
  package var value: Double {
    let z = (mean - expected) / standardError
    return z.isFinite && standardError > 0 ? z : .infinity
  }

  /// |z|.
  package var magnitude: Double { abs(value) }

  package var description: String {
    "\(mean) ± \(standardError) against \(expected): \(value) standard errors"
  }

  /// A mean with a known standard error.
  package init(mean: Double, standardError: Double, expected: Double) {
    self.mean = mean
    self.standardError = standardError
    self.expected = expected
  }

  /// The mean of independent samples; its standard error is s/√n with the unbiased s.
  package init(of samples: [Double], expected: Double) {
    let count = Double(samples.count)
    let mean = samples.reduce(0, +) / count
    let squares = samples.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let error = samples.count > 1 ? (squares / (count - 1) / count).squareRoot() : .nan
    self.init(mean: mean, standardError: error, expected: expected)
  }
}
