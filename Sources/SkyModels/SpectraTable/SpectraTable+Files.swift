import FileFormats
import Foundation
import SpecialFunctions

extension SpectraTable {
  /// Reads a table from a FITS file.
  ///
  /// Tables:  PARAMETERS, a row per parameter: NAME, UNIT, PRIOR (uniform, log-uniform or gaussian)
  ///          as texts, LOWER, UPPER, OFFSET, MEAN, SIGMA as numbers, those that a prior does not
  ///          need NaN or 0. SPECTRA, a row per node: a column of numbers per parameter, with its
  ///          name, and TT, EE, BB, TE as vectors of lmax + 1 numbers; QUANTITY = 'C_l', LMIN = 0,
  ///          LMAX. Other parts of the file are left alone.
  /// Units:   TUNITn of the spectra uK^2 (or K^2 and other squares of temperatures, which are
  ///          converted, and `notes` says so). D_l is refused.
  /// Names:   of columns in capital or small letters.
  /// Checked by: SpectraTableFileTests (astropy), SpectraTableErrorTests.
  ///
  /// - Throws: `FileError`, `FitsError`; `SpectraTableFileError` with the file's name.
  public init(contentsOf url: URL) throws {
    let (tables, others) = try FitsTable.read(url, texts: true) { header in
      [Self.parametersName, Self.spectraName].contains(FitsTable.extensionName(header))
    }
    do throws(SpectraTableFault) {
      try self.init(tables, others: others)
    } catch {
      throw SpectraTableFileError(file: url.relativePath, fault: error)
    }
  }

  /// EXTNAME of the two tables.
  package static let parametersName = "PARAMETERS"
  static let spectraName = "SPECTRA"
  private static let textNames = ["NAME", "UNIT", "PRIOR"]
  private static let numberNames = ["LOWER", "UPPER", "OFFSET", "MEAN", "SIGMA"]

  private init(_ tables: [FitsTable], others: [String]) throws(SpectraTableFault) {
    func only(_ name: String) throws(SpectraTableFault) -> FitsTable {
      let found = tables.filter { FitsTable.extensionName($0.header) == name }
      guard found.count == 1 else {
        throw .wrongTables(
          name: name, count: found.count,
          found: tables.map { FitsTable.extensionName($0.header) } + others)
      }
      return found[0]
    }
    let parameters = try Self.parameters(try only(Self.parametersName))
    let table = try only(Self.spectraName)
    try Self.requireKeywords(table)
    var columns: [String: FitsTable.Column] = [:]
    for column in table.columns {
      guard columns.updateValue(column, forKey: column.name.uppercased()) == nil else {
        throw .repeatedColumn(name: column.name)
      }
    }
    let axes = parameters.map { $0.name.uppercased() }
    let names = [SpectrumName.tt, .ee, .bb, .te].filter { columns[$0.title] != nil }
    let expected = axes + names.map(\.title)
    let unknown =
      table.columns.map(\.name).filter { !expected.contains($0.uppercased()) }
      + table.omittedColumns
    guard unknown.isEmpty else {
      throw .unknownColumns(found: unknown, parameters: parameters.map(\.name))
    }
    var nodes: [[Double]]?
    for (parameter, axis) in zip(parameters, axes) {
      guard let column = columns[axis] else {
        throw .missingColumn(name: parameter.name, found: table.columns.map(\.name))
      }
      guard column.valuesPerRow == 1 else {
        throw .notOneNumber(name: column.name, found: column.valuesPerRow)
      }
      nodes = nodes.map { zip($0, column.values).map { $0 + [$1] } } ?? column.values.map { [$0] }
    }
    var notes: [String] = []
    let spectra = try Self.spectra(
      table, names.compactMap { columns[$0.title] }, names, count: nodes?.count ?? 0, &notes)
    do throws(SpectraTableError) {
      try self.init(
        parameters: parameters, nodes: nodes ?? [], spectrumNames: names, spectra: spectra,
        notes: notes)
    } catch {
      throw .contents(error)
    }
  }

