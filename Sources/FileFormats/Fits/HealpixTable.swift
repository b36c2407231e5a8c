import Foundation

/// One HEALPix table of a FITS file: what its header says at once, its columns on demand.
///
/// Memory: nothing of the size of the sky is taken before columns are read, and `storedColumns`
///         takes what the table holds, which of a partial-sky table is little whatever its nside.
/// Units, masks: as those of `HealpixMapFile`.
/// Checked by: HealpixMapErrorTests, HostileFitsTests, RealMapFixtureTests.
public struct HealpixTable {
  /// Resolution: 12 nside² pixels.
  public let nside: Int
  /// The numbering of pixels.
  public let ordering: HealpixMapFile.Ordering
  /// Whether the table lists its pixels.
  public let isPartial: Bool
  /// The names of the columns that are meant.
  public let columnNames: [String]
  /// COORDSYS or COORD of the table or of the primary header, uninterpreted.
  public let coordinateSystem: String?
  /// POLCCONV of the table or of the primary header, uninterpreted.
  public let polarisationConvention: String?
  /// What was assumed or left out so far, one sentence each.
  public let warnings: [String]
  /// Where the table stands, for messages.
  public let path: String
  let context: TableContext

  private let file: FitsFile
  private let part: FitsPart
  /// The columns that are meant, indices into the layout.
  private let places: [Int]

  /// The columns of a table as they are stored.
  public struct StoredColumns: Sendable {
    /// The pixel of each value, each at most once; nil: all pixels in order.
    public let pixels: [Int]?
    /// The columns; their values are parallel to `pixels`.
    public let columns: [HealpixMapFile.Column]
    /// What was assumed or left out, one sentence each.
    public let warnings: [String]
  }

  /// Finds a HEALPix table, which is one with PIXTYPE = HEALPIX or NSIDE, or any that is chosen.
  ///
  /// - Parameters:
  ///   - url: the file, perhaps compressed with gzip.
  ///   - selection: which table and columns; without it the first HEALPix table with all columns.
  ///     Other HEALPix tables of the file are named in `warnings`.
  /// - Throws: `FileError`, `FitsError`.
  public init(contentsOf url: URL, _ selection: MapSelection = MapSelection()) throws {
    let file = try FitsFile(url)
    do throws(FitsFault) {
      try self.init(file, selection)
    } catch {
      throw FitsError(file: url.path, fault: error)
    }
  }

  private init(_ file: FitsFile, _ selection: MapSelection) throws(FitsFault) {
    let candidates = file.parts.filter(Self.isHealpix)
    let part = try Self.chosenPart(selection.table, file.parts, candidates)
    let layout = try FitsTableLayout(part)
    let others = candidates.filter { $0.number != part.number }
    var warnings: [String] = []
    if selection.table == nil, !others.isEmpty {
      warnings.append(
        "\(part.title) is read; the file has other HEALPix tables: "
          + others.map(\.title).joined(separator: "; "))
    }
    for omitted in layout.omitted {
      warnings.append("column \(omitted) is not numeric and was left out")
    }
    let isPartial = try Self.isExplicit(part, layout)
    let data = Array(layout.columns.indices.dropFirst(isPartial ? 1 : 0))
    guard !data.isEmpty else { throw FitsFault.noColumns }
    let places = try Self.chosenColumns(selection.columns, data, layout)
    let storedCount = layout.rowCount * layout.columns[places[0]].repeatCount
    self.file = file
    self.part = part
    self.places = places
    self.isPartial = isPartial
    path = file.path
    columnNames = places.map { layout.columns[$0].name }
    ordering = try Self.ordering(part, &warnings)
    nside = try Self.nside(part, ordering, pixelCount: isPartial ? nil : storedCount, &warnings)
    coordinateSystem = try Self.coordinateSystem(part, file.parts[0], &warnings)
    polarisationConvention = try Self.convention(part, file.parts[0], &warnings)
    context = TableContext(
      extensionName: part.text("EXTNAME"), otherTables: others.map(\.title),
      hasChosenColumns: !selection.columns.isEmpty)
    self.warnings = warnings
  }

