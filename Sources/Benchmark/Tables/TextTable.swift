import FileFormats
import Foundation

/// A table of texts with a header, as Markdown or aligned with spaces.
///
/// Columns without any content are left out.
/// Checked by: TextTableTests.
package struct TextTable {
  let header: [String]
  private(set) var rows: [[String]] = []

  /// A table with this header and no row yet.
  package init(_ header: [String]) { self.header = header }

  /// Adds a row with a cell for every column.
  package mutating func append(_ row: [String]) {
    precondition(row.count == header.count, "\(row.count) cells for \(header.count) columns")
    rows.append(row)
  }

  private var usedColumns: [Int] {
    header.indices.filter { column in rows.contains { !$0[column].isEmpty } }
  }

  /// Lines between bars, which renderers of Markdown show as a table.
  var markdown: String {
    let columns = usedColumns
    func line(_ cells: [String]) -> String {
      "| " + columns.map { cells[$0].replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
    }
    let rule = "|" + String(repeating: "---|", count: columns.count)
    return ([line(header), rule] + rows.map(line)).joined(separator: "\n")
  }

  /// Columns aligned at their left, two spaces apart.
  package var text: String {
    let columns = usedColumns
    let lines = [header] + rows
    let widths = columns.map { column in lines.map { $0[column].count }.max() ?? 0 }
    return lines.map { cells in
      var line = ""
      for (column, width) in zip(columns, widths) {
        line += cells[column].padding(toLength: width + 2, withPad: " ", startingAt: 0)
      }
      while line.last == " " { line.removeLast() }
      return line
    }.joined(separator: "\n")
  }
}

/// How numbers are written in tables.
struct NumberStyle {
  /// Between a value and its standard error.
  let plusMinus: String
  /// Around the figure that a row is about.
  let emphasis: String

  static let markdown = NumberStyle(plusMinus: "±", emphasis: "**")
  static let text = NumberStyle(plusMinus: "+-", emphasis: "")

  /// A value with its standard error; empty if there is none. An error that would round to 0 gets
  /// two significant digits, and its value as many decimals.
  func number(_ value: ValueWithError?, decimals least: Int, emphasised: Bool = false) -> String {
    guard let value else { return "" }
    let mark = emphasised ? emphasis : ""
    let error = value.standardError ?? 0
    let isTooSmall = error > 0 && error < 0.5 * pow(10, -Double(least))
    let decimals = isTooSmall ? Int((-log10(error)).rounded(.up)) + 1 : least
    guard let error = value.standardError else {
      return mark + NumberText.fixed(value.value, decimals: decimals) + mark
    }
    let text = NumberText.fixed(
      value.value, standardError: error, decimals: decimals, plusMinus: plusMinus)
    return mark + text + mark
  }

  /// A value without standard error; empty if there is none.
  func number(_ value: Double?, decimals: Int) -> String {
    value.map { NumberText.fixed($0, decimals: decimals) } ?? ""
  }

  /// A whole number with commas between thousands; empty if there is none.
  func count(_ value: Int?) -> String {
    value.map { NumberText.grouped($0) } ?? ""
  }
}
