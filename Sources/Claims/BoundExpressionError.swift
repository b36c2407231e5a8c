import Faults

/// Why a bound has no value: a fault of the claim's text.
package enum BoundExpressionError: UserError, Sendable, Hashable {
  /// The text ends, or goes on, where it must not.
  case syntax(expression: String, found: String, expected: String)
  /// A symbol that is neither known nor measured.
  case unknownSymbol(expression: String, name: String, known: [String])

  package var description: String {
    switch self {
    case .syntax(let expression, let found, let expected):
      return "the bound '\(expression)': found \(found), expected \(expected)"
    case .unknownSymbol(let expression, let name, let known):
      return "the bound '\(expression)': found the symbol \(name), expected one of "
        + known.joined(separator: ", ")
    }
  }

  package var faultClass: FaultClass { .failure }
}