  /// Number of pixels of the sphere, 12 nside².
  public var pixelCount: Int { 12 * nside * nside }

  /// Refuses what memory does not hold, before it is taken.
  ///
  /// - Throws: `FitsError` with `.tooLarge`.
  public func requireMemory(_ bytes: Int) throws(FitsError) {
    try file.requireMemory(bytes, for: part)
  }

  /// Reads the columns as they are stored.
  ///
  /// - Throws: `FileError`, `FitsError`.
  public func storedColumns() throws -> StoredColumns {
    let table = try file.table(part, columns: (isPartial ? [0] : []) + places)
    do throws(FitsFault) {
      let data = table.columns.dropFirst(isPartial ? 1 : 0)
      for column in data where !isPartial && column.values.count != pixelCount {
        throw .pixelCountMismatch(
          column: column.name, found: column.values.count, nside: nside)
      }
      let pixels = isPartial ? try pixelNumbers(table.columns[0]) : nil
      var columns: [HealpixMapFile.Column] = []
      var warnings: [String] = []
      let badData = part.text("BAD_DATA").flatMap { Double($0.replacing("D", with: "E")) }
      if badData == nil, let text = part.text("BAD_DATA") {
        throw .badHeader(
          part: part.number, keyword: "BAD_DATA", found: text, expected: "a number")
      }
      for column in data {
        if let pixels, column.values.count != pixels.count {
          throw .pixelListMismatch(
            column: column.name, found: column.values.count, expected: pixels.count)
        }
        columns.append(Self.interpreted(column, badData: badData, &warnings))
      }
      return StoredColumns(pixels: pixels, columns: columns, warnings: warnings)
    } catch {
      throw FitsError(file: path, fault: error)
    }
  }

  // MARK: Choices

  private static func isHealpix(_ part: FitsPart) -> Bool {
    part.kind == .table
      && (part.text("PIXTYPE")?.uppercased() == "HEALPIX" || part.header["NSIDE"] != nil)
  }

  private static func chosenPart(
    _ choice: MapSelection.Table?, _ parts: [FitsPart], _ candidates: [FitsPart]
  ) throws(FitsFault) -> FitsPart {
    guard let choice else {
      guard let first = candidates.first else {
        if parts.contains(where: { AlmFile.hasCoefficients($0.columnNames) }) {
          throw .coefficients(expected: "a HEALPix map")
        }
        throw .noHealpixTable(found: parts.map(\.title))
      }
      return first
    }
    let fitting: [FitsPart]
    switch choice {
    case .number(let number): fitting = parts.filter { $0.number == number }
    case .name(let name):
      fitting = parts.filter { $0.text("EXTNAME")?.uppercased() == name.uppercased() }
    }
    guard fitting.count == 1, fitting[0].kind == .table else {
      throw .noSuchTable(
        asked: "\(choice)" + (fitting.count > 1 ? " (\(fitting.count) parts have this name)" : ""),
        expected: "table", found: parts.map(\.title))
    }
    return fitting[0]
  }

  private static func chosenColumns(
    _ choice: [MapSelection.Column], _ data: [Int], _ layout: FitsTableLayout
  ) throws(FitsFault) -> [Int] {
    if choice.isEmpty { return data }
    let names = data.map { layout.columns[$0].name }
    var places: [Int] = []
    for wanted in choice {
      let fitting: [Int]
      switch wanted {
      case .number(let number):
        fitting = data.indices.contains(number - 1) ? [data[number - 1]] : []
      case .name(let name):
        fitting = data.filter { layout.columns[$0].name.uppercased() == name.uppercased() }
      }
      guard let place = fitting.first else {
        throw .missingColumn(name: "\(wanted)", found: names)
      }
      guard fitting.count == 1, !places.contains(place) else {
        throw .ambiguousColumns(
          meaning: "the chosen \(wanted)", found: fitting.map { layout.columns[$0].name })
      }
      places.append(place)
    }
    return places
  }

