import FileFormats
import Foundation
import SkyModels
import SpecialFunctions

/// The joint posteriors of some maps in a FITS file: what `sphere predict --posterior` writes.
///
/// Tables:     PARAMETERS, a row per parameter, as in a table of spectra (`SpectraTable`): NAME,
///             UNIT, PRIOR, LOWER, UPPER, OFFSET, MEAN, SIGMA. POSTERIOR, one per map, with
///             EXTVER = its number, counted from 1: one row with MAP (text, the file), THETA_i and
///             Q_i (vectors, the points of parameter i in its unit and in the prior's probability),
///             DENSITY_Q and DENSITY_THETA (arrays of all points, the last parameter fastest,
///             TDIMn says so). Other parts of the file are left alone.
/// Units:      THETA_i that of the parameter; DENSITY_Q none, its integral over all q is 1;
///             DENSITY_THETA one over the product of the units.
/// Accuracy:   every number is written with all 64 bits; what is read is what was written.
/// Checked by: PosteriorFileTests.
public struct PosteriorFile: Sendable, Equatable {
  /// One map.
  public struct Entry: Sendable, Equatable {
    /// The map's file as the caller named it.
    public let map: String
    /// The map's place among those that were asked for, from 1.
    public let number: Int
    /// The joint posterior of all parameters.
    public let posterior: PosteriorGrid

    public init(map: String, number: Int, posterior: PosteriorGrid) {
      self.map = map
      self.number = number
      self.posterior = posterior
    }
  }

  /// The parameters, one to three, in the order of the axes.
  public let parameters: [ModelParameter]
  /// The maps, with different numbers.
  public let entries: [Entry]

  /// Posteriors in memory.
  ///
  /// Domain: at least one map, numbers from 1 and different, axes with the parameters' priors
  ///         (preconditions).
  public init(parameters: [ModelParameter], entries: [Entry]) {
    precondition(!entries.isEmpty, "a file of no posteriors")
    precondition(
      entries.allSatisfy { $0.posterior.axes.map(\.prior) == parameters.map(\.prior) },
      "posteriors of other parameters than \(parameters.map(\.name))")
    precondition(
      Set(entries.map(\.number)).count == entries.count && entries.allSatisfy { $0.number > 0 },
      "the numbers \(entries.map(\.number))")
    self.parameters = parameters
    self.entries = entries
  }

  static let tableName = "POSTERIOR"

  // MARK: - Writing

  /// Writes the file, complete or not at all; the same posteriors give the same bytes.
  ///
  /// - Throws: `FileError`.
  public func write(to url: URL) throws {
    try FitsTable.write(
      [SpectraTable.parametersTable(parameters)] + entries.map(table), to: url)
  }

  private func table(_ entry: Entry) -> FitsTable {
    let axes = entry.posterior.axes
    func vector(_ name: String, _ values: [Double], unit: String = "") -> FitsTable.Column {
      FitsTable.Column(
        name: name, unit: unit.isEmpty ? nil : unit, values: values, valuesPerRow: values.count,
        type: .float64)
    }
    let units = parameters.map(\.unit).filter { !$0.isEmpty }
    var columns = axes.enumerated().map { index, axis in
      vector("THETA_\(index + 1)", axis.values, unit: parameters[index].unit)
    }
    columns += axes.enumerated().map { vector("Q_\($0 + 1)", $1.quantiles) }
    columns += [
      vector("DENSITY_Q", entry.posterior.density),
      vector(
        "DENSITY_THETA", entry.posterior.parameterDensity,
        unit: units.map { "(\($0))-1" }.joined(separator: " ")),
    ]
    // FITS counts the first axis fastest [FITS4, 7.3.2].
    let shape = "(\(axes.reversed().map { "\($0.quantiles.count)" }.joined(separator: ",")))"
    let densities = [2 * axes.count + 2, 2 * axes.count + 3]
    return FitsTable(
      keywords: [
        FitsTable.Keyword("EXTNAME", .text(Self.tableName), comment: "Joint posterior of a map"),
        FitsTable.Keyword("EXTVER", .integer(entry.number), comment: "Number of the map, from 1"),
      ]
        + densities.map {
          FitsTable.Keyword("TDIM\($0)", .text(shape), comment: "The last parameter fastest")
        },
      textColumns: [FitsTable.TextColumn(name: "MAP", values: [entry.map])], columns: columns)
  }

  // MARK: - Reading

  /// Whether a FITS file has a table of this kind, by its headers.
  ///
  /// - Throws: `FileError`, `FitsError`.
  public static func isPosteriorFile(_ url: URL) throws -> Bool {
    try FitsFile(url).parts.contains { name($0.header) == tableName }
  }

  private static func name(_ header: [String: String]) -> String {
    header["EXTNAME"]?.split(separator: " ").joined(separator: " ").uppercased() ?? ""
  }

