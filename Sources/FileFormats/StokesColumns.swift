/// The columns of a map file that are T, Q and U.
///
/// By name:     T, TEMPERATURE, I, I_STOKES, STOKES_I, INTENSITY; for X = Q, U the names X,
///              X_POLARISATION, X_POLARIZATION, X_STOKES, STOKES_X. Upper and lower case are the
///              same, and so are '_', '-' and blank. Other columns (hits, covariances) are left out
///              and named in `warnings`.
/// By position: only where no column has such a name: one column is T, two are Q and U, three are
///              T, Q and U; `warnings` says so.
/// Sign:        U is COSMO's. POLCCONV = IAU changes its sign; a missing POLCCONV means COSMO, which
///              is what healpy writes.
/// Units:       one for all columns.
/// Checked by:  StokesColumnsTests.
public struct StokesColumns: Sendable {
  /// T, if the file has it.
  public let temperature: HealpixMapFile.Column?
  /// Q, together with U.
  public let q: HealpixMapFile.Column?
  /// U in COSMO's sign, together with Q.
  public let u: HealpixMapFile.Column?
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

  /// The columns of a file.
  ///
  /// - Throws: `FitsError` with `.columnWithoutPartner` (Q without U or U without Q),
  ///   `.ambiguousColumns`, `.unclearColumns`, `.unknownPolarisationConvention`, `.unitsDiffer`,
  ///   `.infinitePixel`.
  public init(_ file: HealpixMapFile) throws(FitsError) {
    do throws(FitsFault) {
      try self.init(columns: file.columns, convention: file.polarisationConvention)
    } catch {
      throw FitsError(file: file.path, fault: error)
    }
  }

  private init(
    columns: [HealpixMapFile.Column], convention: String?
  ) throws(FitsFault) {
    var warnings: [String] = []
    var places: (t: Int?, q: Int?, u: Int?) = (
      try Self.place("T", of: Self.temperatureNames, columns),
      try Self.place("Q", of: Self.polarisationNames("Q"), columns),
      try Self.place("U", of: Self.polarisationNames("U"), columns)
    )
    let names = columns.map(\.name)
    if places.t == nil, places.q == nil, places.u == nil {
      switch columns.count {
      case 1: places.t = 0
      case 2: (places.q, places.u) = (0, 1)
      case 3: places = (0, 1, 2)
      default: throw .unclearColumns(found: names)
      }
      let letters = ["T", "Q and U", "T, Q and U"][columns.count - 1]
      warnings.append(
        "columns \(names.joined(separator: ", ")) have no names of Stokes parameters; "
          + "they are taken for \(letters) by their position")
    }
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
    unit = try Self.commonUnit(used.map { columns[$0] })
    for k in used { try Self.requireNoInfinity(columns[k]) }
    temperature = places.t.map { columns[$0] }
    q = places.q.map { columns[$0] }
    if let place = places.u {
      let isFlipped = try Self.isIAU(convention)
      var column = columns[place]
      if isFlipped {
        column.values = column.values.map { -$0 }
        warnings.append("POLCCONV is IAU: the sign of U is changed to that of COSMO")
      }
      u = column
    } else {
      u = nil
    }
    self.warnings = warnings
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
    _ columns: [HealpixMapFile.Column]
  ) throws(FitsFault) -> String? {
    let units = columns.map { $0.unit ?? FitsUnit.microkelvin }
    guard Set(units).count <= 1 else {
      throw .unitsDiffer(
        found: zip(columns, units).map { "\($0.name) in \($0.storedUnit ?? $1)" })
    }
    return columns.first { $0.unit != nil }?.unit
  }

  private static func requireNoInfinity(
    _ column: HealpixMapFile.Column
  ) throws(FitsFault) {
    guard let pixel = column.values.firstIndex(where: \.isInfinite) else { return }
    throw .infinitePixel(column: column.name, pixel: pixel, value: column.values[pixel])
  }
}
