import FileFormats

/// Which columns of a map file are T, Q and U: their places in its list of columns.
///
/// By name:     T, TEMPERATURE, I, I_STOKES, STOKES_I, INTENSITY, and where none of these is there
///              SIGNAL, the name in HEALPix's cut-sky tables (whose EXTNAME may say that it is Q or
///              U); for X = Q, U the names X, X_POLARISATION, X_POLARIZATION, X_STOKES, STOKES_X.
///              Upper and lower case are the same, and so are '_', '-' and blank.
/// Never:       hits, errors, covariances, weights, masks by their usual names (N_OBS, SERROR,
///              HITS, QQ_COV, GAL040 ...), see `isSomethingElse`. They are left out and named in
///              `warnings`.
/// By position: only where no column has a name of the first kind: of those that are left, one
///              column is T, two are Q and U, three are T, Q and U; `warnings` says so.
/// By choice:   columns that were chosen one by one (`MapSelection`) are taken even if their names
///              say that they are something else.
/// Sign:        U is COSMO's. POLCCONV = IAU changes its sign; a missing POLCCONV means COSMO,
///              which is what healpy writes.
/// Units:       one for all columns, and none of brightness temperature. A column without a unit
///              beside columns in muK is taken for muK, with a warning; beside columns of another
///              unit it is refused.
/// Checked by:  StokesColumnsTests, RealMapFixtureTests.
public struct StokesColumns: Sendable {
  /// The place of T, if the file has it.
  public let temperaturePlace: Int?
  /// The places of Q and U, if the file has them.
  public let polarisationPlaces: (q: Int, u: Int)?
  /// Whether U has the sign of IAU in the file.
  public let isIAU: Bool
  /// The unit of the values; nil: the file gives none and muK is meant.
  public let unit: String?
  /// What was assumed or left out, one sentence each.
  public let warnings: [String]

  /// The names of T, as compared: upper case, '_' for '-' and blank.
  static let temperatureNames: Set<String> = [
    "T", "TEMPERATURE", "I", "I_STOKES", "STOKES_I", "INTENSITY",
  ]

  /// The names of Q or of U.
  static func polarisationNames(_ letter: String) -> Set<String> {
    [
      letter, "\(letter)_POLARISATION", "\(letter)_POLARIZATION", "\(letter)_STOKES",
      "STOKES_\(letter)",
    ]
  }

  /// Searches the columns of a file; their values are looked at and not kept.
  ///
  /// - Throws: `FitsError` with `.columnWithoutPartner` (Q without U or U without Q),
  ///   `.ambiguousColumns`, `.unclearColumns`, `.notStokes`, `.unknownPolarisationConvention`,
  ///   `.unitsDiffer`, `.brightnessTemperature`, `.infinitePixel`.
  public init(_ file: HealpixMapFile) throws(FitsError) {
    do throws(FitsFault) {
      try self.init(
        columns: file.columns, pixels: nil, convention: file.polarisationConvention, file.context)
    } catch {
      throw FitsError(file: file.path, fault: error)
    }
  }

  /// Searches the columns of a table as they are stored, see `HealpixTable.StoredColumns`.
  ///
  /// - Throws: as `init(_:)` of a file.
  public init(
    _ stored: HealpixTable.StoredColumns, of table: HealpixTable
  ) throws(FitsError) {
    do throws(FitsFault) {
      try self.init(
        columns: stored.columns, pixels: stored.pixels,
        convention: table.polarisationConvention, table.context)
    } catch {
      throw FitsError(file: table.path, fault: error)
    }
  }

  private init(
    columns: [HealpixMapFile.Column], pixels: [Int]?, convention: String?,
    _ context: TableContext
  ) throws(FitsFault) {
    var warnings: [String] = []
    let places = try Self.places(columns, context, &warnings)
    let names = columns.map(\.name)
    if let q = places.q, places.u == nil {
      throw .columnWithoutPartner(name: names[q], missing: "U", found: names)
    }
    if let u = places.u, places.q == nil {
      throw .columnWithoutPartner(name: names[u], missing: "Q", found: names)
    }
    let used = [places.t, places.q, places.u].compactMap { $0 }
    for k in columns.indices where !used.contains(k) {
      warnings.append("column \(names[k]) is neither T, Q nor U and is left out")
    }
    unit = try Self.commonUnit(used.map { columns[$0] }, &warnings)
    for k in used { try Self.requireNoInfinity(columns[k], pixels) }
    temperaturePlace = places.t
    if let q = places.q, let u = places.u {
      polarisationPlaces = (q, u)
      isIAU = try Self.isIAU(convention)
    } else {
      polarisationPlaces = nil
      isIAU = false
    }
    if isIAU { warnings.append("POLCCONV is IAU: the sign of U is changed to that of COSMO") }
    self.warnings = warnings
  }

  /// Number of fields that were found, 1 to 3.
  public var fieldCount: Int {
    (temperaturePlace == nil ? 0 : 1) + (polarisationPlaces == nil ? 0 : 2)
  }

  /// T, if it was found.
  ///
  /// - Parameter columns: the columns that were searched.
  /// - Returns: its values in the order of the column.
  public func temperature(in columns: [HealpixMapFile.Column]) -> [Double]? {
    temperaturePlace.map { columns[$0].values }
  }

