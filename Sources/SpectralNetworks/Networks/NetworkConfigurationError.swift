import Faults

/// Why a configuration of a network cannot be built.
public enum NetworkConfigurationError: UserError, Equatable {
  case invalid(key: String, found: String, expected: String)

  public var description: String {
    switch self {
    case .invalid(let key, let found, let expected):
      return "the network's \(key) is \(found), expected \(expected)"
    }
  }

  /// Throws unless a value is as expected.
  static func require(
    _ condition: Bool, _ key: String, _ found: Any, _ expected: String
  ) throws(NetworkConfigurationError) {
    if !condition { throw .invalid(key: key, found: "\(found)", expected: expected) }
  }
}

extension NetworkConfigurationError {
  public var faultClass: FaultClass { .usage }
}