  private static func requireKeywords(_ table: FitsTable) throws(SpectraTableFault) {
    let quantity = table.text("QUANTITY")
    guard quantity?.uppercased() == "C_L" else { throw .wrongQuantity(found: quantity) }
    let first = table.text("LMIN")
    guard first == "0" else {
      throw .wrongKeyword(name: "LMIN", found: first, expected: "0")
    }
  }

  /// The parameters of a table PARAMETERS, which other files of this program have too.
  ///
  /// - Throws: `SpectraTableFault`.
  package static func parameters(
    _ table: FitsTable
  ) throws(SpectraTableFault) -> [ModelParameter] {
    var texts: [String: [String]] = [:]
    for column in table.textColumns { texts[column.name.uppercased()] = column.values }
    var numbers: [String: [Double]] = [:]
    for column in table.columns where column.valuesPerRow == 1 {
      numbers[column.name.uppercased()] = column.values
    }
    let isComplete =
      table.columns.count == numberNames.count
      && table.omittedColumns.count == textNames.count
      && Set(texts.keys) == Set(textNames) && Set(numbers.keys) == Set(numberNames)
    guard isComplete else {
      throw .wrongParameterColumns(
        found: table.columns.map(\.name) + table.omittedColumns,
        expected: textNames + numberNames)
    }
    let names = texts["NAME"] ?? []
    var parameters: [ModelParameter] = []
    for (row, name) in names.enumerated() {
      func number(_ column: String) -> Double { numbers[column]?[row] ?? .nan }
      func unused(_ columns: String...) throws(SpectraTableFault) {
        for column in columns where !(number(column).isNaN || number(column) == 0) {
          throw .unusedNumber(
            row: row, column: column, found: number(column), prior: texts["PRIOR"]?[row] ?? "")
        }
      }
      let (lower, upper) = (number("LOWER"), number("UPPER"))
      guard lower < upper else {
        throw .contents(.badPrior(.emptyRange(name: name, lower: lower, upper: upper)))
      }
      let prior: ParameterPrior
      switch texts["PRIOR"]?[row].lowercased() ?? "" {
      case "uniform":
        try unused("OFFSET", "MEAN", "SIGMA")
        prior = .uniform(lower...upper)
      case "log-uniform":
        try unused("MEAN", "SIGMA")
        prior = .logUniform(lower...upper, offset: number("OFFSET"))
      case "gaussian":
        try unused("OFFSET")
        prior = .gaussian(
          lower...upper, mean: number("MEAN"), standardDeviation: number("SIGMA"))
      case let other:
        throw .unknownPrior(row: row, found: other)
      }
      parameters.append(
        ModelParameter(name: name, prior: prior, unit: texts["UNIT"]?[row] ?? ""))
    }
    guard 1...mostParameters ~= parameters.count else {
      throw .contents(.wrongParameterCount(found: parameters.count))
    }
    return parameters
  }

  private static func spectra(
    _ table: FitsTable, _ columns: [FitsTable.Column], _ names: [SpectrumName], count: Int,
    _ notes: inout [String]
  ) throws(SpectraTableFault) -> [NamedSpectra] {
    let size = columns.first?.valuesPerRow ?? 0
    guard let first = columns.first, size > 0 else { throw .contents(.noAutoSpectrum(found: [])) }
    let lmax = table.text("LMAX")
    guard lmax == "\(size - 1)" else {
      throw .wrongKeyword(
        name: "LMAX", found: lmax,
        expected: "\(size - 1), since \(first.name) has \(size) numbers in a row")
    }
    var lists: [SpectrumName: [Double]] = [:]
    for (column, name) in zip(columns, names) {
      guard column.valuesPerRow == size else {
        throw .wrongVector(
          name: column.name, found: column.valuesPerRow, expected: size, first: first.name)
      }
      let factor = try factor(of: column)
      lists[name] = factor == 1 ? column.values : column.values.map { $0 * factor }
      if factor != 1 {
        notes.append("column \(column.name) was in \(column.unit ?? ""), converted to uK^2")
      }
    }
    let zeros = [Double](repeating: 0, count: size)
    return (0..<count).map { node in
      func row(_ name: SpectrumName) -> [Double] {
        lists[name].map { Array($0[node * size..<(node + 1) * size]) } ?? zeros
      }
      return NamedSpectra(
        uncheckedTT: row(.tt), ee: row(.ee), bb: row(.bb), te: row(.te), eb: zeros, tb: zeros)
    }
  }

