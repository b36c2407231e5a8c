import Faults

/// A recorded answer that a test needs cannot be had.
package enum FixtureError: UserError {
  case missing(name: String, reason: String)

  package var description: String {
    switch self {
    case .missing(let name, let reason):
      return "fixture \(name) cannot be read (\(reason)); Fixtures/generators makes it again"
    }
  }
}

extension FixtureError {
  package var faultClass: FaultClass { .failure }
}
