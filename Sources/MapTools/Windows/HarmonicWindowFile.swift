import Faults
import FileFormats
import Foundation

/// A file of factors by degree: a beam B_l, a pixel window, a filter.
///
/// FITS:        the first table; a row per l = 0, 1, ..., or a column ELL, L or MULTIPOLE that goes
///              up by 1 from 0. Columns for T: TEMPERATURE, T, TT, I, INT_BEAM, BL, B_L, WINDOW;
///              for E and B: POLARIZATION, POLARISATION, P, POL_BEAM; for E: GRADIENT, E, EE; for
///              B: CURL, B, BB. HEALPix's pixel windows and `healpy.write_cl` of a beam have these
///              names. Upper and lower case are the same. Other columns are named in `warnings`.
/// Text:        a file named .csv: a header `l,T`, `l,T,P` or `l,T,E,B` with the same names, then a
///              line per l from 0.
/// Fields:      without columns for E and B these have the factors of T, with a warning.
/// Domain:      finite numbers.
/// Checked by:  HarmonicTransferErrorTests.
public struct HarmonicWindowFile: Sendable, Hashable {
  /// f_l of T, l = 0...lmax.
  public let temperature: [Double]
  /// f_l of E.
  public let gradient: [Double]
  /// f_l of B.
  public let curl: [Double]
  /// What was assumed, one sentence each; to be shown to the user.
  public let warnings: [String]
  /// The file as the caller named it.
  public let path: String

  /// Largest degree, inclusive.
  public var lmax: Int { temperature.count - 1 }

  /// Reads a file.
  ///
  /// - Throws: `FileError`, `FitsError`, `HarmonicWindowFileError`.
  public init(contentsOf url: URL) throws {
    if url.pathExtension.lowercased() == "csv" {
      let columns = try Self.textColumns(url)
      try self.init(columns, path: url.relativePath)
      return
    }
    var isFirst = true
    let (tables, others) = try FitsTable.read(url) { header in
      let isTable = header["TFIELDS"] != nil
      defer { if isTable { isFirst = false } }
      return isTable && isFirst
    }
    guard let table = tables.first, table.text("PIXTYPE") == nil else {
      throw HarmonicWindowFileError(
        file: url.relativePath, fault: .noTable(found: tables.isEmpty ? others : ["a map"]))
    }
    try self.init(table.columns.map { ($0.name, $0.values) }, path: url.relativePath)
  }

  private static let names: [(field: String, names: Set<String>)] = [
    ("l", ["L", "ELL", "MULTIPOLE"]),
    ("T", ["TEMPERATURE", "T", "TT", "I", "INT_BEAM", "BL", "B_L", "WINDOW"]),
    ("P", ["POLARIZATION", "POLARISATION", "P", "POL_BEAM"]),
    ("E", ["GRADIENT", "E", "EE"]), ("B", ["CURL", "B", "BB"]),
  ]

  private init(
    _ columns: [(name: String, values: [Double])], path: String
  ) throws(HarmonicWindowFileError) {
    var found: [String: (name: String, values: [Double])] = [:]
    var ignored: [String] = []
    for column in columns {
      let name = column.name.uppercased()
      if let field = Self.names.first(where: { $0.names.contains(name) })?.field {
        guard found[field] == nil else {
          throw HarmonicWindowFileError(
            file: path, fault: .columns(found: columns.map(\.name)))
        }
        found[field] = column
      } else {
        ignored.append(column.name)
      }
    }
    // A single column is meant, whatever its name.
    if found["T"] == nil, ignored.count == 1, found["P"] == nil, found["E"] == nil {
      found["T"] = columns.first { $0.name == ignored[0] }
      ignored = []
    }
    let isPolarised = found["P"] != nil
    guard let t = found["T"], !t.values.isEmpty,
      (found["E"] == nil) == (found["B"] == nil), !(isPolarised && found["E"] != nil)
    else {
      throw HarmonicWindowFileError(file: path, fault: .columns(found: columns.map(\.name)))
    }
    for (row, l) in (found["l"]?.values ?? []).enumerated() where l != Double(row) {
      throw HarmonicWindowFileError(file: path, fault: .degree(row: row, found: l))
    }
    for column in found.values {
      guard column.values.count == t.values.count else {
        throw HarmonicWindowFileError(file: path, fault: .columns(found: columns.map(\.name)))
      }
      for (l, value) in column.values.enumerated() where !value.isFinite {
        throw HarmonicWindowFileError(
          file: path, fault: .value(column: column.name, l: l, found: value))
      }
    }
    var warnings: [String] = []
    if !ignored.isEmpty {
      warnings.append("the columns \(ignored.joined(separator: ", ")) are left out")
    }
    if !isPolarised && found["E"] == nil {
      warnings.append("column \(t.name) is taken for T, E and B")
    }
    temperature = t.values
    gradient = (found["E"] ?? found["P"] ?? t).values
    curl = (found["B"] ?? found["P"] ?? t).values
    self.warnings = warnings
    self.path = path
  }

