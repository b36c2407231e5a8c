import Faults

/// Why numbers are no prior of a parameter.
public enum ParameterPriorError: UserError, Sendable, Hashable {
  case emptyRange(name: String, lower: Double, upper: Double)
  case badOffset(name: String, offset: Double, lower: Double)
  case badDeviation(name: String, found: Double)
  case tooWide(name: String, most: Double)

  public var description: String {
    switch self {
    case .emptyRange(let name, let lower, let upper):
      return "the prior of \(name) is \(lower)...\(upper), expected a finite range with "
        + "low < high"
    case .badOffset(let name, let offset, let lower):
      return "the log-uniform prior of \(name) has the offset \(offset), expected a finite number "
        + "above \(-lower): the logarithm is of \(name) plus the offset"
    case .badDeviation(let name, let found):
      return "the Gaussian prior of \(name) has the standard deviation \(found), expected a finite "
        + "number > 0, and a finite mean"
    case .tooWide(let name, let most):
      return "the Gaussian prior of \(name) reaches more than \(most) standard deviations from its "
        + "mean; cut its range there"
    }
  }
}

extension ParameterPriorError {
  public var faultClass: FaultClass { .badInput }
}