  /// The factor from a column's unit to μK².
  private static func factor(of column: FitsTable.Column) throws(SpectraTableFault) -> Double {
    let unit = column.unit ?? ""
    guard let factor = FitsUnit.squareMicrokelvinFactor(of: unit) else {
      throw .wrongUnit(column: column.name, found: unit)
    }
    return factor
  }

  /// Writes the table, complete or not at all; the same table gives the same bytes.
  ///
  /// Accuracy: every number is written with all 64 bits.
  /// Checked by: SpectraTableFileTests.
  ///
  /// - Throws: `FileError`.
  public func write(to url: URL) throws {
    try FitsTable.write([Self.parametersTable(parameters), spectraTable], to: url)
  }

  /// The table PARAMETERS of some parameters.
  package static func parametersTable(_ parameters: [ModelParameter]) -> FitsTable {
    var priors: [String] = []
    var numbers: [[Double]] = [[], [], []]
    for parameter in parameters {
      let (name, offset, mean, deviation) = parameter.prior.row
      priors.append(name)
      for (column, value) in [offset, mean, deviation].enumerated() {
        numbers[column].append(value ?? .nan)
      }
    }
    let ends = [parameters.map(\.range.lowerBound), parameters.map(\.range.upperBound)]
    return FitsTable(
      keywords: [
        FitsTable.Keyword("EXTNAME", .text(Self.parametersName), comment: "A row per parameter")
      ],
      textColumns: zip(Self.textNames, [parameters.map(\.name), parameters.map(\.unit), priors])
        .map { FitsTable.TextColumn(name: $0, values: $1) },
      columns: zip(Self.numberNames, ends + numbers).map {
        FitsTable.Column(name: $0, values: $1, type: .float64)
      })
  }

  private var spectraTable: FitsTable {
    var columns = parameters.enumerated().map { axis, parameter in
      FitsTable.Column(
        name: parameter.name, unit: parameter.unit.isEmpty ? nil : parameter.unit,
        values: nodes.map { $0[axis] }, type: .float64)
    }
    columns += spectrumNames.map { name in
      FitsTable.Column(
        name: name.title, unit: "uK^2", values: spectra.flatMap { $0[name] },
        valuesPerRow: lmax + 1, type: .float64)
    }
    return FitsTable(
      keywords: [
        FitsTable.Keyword("EXTNAME", .text(Self.spectraName), comment: "A row per node"),
        FitsTable.Keyword("QUANTITY", .text("C_l"), comment: "not l(l+1) C_l / 2 pi"),
        FitsTable.Keyword("LMIN", .integer(0), comment: "first degree of the vectors"),
        FitsTable.Keyword("LMAX", .integer(lmax), comment: "last degree"),
      ], columns: columns)
  }
}

extension ParameterPrior {
  /// What a file says of a prior beside its range.
  fileprivate var row: (name: String, offset: Double?, mean: Double?, deviation: Double?) {
    switch self {
    case .uniform: return ("uniform", nil, nil, nil)
    case .logUniform(_, let offset): return ("log-uniform", offset, nil, nil)
    case .gaussian(_, let mean, let deviation): return ("gaussian", nil, mean, deviation)
    }
  }
}

extension SpectrumName {
  /// The name in capital letters, as in files.
  var title: String { rawValue.uppercased() }
}

extension FitsTable {
  /// EXTNAME in capital letters.
  fileprivate static func extensionName(_ header: [String: String]) -> String {
    header["EXTNAME"]?.split(separator: " ").joined(separator: " ").uppercased() ?? ""
  }
}