  // MARK: Keywords

  /// Whether the first column holds pixel numbers.
  private static func isExplicit(
    _ part: FitsPart, _ layout: FitsTableLayout
  ) throws(FitsFault) -> Bool {
    let scheme = part.text("INDXSCHM")?.uppercased()
    let object = part.text("OBJECT")?.uppercased()
    let fault = FitsFault.badIndexing(scheme: scheme ?? "missing", object: object ?? "missing")
    switch (scheme, object) {
    case ("EXPLICIT", "FULLSKY"), ("IMPLICIT", "PARTIAL"): throw fault
    case ("EXPLICIT", _): return true
    case ("IMPLICIT", _): return false
    case (nil, _): return object == "PARTIAL" || layout.columns.first?.name.uppercased() == "PIXEL"
    default: throw fault
    }
  }

  private static func ordering(
    _ part: FitsPart, _ warnings: inout [String]
  ) throws(FitsFault) -> HealpixMapFile.Ordering {
    guard let text = part.text("ORDERING") else {
      warnings.append("the header has no ORDERING; RING is assumed")
      return .ring
    }
    switch text.uppercased() {
    case "RING": return .ring
    case "NESTED", "NEST": return .nested
    default: throw FitsFault.unknownOrdering(found: text)
    }
  }

  /// NSIDE of the header; without it, the resolution that has this number of pixels.
  private static func nside(
    _ part: FitsPart, _ ordering: HealpixMapFile.Ordering, pixelCount: Int?,
    _ warnings: inout [String]
  ) throws(FitsFault) -> Int {
    let largest = HealpixMapFile.largestNside
    let expected =
      ordering == .nested
      ? "a power of two in 1...\(largest) (NESTED)" : "an integer in 1...\(largest)"
    let nside: Int
    if let text = part.text("NSIDE") {
      guard let number = Double(text), let integer = Int(exactly: number) else {
        throw FitsFault.invalidNside(found: text, expected: expected)
      }
      nside = integer
    } else {
      let root = (Double(pixelCount ?? 0) / 12).squareRoot()
      guard let pixelCount, let integer = Int(exactly: root), 12 * integer * integer == pixelCount
      else {
        let found = pixelCount.map { "missing for \($0) pixels" } ?? "missing"
        throw FitsFault.invalidNside(found: found, expected: expected)
      }
      nside = integer
      warnings.append("the header has no NSIDE; \(nside) is taken from the number of pixels")
    }
    guard 1...largest ~= nside, ordering == .ring || nside & (nside - 1) == 0 else {
      throw FitsFault.invalidNside(found: "\(nside)", expected: expected)
    }
    return nside
  }

  /// COORDSYS, or else COORD, of the table, or else of the primary header. Those that there are
  /// must agree.
  private static func coordinateSystem(
    _ part: FitsPart, _ primary: FitsPart, _ warnings: inout [String]
  ) throws(FitsFault) -> String? {
    try agreed(
      [("COORDSYS", part), ("COORD", part), ("COORDSYS", primary), ("COORD", primary)], &warnings
    ) { SkyFrame.areSame($0, $1) }
  }

  private static func convention(
    _ part: FitsPart, _ primary: FitsPart, _ warnings: inout [String]
  ) throws(FitsFault) -> String? {
    try agreed([("POLCCONV", part), ("POLCCONV", primary)], &warnings) {
      $0.uppercased() == $1.uppercased()
    }
  }