  /// Reads a file.
  ///
  /// - Throws: `FileError`, `FitsError`; `PosteriorFileError` with the file's name.
  public init(contentsOf url: URL) throws {
    let names = [SpectraTable.parametersName, Self.tableName]
    let (tables, others) = try FitsTable.read(url, texts: true) { names.contains(Self.name($0)) }
    do throws(PosteriorFault) {
      let first = tables.filter { Self.name($0.header) == names[0] }
      guard first.count == 1 else {
        throw .wrongTables(
          name: names[0], count: first.count,
          found: tables.map { Self.name($0.header) } + others)
      }
      let parameters = try Self.parameters(first[0])
      let maps = tables.filter { Self.name($0.header) == Self.tableName }
      guard !maps.isEmpty else {
        throw .wrongTables(
          name: names[1], count: 0, found: tables.map { Self.name($0.header) } + others)
      }
      var entries: [Entry] = []
      for table in maps {
        let entry = try Self.entry(table, parameters)
        if entries.contains(where: { $0.number == entry.number }) {
          throw .repeatedNumber(found: entry.number)
        }
        entries.append(entry)
      }
      (self.parameters, self.entries) = (parameters, entries)
    } catch {
      throw PosteriorFileError(file: url.relativePath, fault: error)
    }
  }

  private static func parameters(
    _ table: FitsTable
  ) throws(PosteriorFault) -> [ModelParameter] {
    let parameters: [ModelParameter]
    do throws(SpectraTableFault) {
      parameters = try SpectraTable.parameters(table)
    } catch {
      throw .parameters(error)
    }
    for parameter in parameters {
      do throws(ParameterPriorError) {
        try parameter.prior.validate(name: parameter.name)
      } catch {
        throw .prior(error)
      }
    }
    return parameters
  }

  private static func entry(
    _ table: FitsTable, _ parameters: [ModelParameter]
  ) throws(PosteriorFault) -> Entry {
    let version = table.text("EXTVER")
    guard let number = version.flatMap({ Int($0) }), number > 0 else {
      throw .badNumber(found: version)
    }
    let maps = table.textColumns.first { $0.name.uppercased() == "MAP" }?.values
    guard let maps, maps.count == 1 else { throw .noMap(number: number, rows: maps?.count) }
    func vector(_ name: String) throws(PosteriorFault) -> [Double] {
      let found = table.columns.filter { $0.name.uppercased() == name }
      guard found.count == 1 else {
        throw .missingColumn(
          number: number, name: name, count: found.count, found: table.columns.map(\.name))
      }
      let values = found[0].values
      guard let place = values.firstIndex(where: { !$0.isFinite }) else { return values }
      throw .notFinite(number: number, column: name, place: place, found: values[place])
    }
    var axes: [PosteriorGrid.Axis] = []
    for (index, parameter) in parameters.enumerated() {
      let name = "Q_\(index + 1)"
      let quantiles = try vector(name)
      try requireEquidistant(quantiles, number: number, column: name)
      let axis = PosteriorGrid.Axis(prior: parameter.prior, quantiles: quantiles)
      let (lower, upper) = (parameter.range.lowerBound, parameter.range.upperBound)
      try requireEqual(
        try vector("THETA_\(index + 1)"), axis.values, scale: upper - lower, number: number,
        column: "THETA_\(index + 1)", source: "Q_\(index + 1) and the prior of \(parameter.name)")
      axes.append(axis)
    }
    let density = try vector("DENSITY_Q")
    // Three long axes have more points than an integer counts.
    let count = axes.reduce(1) { count, axis in
      let (product, overflow) = count.multipliedReportingOverflow(by: axis.quantiles.count)
      return overflow ? Int.max : product
    }
    guard density.count == count else {
      throw .wrongCount(
        number: number, column: "DENSITY_Q", found: density.count, expected: count)
    }
    if let place = density.firstIndex(where: { $0 < 0 }) {
      throw .negative(number: number, place: place, found: density[place])
    }
    let integral = PosteriorGrid.integral(axes: axes, density: density)
    guard abs(integral - 1) <= PosteriorGrid.integralTolerance else {
      throw .wrongIntegral(number: number, found: integral)
    }
    let posterior = PosteriorGrid(axes: axes, density: density)
    let expected = posterior.parameterDensity
    try requireEqual(
      try vector("DENSITY_THETA"), expected, scale: expected.max() ?? 1, number: number,
      column: "DENSITY_THETA", source: "DENSITY_Q and the priors")
    return Entry(map: maps[0], number: number, posterior: posterior)
  }

  /// How far numbers that are given twice may differ, of their range: libraries of mathematical
  /// functions differ in the last bits.
  private static let tolerance = 1e-9

  private static func requireEquidistant(
    _ quantiles: [Double], number: Int, column: String
  ) throws(PosteriorFault) {
    let count = quantiles.count
    guard count >= 2, let first = quantiles.first, let last = quantiles.last, first >= 0,
      last <= 1, first < last
    else {
      throw .badPoints(
        number: number, column: column, count: count, first: quantiles.first,
        last: quantiles.last)
    }
    let expected = (0..<count).map { first + (last - first) * Double($0) / Double(count - 1) }
    try requireEqual(
      quantiles, expected, scale: last - first, number: number, column: column,
      source: "equal steps between its ends")
  }

  private static func requireEqual(
    _ found: [Double], _ expected: [Double], scale: Double, number: Int, column: String,
    source: String
  ) throws(PosteriorFault) {
    guard found.count == expected.count else {
      throw .wrongCount(
        number: number, column: column, found: found.count, expected: expected.count)
    }
    for place in found.indices where abs(found[place] - expected[place]) > tolerance * scale {
      throw .differs(
        number: number, column: column, place: place, found: found[place],
        expected: expected[place], source: source)
    }
  }
}
