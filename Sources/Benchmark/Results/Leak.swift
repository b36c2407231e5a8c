import Baselines
import FileFormats

/// A model that beats the optimal estimator: its input has the truth in it, or the optimum is
/// wrong.
///
/// Rule: the paired ratio R of the mean errors lies below 1 − 4 s, s its paired standard error. The
///       optimal estimator has the least mean error of all, so for an honest model this happens by
///       chance about once in 30,000 comparisons. A predictor that knows the truth has R = 0 and
///       s = 0. Below 100 maps nothing is judged: s itself is then too uncertain (with n maps R
///       follows Student's distribution of n − 1 degrees of freedom, whose tail beyond 4 is 6·10⁻⁵
///       for 100 maps and 8 % for 2).
/// Checked by: LeakPropertyTests.
package struct Leak: Sendable, Equatable, CustomStringConvertible {
  /// How many standard errors below 1 are too many.
  package static let mostDeviations = 4.0
  /// Fewest maps of a comparison that is judged.
  package static let leastMaps = 100

  /// The model's name.
  package let model: String
  /// The parameter.
  package let parameter: String
  /// R with its paired standard error.
  package let ratio: ValueWithError

  package var description: String {
    let error = ratio.standardError ?? 0
    return
      "\(model), \(parameter): the ratio to the optimum is \(NumberText.short(ratio.value)) +- "
      + "\(NumberText.short(error)) on the same maps, expected at least "
      + "1 - \(NumberText.short(Self.mostDeviations)) standard errors; "
      + "a target leaks into the input, or maps and likelihood differ"
  }

  /// Whether a comparison breaks the rule.
  package static func isSuspect(_ comparison: PairedComparison) -> Bool {
    comparison.mapCount >= leastMaps
      && comparison.ratio < 1 - mostDeviations * comparison.ratioStandardError
  }

  /// The leak that a comparison shows; nil if it breaks no rule.
  package init?(model: String, parameter: String, _ comparison: PairedComparison) {
    guard Self.isSuspect(comparison) else { return nil }
    self.model = model
    self.parameter = parameter
    ratio = ValueWithError(comparison.ratio, standardError: comparison.ratioStandardError)
  }

  /// All leaks among some scores; models without an optimal estimator cannot be judged.
  package static func all(in scores: [ModelScore]) -> [Leak] {
    scores.flatMap { score in
      score.parameters.compactMap { own in
        own.comparison.flatMap {
          Leak(model: score.name, parameter: own.parameter, $0)
        }
      }
    }
  }
}
