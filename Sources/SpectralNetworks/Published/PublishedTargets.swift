import Foundation
import SpecialFunctions

/// The coordinate u of a parameter θ that an output of a network estimates.
///
/// Definition:  for a prior on a...b, log-uniform with offset c or any other,
///                            log-uniform                                any other
///              quantile      ln((θ + c)/(a + c)) / ln((b + c)/(a + c))  (θ − a)/(b − a)
///              published     ln(θ + c)                                  θ
///              The first is 0...1 over every prior: it is the prior's q, but of a Gaussian prior,
///              whose q ends where the prior does while an estimate may lie outside. The second is
///              what the published training of r and tau takes, ln(r + 10⁻⁴) and tau, as they are:
///              their squared errors count as 1 : 10⁻⁴ at the start.
/// Domain:      any number: estimates outside the prior keep their meaning.
/// Accuracy:    `parameter(of:prior:)` is the inverse to rounding of the range, or of θ + c.
/// Checked by:  PublishedTargetsTests.
public enum PublishedTargets: String, Codable, Sendable, CaseIterable {
  case quantile
  case published

  /// u of a parameter.
  ///
  /// - Parameters:
  ///   - value: θ, above −c for a log-uniform prior.
  ///   - prior: its prior.
  /// - Returns: u.
  public func coordinate(of value: Double, prior: ParameterPrior) -> Double {
    let (start, length) = scale(prior)
    return (prior.coordinate(of: value) - start) / length
  }

  /// θ of a coordinate.
  ///
  /// - Parameters:
  ///   - coordinate: u, any number.
  ///   - prior: the prior.
  /// - Returns: θ in the parameter's unit; infinite where that overflows.
  public func parameter(of coordinate: Double, prior: ParameterPrior) -> Double {
    let (start, length) = scale(prior)
    let own = start + length * coordinate
    if case .logUniform(_, let offset) = prior { return exp(own) - offset }
    return own
  }

  /// Where u = 0 is in the coordinate of the prior, and how long a unit of u is there.
  private func scale(_ prior: ParameterPrior) -> (start: Double, length: Double) {
    guard self == .quantile else { return (0, 1) }
    let start = prior.coordinate(of: prior.range.lowerBound)
    return (start, prior.coordinate(of: prior.range.upperBound) - start)
  }
}
