import Foundation

/// A file of power spectra, a binary table with a column per spectrum and a row per l = 0, 1, ...,
/// lmax, as healpy.write_cl writes and healpy.read_cl reads them.
///
/// Names:       two letters, "TT" or "TE". Written files have them as TTYPEn, in healpy's order TT,
///              EE, BB, TE, EB, TB: healpy.read_cl, which goes by position, gets what
///              healpy.anafast returns. Files with HEALPix's names are read as well: TEMPERATURE =
///              TT, GRADIENT = EE, CURL = BB, G-T = TE, C-T = TB, C-G = EB.
/// healpy:      write_cl names the columns TEMPERATURE, GRADIENT, CURL, G-T, C-T, C-G whatever they
///              hold; the six spectra of anafast thus have EB under C-T and TB under C-G. In a file
///              with CREATOR = healpy and these six names the position counts, with a warning.
/// Degrees:     row k is l = k, or what a column ELL, L or MULTIPOLE says, which must go up by 1;
///              degrees below the first are then NaN.
/// NaN:         at l = 0 and 1, where many programs write it, stays NaN, with a warning; elsewhere
///              a value must be finite.
/// Nine:        cross spectra of two maps as HEALPix's anafast names them have T-G = ET, T-C = BT,
///              G-C = BE besides the six.
/// Units:       the unit of the file, the square of the maps'; not converted.
/// Checked by:  SpectraFileTests, WrittenFilesFixtureTests (healpy).
public struct SpectraFile: Sendable, Equatable {
  /// One spectrum.
  public struct Spectrum: Sendable, Equatable {
    /// "TT", "EE", "BB", "TE", "EB", "TB"; "ET", "BE", "BT" for cross spectra of two maps.
    public var name: String
    /// C_l, l = 0...lmax; NaN at degrees that the file does not have.
    public var values: [Double]

    public init(name: String, values: [Double]) {
      self.name = name
      self.values = values
    }
  }

  /// The spectra in the order of the file.
  public let spectra: [Spectrum]
  /// TUNITn, if there is one.
  public var unit: String?
  /// The mean of mask² by which the spectra were divided; nil: no mask.
  public var meanSquaredMask: Double?
  /// What was assumed while reading, one sentence each; to be shown to the user.
  public let warnings: [String]

  /// healpy's default names of columns and what healpy.anafast puts there.
  static let healpyNames = ["TEMPERATURE", "GRADIENT", "CURL", "G-T", "C-T", "C-G"]
  static let healpyOrder = ["TT", "EE", "BB", "TE", "EB", "TB"]
  private static let meanings = [
    "TEMPERATURE": "TT", "GRADIENT": "EE", "CURL": "BB", "G-T": "TE", "C-T": "TB", "C-G": "EB",
    "T-G": "ET", "T-C": "BT", "G-C": "BE",
  ]

  /// Spectra in memory.
  ///
  /// Domain: at least one, all of one length (preconditions).
  public init(spectra: [Spectrum], unit: String? = nil, meanSquaredMask: Double? = nil) {
    self.init(spectra: spectra, unit: unit, meanSquaredMask: meanSquaredMask, warnings: [])
  }

  private init(
    spectra: [Spectrum], unit: String?, meanSquaredMask: Double?, warnings: [String]
  ) {
    precondition(
      !spectra.isEmpty && Set(spectra.map(\.values.count)).count == 1, "spectra of one length")
    self.spectra = spectra
    self.unit = unit
    self.meanSquaredMask = meanSquaredMask
    self.warnings = warnings
  }

  /// The spectrum of a name, if there is one.
  public subscript(name: String) -> [Double]? { spectra.first { $0.name == name }?.values }

  /// Reads the first table of a FITS file.
  ///
  /// - Throws: `FileError`, `FitsError`.
  public init(contentsOf url: URL) throws {
    var isFirst = true
    let (tables, others) = try FitsTable.read(url) { header in
      let isTable = header["TFIELDS"] != nil
      defer { if isTable { isFirst = false } }
      return isTable && isFirst
    }
    do throws(FitsFault) {
      guard let table = tables.first else {
        throw .noTable(expected: "a table with a column per spectrum", found: others)
      }
      try self.init(table)
    } catch {
      throw FitsError(file: url.path, fault: error)
    }
  }

