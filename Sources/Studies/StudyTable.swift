import FileFormats
import Foundation

/// A table of results as comma-separated values.
///
/// Numbers have seven significant digits, so that equal results are equal bytes.
package struct StudyTable: Sendable, Equatable {
  /// Names of the columns.
  package let columns: [String]
  /// Cells, each row as long as `columns`.
  package private(set) var rows: [[String]] = []

  /// A table without rows.
  package init(columns: [String]) { self.columns = columns }

  /// Appends a row.
  package mutating func append(_ row: [String]) {
    precondition(row.count == columns.count, "\(row.count) cells for \(columns.count) columns")
    rows.append(row)
  }

  /// Header and rows, one per line.
  package var text: String {
    ([columns] + rows).map { $0.joined(separator: ",") + "\n" }.joined()
  }

  /// A number as it stands in a table.
  package static func cell(_ value: Double) -> String { String(format: "%.6e", value) }
}

/// Called now and then with how much of a study is done; what it throws ends the study.
package typealias StudyProgress = (_ done: Int, _ total: Int) throws -> Void

/// The root of the mean square; the mean error of independent trials.
func rootMeanSquare(_ values: [Double]) -> Double {
  precondition(!values.isEmpty, "the mean of nothing")
  return (values.reduce(0) { $0 + $1 * $1 } / Double(values.count)).squareRoot()
}

/// The standard error of the root mean square r of n independent values x, from the scatter of
/// their squares: s(x²)/(2 r √n). 0 where all values are 0; needs two values.
func standardErrorOfRootMeanSquare(_ values: [Double]) -> Double {
  precondition(values.count >= 2, "the scatter of \(values.count) values")
  let root = rootMeanSquare(values)
  guard root > 0 else { return 0 }
  let n = Double(values.count)
  let squares = values.reduce(0) { sum, x in
    let deviation = x * x - root * root
    return sum + deviation * deviation
  }
  return (squares / (n - 1)).squareRoot() / (2 * root * n.squareRoot())
}

extension StudyTable {
  /// Writes `folder/name.csv`, complete or not at all.
  ///
  /// - Throws: `FileError`.
  package func write(to folder: URL, name: String) throws {
    try AtomicFile.write(Data(text.utf8), to: folder.appendingPathComponent("\(name).csv"))
  }
}
