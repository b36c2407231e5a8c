import FileFormats
import Foundation

/// The true parameters of the maps in a folder: the file truth.csv.
///
/// Layout: a header `file,ell_peak`, then one line per map; names without commas, numbers with
///         as many digits as read back to the same bits.
/// Checked by: InputErrorTests.
public struct TruthTable: Sendable, Equatable {
  /// One map.
  public struct Row: Sendable, Equatable {
    public var file: String
    public var truth: Double

    public init(file: String, truth: Double) {
      self.file = file
      self.truth = truth
    }
  }

  /// The name of the parameter.
  public let parameter: String
  public let rows: [Row]

  public init(parameter: String, rows: [Row]) {
    self.parameter = parameter
    self.rows = rows
  }

  /// Reads a table with the column `parameter`.
  ///
  /// - Throws: `FileError`, `ModelError.badTruth`.
  public init(contentsOf url: URL, parameter: String) throws {
    let path = url.relativePath
    guard FileManager.default.fileExists(atPath: url.path) else {
      throw FileError.missing(path: path)
    }
    let text: String
    do {
      text = try String(contentsOf: url, encoding: .utf8)
    } catch {
      throw FileError.unreadable(path: path, reason: error.localizedDescription)
    }
    func fault(_ line: Int, _ found: String, _ expected: String) -> ModelError {
      .badTruth(file: path, line: line + 1, found: found, expected: expected)
    }
    let lines = text.split(whereSeparator: \.isNewline).map { Self.fields($0) }
    let header = "file,\(parameter)"
    guard let first = lines.first, first == ["file", parameter] else {
      throw fault(0, "'\(lines.first?.joined(separator: ",") ?? "")'", "the header \(header)")
    }
    var rows: [Row] = []
    var seen: Set<String> = []
    for (line, fields) in lines.enumerated().dropFirst() {
      guard fields.count == 2 else {
        throw fault(line, "\(fields.count) fields", "2, as in \(header)")
      }
      guard let truth = Double(fields[1]), truth > 0, truth.isFinite else {
        throw fault(line, "'\(fields[1])'", "a number above 0")
      }
      guard seen.insert(fields[0]).inserted else {
        throw fault(line, "\(fields[0]) a second time", "each file once")
      }
      rows.append(Row(file: fields[0], truth: truth))
    }
    guard !rows.isEmpty else { throw fault(0, "no maps", "at least one line after the header") }
    self.init(parameter: parameter, rows: rows)
  }

  private static func fields(_ line: Substring) -> [String] {
    line.split(separator: ",", omittingEmptySubsequences: false).map {
      $0.trimmingCharacters(in: .whitespaces)
    }
  }

  /// The text of the file.
  public var text: String {
    (["file,\(parameter)"] + rows.map { "\($0.file),\($0.truth)" }).joined(separator: "\n") + "\n"
  }
}
