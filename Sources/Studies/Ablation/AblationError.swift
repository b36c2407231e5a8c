import Faults
import Foundation

/// Why a study cannot go on in a folder.
package enum AblationError: UserError, Sendable, Hashable {
  /// A record that has the name of a run but belongs to another run.
  case otherRun(path: String)
  /// A record without a figure that every run has.
  case noFigure(path: String, key: String)
  /// A name that no run of the study has.
  case unknownRun(found: String, expected: [String])

  package var description: String {
    switch self {
    case .otherRun(let path):
      return
        "\(path): is the record of a run with other maps, another seed or another network, "
        + "expected "
        + "one of this study; resume with the options it was started with, or choose a new folder"
    case .noFigure(let path, let key):
      return "\(path): has no figure '\(key)', expected one from the test maps; remove the file, "
        + "so that the run is done again"
    case .unknownRun(let found, let expected):
      return "the study has no run '\(found)', expected one of \(expected.joined(separator: ", "))"
    }
  }
}

extension AblationError {
  package var faultClass: FaultClass {
    switch self {
    case .otherRun: return .cannotWrite
    case .unknownRun: return .usage
    default: return .badInput
    }
  }
}