  /// The first of several keywords that is there; it is said where it is not the usual one.
  private static func agreed(
    _ keywords: [(name: String, part: FitsPart)], _ warnings: inout [String],
    _ areSame: (String, String) -> Bool
  ) throws(FitsFault) -> String? {
    let found = keywords.compactMap { keyword in
      keyword.part.text(keyword.name).map { (keyword.name, keyword.part.number, $0) }
    }
    guard let first = found.first else { return nil }
    func text(_ item: (String, Int, String)) -> String {
      "\(item.0) of HDU \(item.1) is \(item.2)"
    }
    for other in found.dropFirst() where !areSame(first.2, other.2) {
      throw .conflictingKeywords(first: text(first), second: text(other))
    }
    if first.0 != keywords[0].name || first.1 != keywords[0].part.number {
      warnings.append("the table has no \(keywords[0].name); \(text(first)), which is taken")
    }
    return first.2
  }

  // MARK: Values

  /// The pixel numbers of a partial-sky table, each valid and different from the others.
  private func pixelNumbers(_ column: FitsTable.Column) throws(FitsFault) -> [Int] {
    var pixels: [Int] = []
    pixels.reserveCapacity(column.values.count)
    var isIncreasing = true
    for (row, value) in column.values.enumerated() {
      guard let pixel = Int(exactly: value), 0..<pixelCount ~= pixel else {
        throw FitsFault.pixelOutOfRange(row: row, found: value, pixelCount: pixelCount)
      }
      isIncreasing = isIncreasing && pixel > pixels.last ?? -1
      pixels.append(pixel)
    }
    if isIncreasing { return pixels }
    var rows: [Int: Int] = [:]
    rows.reserveCapacity(pixels.count)
    for (row, pixel) in pixels.enumerated() {
      guard rows.updateValue(row, forKey: pixel) == nil else {
        throw FitsFault.repeatedPixel(pixel: pixel, row: row)
      }
    }
    return pixels
  }

  /// Marks unobserved pixels and converts temperatures to muK.
  private static func interpreted(
    _ column: FitsTable.Column, badData: Double?, _ warnings: inout [String]
  ) -> HealpixMapFile.Column {
    var factor = 1.0
    var unit = column.unit
    if let text = column.unit {
      switch FitsUnit(text) {
      case .temperature(let microkelvins):
        factor = microkelvins
        unit = FitsUnit.microkelvin
      case .brightnessTemperature:
        warnings.append(
          "column \(column.name) has unit \(text), a brightness temperature, which is kept as it is"
        )
      case .other:
        warnings.append("column \(column.name) has unit \(text), which is kept as it is")
      }
    }
    var (badCount, largeCount, infiniteCount) = (0, 0, 0)
    let values = column.values.map { value in
      if HealpixMapFile.isUnseen(value) { return Double.nan }
      if let badData, (value - badData).magnitude <= 1e-5 * badData.magnitude {
        badCount += 1
        return .nan
      }
      if value.isInfinite { infiniteCount += 1 }
      if value.isFinite, value.magnitude > HealpixMapFile.largestValue {
        largeCount += 1
        return .nan
      }
      return value * factor
    }
    func say(_ count: Int, _ what: String) {
      if count > 0 {
        warnings.append(
          "column \(column.name): \(count) values are \(what) and count as not observed")
      }
    }
    say(column.nullCount, "null (TNULL)")
    say(badCount, "BAD_DATA, \(badData ?? 0),")
    say(largeCount, "above \(HealpixMapFile.largestValue) in magnitude, as of a scaled UNSEEN,")
    if infiniteCount > 0 {
      warnings.append("column \(column.name) has \(infiniteCount) infinite values")
    }
    return HealpixMapFile.Column(
      name: column.name, values: values, unit: unit, storedUnit: column.unit,
      storedType: column.type)
  }
}

/// What is known of a table beside its columns, for the search of T, Q and U.
struct TableContext: Sendable {
  /// EXTNAME.
  var extensionName: String?
  /// Titles of other HEALPix tables of the file.
  var otherTables: [String] = []
  /// Whether the columns were chosen one by one.
  var hasChosenColumns = false
}