  private init(_ table: FitsTable) throws(FitsFault) {
    var warnings: [String] = []
    guard !AlmFile.hasCoefficients(table.columns.map(\.name)) else {
      throw .coefficients(expected: "spectra")
    }
    let isDegree = { (column: FitsTable.Column) in
      ["ELL", "L", "MULTIPOLE"].contains(column.name.uppercased())
    }
    let columns = table.columns.filter { !isDegree($0) }
    let meanings = try Self.meanings(columns, table, &warnings)
    let units = Set(columns.map { $0.unit ?? "" })
    guard units.count == 1, let unit = units.first else {
      throw .unitsDiffer(found: columns.map { "\($0.name) in \($0.unit ?? "no unit")" })
    }
    for column in table.columns {
      guard column.values.count == columns[0].values.count, !column.values.isEmpty else {
        throw .wrongColumns(
          found: table.columns.map { "\($0.name) (\($0.values.count) values)" },
          expected: "columns of one length, at least 1")
      }
    }
    let first = try table.columns.first(where: isDegree).map(Self.firstDegree) ?? 0
    if first > 0 {
      warnings.append("the file begins at l = \(first); lower degrees are left out")
    }
    let missing = [Double](repeating: .nan, count: first)
    var unknown: [Int: [String]] = [:]
    for column in columns {
      for (row, value) in column.values.enumerated() where !value.isFinite {
        guard value.isNaN, row + first <= 1 else {
          throw .badValue(
            column: column.name, row: row, found: value,
            expected: "a finite number (NaN only at l = 0 and 1)")
        }
        unknown[row + first, default: []].append(column.name)
      }
    }
    for (l, names) in unknown.sorted(by: { $0.key < $1.key }) {
      warnings.append("NaN at l = \(l) in \(names.joined(separator: ", ")), which stays NaN")
    }
    self.init(
      spectra: zip(meanings, columns).map { Spectrum(name: $0, values: missing + $1.values) },
      unit: unit.isEmpty ? nil : unit,
      meanSquaredMask: table.text("MASKSQ").flatMap(Double.init), warnings: warnings)
  }

  /// What the columns are.
  private static func meanings(
    _ columns: [FitsTable.Column], _ table: FitsTable, _ warnings: inout [String]
  ) throws(FitsFault) -> [String] {
    let names = columns.map { $0.name.uppercased() }
    if names == healpyNames, table.text("CREATOR")?.lowercased() == "healpy" {
      warnings.append(
        "healpy names the fifth and sixth column C-T and C-G; they are taken for EB and TB, the "
          + "order of healpy.anafast")
      return healpyOrder
    }
    if names.count == 1, meaning(names[0]) == nil {
      warnings.append("column \(columns[0].name) has no name of a spectrum, taken for TT")
      return ["TT"]
    }
    let known = names.map(meaning)
    guard !known.isEmpty, known.allSatisfy({ $0 != nil }), Set(known).count == known.count else {
      throw .wrongColumns(
        found: table.columns.map(\.name) + table.omittedColumns,
        expected:
          "each of TT, EE, BB, TE, EB, TB, ET, BE, BT at most once (or TEMPERATURE, GRADIENT, "
          + "CURL, G-T, C-G, C-T, T-G, G-C, T-C), and perhaps ELL")
    }
    return known.compactMap { $0 }
  }

  /// The first degree of a column of degrees, which go up by 1.
  private static func firstDegree(_ column: FitsTable.Column) throws(FitsFault) -> Int {
    let largest = AlmFile.largestDegree
    for (row, value) in column.values.enumerated() {
      let isNext = row == 0 || value == column.values[row - 1] + 1
      guard Int(exactly: value) != nil, 0...Double(largest) ~= value, isNext else {
        throw .badValue(
          column: column.name, row: row, found: value,
          expected: "degrees 0...\(largest) that go up by 1; bins are not read")
      }
    }
    return column.values.first.flatMap { Int(exactly: $0) } ?? 0
  }

  private static func meaning(_ name: String) -> String? {
    if let meaning = meanings[name] { return meaning }
    return name.count == 2 && name.allSatisfy({ "TEB".contains($0) }) ? name : nil
  }

  /// Writes the spectra as float64 columns, one row per l.
  ///
  /// - Throws: `FileError`, `FitsError`.
  public func write(to url: URL) throws {
    var keywords = [
      FitsTable.Keyword("EXTNAME", .text("POWER SPECTRUM"), comment: "C_l, one row per l"),
      FitsTable.Keyword(
        "MAX-LPOL", .integer(spectra[0].values.count - 1), comment: "Maximum l"),
    ]
    if let meanSquaredMask {
      keywords.append(
        FitsTable.Keyword(
          "MASKSQ", .real(meanSquaredMask), comment: "Mean of mask^2; C_l are divided by it"))
    }
    let columns = spectra.map {
      FitsTable.Column(name: $0.name, unit: unit, values: $0.values, type: .float64)
    }
    try FitsTable.write([FitsTable(keywords: keywords, columns: columns)], to: url)
  }

  /// The spectra as text: a header `l,TT,…`, then a line per l, every number with the shortest
  /// digits that read back to it. The unit and the mask's divisor are not in it.
  public var commaSeparated: String {
    let header = (["l"] + spectra.map(\.name)).joined(separator: ",")
    let rows = spectra[0].values.indices.map { l in
      (["\(l)"] + spectra.map { "\($0.values[l])" }).joined(separator: ",")
    }
    return ([header] + rows).joined(separator: "\n") + "\n"
  }

  /// Writes `commaSeparated`.
  ///
  /// - Throws: `FileError`.
  public func writeText(to url: URL) throws {
    try AtomicFile.write(Data(commaSeparated.utf8), to: url)
  }
}