  /// Q and U in COSMO's sign, if they were found.
  ///
  /// - Parameter columns: the columns that were searched.
  /// - Returns: their values in the order of the columns.
  public func polarisation(in columns: [HealpixMapFile.Column]) -> SkyMap.Polarisation? {
    polarisationPlaces.map { places in
      let u = columns[places.u].values
      return SkyMap.Polarisation(q: columns[places.q].values, u: isIAU ? u.map { -$0 } : u)
    }
  }

  /// Which column is what.
  private static func places(
    _ columns: [HealpixMapFile.Column], _ context: TableContext, _ warnings: inout [String]
  ) throws(FitsFault) -> (t: Int?, q: Int?, u: Int?) {
    var places: (t: Int?, q: Int?, u: Int?) = (
      try place("T", of: temperatureNames, columns),
      try place("Q", of: polarisationNames("Q"), columns),
      try place("U", of: polarisationNames("U"), columns)
    )
    if places.t == nil, let signal = try place("T", of: ["SIGNAL"], columns) {
      let title = comparable(context.extensionName ?? "")
      if places.q == nil, polarisationNames("Q").contains(title) {
        places.q = signal
      } else if places.u == nil, polarisationNames("U").contains(title) {
        places.u = signal
      } else {
        places.t = signal
      }
    }
    guard places.t == nil, places.q == nil, places.u == nil else { return places }
    let names = columns.map(\.name)
    let others = columns.indices.filter {
      context.hasChosenColumns || !isSomethingElse(names[$0])
    }
    switch others.count {
    case 0: throw .notStokes(found: names, otherTables: context.otherTables)
    case 1: places.t = others[0]
    case 2: (places.q, places.u) = (others[0], others[1])
    case 3: places = (others[0], others[1], others[2])
    default: throw .unclearColumns(found: names)
    }
    if !context.hasChosenColumns || others.count > 1 {
      let letters = ["T", "Q and U", "T, Q and U"][others.count - 1]
      warnings.append(
        "columns \(others.map { names[$0] }.joined(separator: ", ")) have no names of Stokes "
          + "parameters; they are taken for \(letters) by their position")
    }
    return places
  }

  /// Whether the name of a column is one in use for hits, errors, covariances, weights, masks or
  /// pixel numbers.
  static func isSomethingElse(_ name: String) -> Bool {
    let name = comparable(name)
    let parts = [
      "COV", "VAR", "HIT", "N_OBS", "NOBS", "ERR", "SIGMA", "WEIGHT", "MASK", "FLAG", "CHI2",
      "CHISQ",
      "SPUR",
    ]
    let whole: Set<String> = [
      "PIXEL", "PIX", "IPIX", "INDEX", "OBS", "COUNT", "COUNTS", "RMS", "STD", "STDDEV", "EXPOSURE",
      "DEPTH", "TT", "TQ", "TU", "II", "IQ", "IU", "QQ", "QU", "UU",
    ]
    return whole.contains(name) || parts.contains { name.contains($0) }
      || name.wholeMatch(of: /GAL_?[0-9]+/) != nil
  }

  /// The only column with one of these names.
  private static func place(
    _ letter: String, of names: Set<String>, _ columns: [HealpixMapFile.Column]
  ) throws(FitsFault) -> Int? {
    let places = columns.indices.filter { names.contains(comparable(columns[$0].name)) }
    guard places.count <= 1 else {
      throw .ambiguousColumns(meaning: letter, found: places.map { columns[$0].name })
    }
    return places.first
  }

  private static func comparable(_ name: String) -> String {
    String(name.uppercased().map { $0 == "-" || $0 == " " ? "_" : $0 })
  }

  /// Whether U has the sign of IAU; only asked where there is a U.
  private static func isIAU(_ convention: String?) throws(FitsFault) -> Bool {
    switch convention?.uppercased() {
    case nil, "COSMO": return false
    case "IAU": return true
    default: throw .unknownPolarisationConvention(found: convention ?? "")
    }
  }

  private static func commonUnit(
    _ columns: [HealpixMapFile.Column], _ warnings: inout [String]
  ) throws(FitsFault) -> String? {
    for column in columns {
      if let unit = column.unit, FitsUnit(unit) == .brightnessTemperature {
        throw .brightnessTemperature(column: column.name, unit: unit)
      }
    }
    let (known, unknown) = (
      columns.filter { $0.unit != nil }, columns.filter { $0.unit == nil }
    )
    // Where all columns that have a unit are in muK, a missing unit means muK, as everywhere.
    let isMicrokelvin = known.allSatisfy {
      FitsUnit.microkelvinFactor(of: $0.storedUnit ?? $0.unit ?? "") == 1
    }
    guard Set(known.map(\.unit)).count <= 1, unknown.isEmpty || isMicrokelvin else {
      throw .unitsDiffer(
        found: columns.map { "\($0.name) in \($0.storedUnit ?? $0.unit ?? "no unit")" })
    }
    if !known.isEmpty {
      for column in unknown {
        warnings.append("column \(column.name) has no unit; uK is assumed, as of the others")
      }
    }
    return known.first?.unit
  }

  private static func requireNoInfinity(
    _ column: HealpixMapFile.Column, _ pixels: [Int]?
  ) throws(FitsFault) {
    guard let place = column.values.firstIndex(where: \.isInfinite) else { return }
    throw .infinitePixel(
      column: column.name, pixel: pixels?[place] ?? place, value: column.values[place])
  }
}
