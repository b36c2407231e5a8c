import Foundation

/// χ² = Σ ((x_k − μ_k) / σ_k)² of independent Gaussian deviations with known σ_k.
///
/// Too large a value means a wrong mean or too small a σ; too small a value means that the errors
/// are overestimated or that the x_k are not independent of the reference. Tests bound both sides.
/// Checked by: StandardScoreTests.
package struct ChiSquare: Sendable, CustomStringConvertible {
  /// Σ z_k².
  package let value: Double
  /// ν, the number of deviations less the parameters fitted to them.
  package let degreesOfFreedom: Int

  /// χ²/ν, near 1 within √(2/ν).
  package var perDegree: Double { value / Double(degreesOfFreedom) }

  /// A nearly standard normal number, (∛(χ²/ν) − (1 − s²)) / s with s² = 2/9ν [WilsonHilferty1931];
  /// infinite when χ² has no meaning.
  package var score: Double {
    guard degreesOfFreedom > 0, value.isFinite else { return .infinity }
    let variance = 2 / (9 * Double(degreesOfFreedom))
    return (cbrt(perDegree) - (1 - variance)) / variance.squareRoot()
  }

  package var description: String {
    "χ² = \(value) for \(degreesOfFreedom) degrees of freedom (\(perDegree) each, score \(score))"
  }

  /// Sums the squares of deviations in units of their standard deviations.
  ///
  /// - Parameters:
  ///   - deviations: (x_k − μ_k) / σ_k.
  ///   - fittedParameters: how many parameters of μ were fitted to the same x.
  package init(deviations: [Double], fittedParameters: Int = 0) {
    value = deviations.reduce(0) { $0 + $1 * $1 }
    degreesOfFreedom = deviations.count - fittedParameters
  }
}
