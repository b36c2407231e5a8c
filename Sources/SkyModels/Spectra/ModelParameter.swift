import SpecialFunctions

/// A parameter of a sky model with its prior.
public struct ModelParameter: Sendable, Hashable, Codable {
  /// The name in files and tables, `ell_e` for instance.
  public var name: String
  /// What is believed of it before a map is seen.
  public var prior: ParameterPrior
  /// The unit in messages and files; empty for pure numbers.
  public var unit: String

  /// The range outside of which the prior is zero.
  public var range: ClosedRange<Double> { prior.range }

  /// A parameter with any prior.
  public init(name: String, prior: ParameterPrior, unit: String = "") {
    self.name = name
    self.prior = prior
    self.unit = unit
  }

  /// A parameter with a uniform prior.
  public init(name: String, range: ClosedRange<Double>) {
    self.init(name: name, prior: .uniform(range))
  }
}
