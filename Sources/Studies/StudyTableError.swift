import Faults

/// Why a file is not the table of a study.
package enum StudyTableError: UserError, Hashable {
  /// Another row or another heading.
  case otherRow(path: String, line: Int, found: String, expected: String)
  /// A row whose numbers cannot be read.
  case numbers(path: String, line: Int, found: String)

  package var description: String {
    switch self {
    case .otherRow(let path, let line, let found, let expected):
      return "\(path): line \(line) begins with '\(found)', expected '\(expected)'; name the table "
        + "that this study wrote, with the same options"
    case .numbers(let path, let line, let found):
      return "\(path): line \(line) is '\(found)', expected a row of the table with numbers; "
        + "restore the table that the study wrote"
    }
  }

  package var faultClass: FaultClass { .badInput }

  /// Compares a part of a line with what stands there in the table of the study.
  ///
  /// - Throws: `otherRow`.
  static func require(
    _ found: String, _ expected: String, _ path: String, line: Int
  ) throws(StudyTableError) {
    guard found == expected else {
      throw .otherRow(path: path, line: line, found: found, expected: expected)
    }
  }
}
