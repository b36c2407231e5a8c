import FileFormats
import Foundation

/// The true parameters of the maps in a folder: the file truth.csv.
///
/// Layout: a header `file,ell_peak` (`file,ell_e,ell_b`; `file,tau`), then one line per map; names
///         without commas, numbers with as many digits as read back to the same bits.
/// Checked by: InputErrorTests.
public struct TruthTable: Sendable, Equatable {
  /// One map.
  public struct Row: Sendable, Equatable {
    public var file: String
    /// The parameters in the order of the header.
    public var truths: [Double]

    public init(file: String, truths: [Double]) {
      self.file = file
      self.truths = truths
    }
  }

  /// The names of the parameters.
  public let parameters: [String]
  public let rows: [Row]

  public init(parameters: [String], rows: [Row]) {
    self.parameters = parameters
    self.rows = rows
  }

  /// Reads a table with the columns `parameters`.
  ///
  /// - Throws: `FileError`, `MapInputError.badTruth`.
  public init(contentsOf url: URL, parameters: [String]) throws {
    let path = url.relativePath
    guard FileManager.default.fileExists(atPath: url.path) else {
      throw FileError.missing(path: path)
    }
    let data = try FileFormats.contents(of: url)
    guard let text = String(data: data, encoding: .utf8) else {
      throw MapInputError.badTruth(
        file: path, line: 1, found: "bytes that are no text in UTF-8",
        expected: "\((["file"] + parameters).joined(separator: ","))")
    }
    func fault(_ line: Int, _ found: String, _ expected: String) -> MapInputError {
      .badTruth(file: path, line: line + 1, found: found, expected: expected)
    }
    let lines = text.split(whereSeparator: \.isNewline).map { Self.fields($0) }
    let columns = ["file"] + parameters
    let header = columns.joined(separator: ",")
    guard let first = lines.first, first == columns else {
      throw fault(0, "'\(lines.first?.joined(separator: ",") ?? "")'", "the header \(header)")
    }
    var rows: [Row] = []
    var seen: Set<String> = []
    for (line, fields) in lines.enumerated().dropFirst() {
      guard fields.count == columns.count else {
        throw fault(line, "\(fields.count) fields", "\(columns.count), as in \(header)")
      }
      var truths: [Double] = []
      for field in fields.dropFirst() {
        guard let truth = Double(field), truth > 0, truth.isFinite else {
          throw fault(line, "'\(field)'", "a number above 0")
        }
        truths.append(truth)
      }
      guard seen.insert(fields[0]).inserted else {
        throw fault(line, "\(fields[0]) a second time", "each file once")
      }
      rows.append(Row(file: fields[0], truths: truths))
    }
    guard !rows.isEmpty else { throw fault(0, "no maps", "at least one line after the header") }
    self.init(parameters: parameters, rows: rows)
  }

  private static func fields(_ line: Substring) -> [String] {
    line.split(separator: ",", omittingEmptySubsequences: false).map {
      $0.trimmingCharacters(in: .whitespaces)
    }
  }

  /// The text of the file.
  public var text: String {
    let lines = rows.map { ([$0.file] + $0.truths.map { "\($0)" }).joined(separator: ",") }
    return ([(["file"] + parameters).joined(separator: ",")] + lines).joined(separator: "\n") + "\n"
  }
}