  /// The columns of a text.
  private static func textColumns(_ url: URL) throws -> [(name: String, values: [Double])] {
    let text = String(decoding: try contents(of: url), as: UTF8.self)
    let lines = text.split(omittingEmptySubsequences: true) { $0.isNewline }
    func words(_ line: Substring) -> [String] {
      line.split(separator: ",", omittingEmptySubsequences: false)
        .map { $0.trimmingCharacters(in: .whitespaces) }
    }
    let names = lines.first.map(words) ?? []
    var values = [[Double]](repeating: [], count: names.count)
    for (number, line) in lines.enumerated().dropFirst() {
      let numbers = words(line).map { Double($0) }
      let known = numbers.compactMap { $0 }
      guard known.count == names.count, numbers.count == names.count else {
        throw HarmonicWindowFileError(
          file: url.relativePath, fault: .line(number: number + 1, found: String(line)))
      }
      for (k, value) in known.enumerated() { values[k].append(value) }
    }
    return zip(names, values).map { (name: $0, values: $1) }
  }
}

/// A file that holds no usable factors by degree.
public struct HarmonicWindowFileError: UserError, Sendable, Hashable {
  /// What is wrong with the contents.
  public enum Fault: Sendable, Hashable {
    /// There is no table.
    case noTable(found: [String])
    /// The columns are not those of T, or T and P, or T, E and B, of one length.
    case columns(found: [String])
    /// Degrees do not go up by 1 from 0.
    case degree(row: Int, found: Double)
    /// A factor is infinite or NaN.
    case value(column: String, l: Int, found: Double)
    /// A line of text does not have a number per column.
    case line(number: Int, found: String)
  }

  /// The file as the caller named it.
  public let file: String
  /// What is wrong.
  public let fault: Fault

  /// The file, then the fault.
  public var description: String {
    switch fault {
    case .noTable(let found):
      return
        "\(file): found \(found.isEmpty ? "nothing" : found.joined(separator: ", ")), expected "
        + "a table with a row per l; write the factors with healpy.write_cl, or as text named .csv"
    case .columns(let found):
      return "\(file): found the columns "
        + "\(found.isEmpty ? "(none)" : found.joined(separator: ", ")), expected "
        + "TEMPERATURE, or TEMPERATURE and POLARIZATION, or TEMPERATURE, GRADIENT and CURL, each "
        + "once and with as many rows, at least one; name the columns"
    case .degree(let row, let found):
      return "\(file): row \(row) is of l = \(found), expected l = \(row): every degree from 0, in "
        + "order; fill what is missing"
    case .value(let column, let l, let found):
      return "\(file): \(column) at l = \(l) is \(found), expected a finite number; correct it"
    case .line(let number, let found):
      return
        "\(file): line \(number) is '\(found)', expected a number per column of the first line, "
        + "separated by commas; correct it"
    }
  }
}

extension HarmonicWindowFileError {
  public var faultClass: FaultClass { .badInput }
}
