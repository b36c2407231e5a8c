import Faults

/// Why a file cannot be drawn.
package enum PageError: UserError, Sendable, Hashable {
  /// The map has no such field.
  case noField(file: String, asked: String, found: [String])
  /// The text names no field.
  case unknownField(text: String)
  /// The record has no loss curve.
  case noCurve(file: String)
  /// The filters of this network are not functions of the degree alone.
  case notIsotropic(file: String, found: String)

  package var description: String {
    switch self {
    case .noField(let file, let asked, let found):
      return
        "\(file): there is no field \(asked), found the columns \(found.joined(separator: ", ")); "
        + "expected T, Q or U of a map that has it, or a number in 1...\(found.count)"
    case .unknownField(let text):
      return "the field is '\(text)', expected T, Q, U or the number of a column, counted from 1"
    case .noCurve(let file):
      return "\(file): the record has no loss curve, expected that of a run with gradient steps; "
        + "train with more maps"
    case .notIsotropic(let file, let found):
      return "\(file): is a model of architecture \(found), expected isotropic, whose filters are "
        + "functions of the degree; 'sphere inspect' prints its tensors"
    }
  }
}

extension PageError {
  package var faultClass: FaultClass {
    switch self {
    case .unknownField: return .usage
    default: return .badInput
    }
  }
}
