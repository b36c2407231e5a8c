import Faults

/// Why a file is no record of errors.
package enum ErrorRecordError: UserError, Equatable {
  /// Another first line.
  case heading(path: String, found: String, expected: String)
  /// A row that is no machine, name, type and error.
  case row(path: String, line: Int, found: String)
  /// The same error twice.
  case repeated(path: String, line: Int, name: String, type: String)

  package var description: String {
    switch self {
    case .heading(let path, let found, let expected):
      return "\(path): the first line is '\(found)', expected '\(expected)'; name a file that "
        + "--record-errors wrote"
    case .row(let path, let line, let found):
      return "\(path): line \(line) is '\(found)', expected a machine, a name, a type and an error "
        + "of at least 0 between commas; restore the file or record it again"
    case .repeated(let path, let line, let name, let type):
      return "\(path): line \(line) has \(name) in \(type) again, expected it once for a kind of "
        + "machine; remove one of the two"
    }
  }

  package var faultClass: FaultClass { .badInput }
}
