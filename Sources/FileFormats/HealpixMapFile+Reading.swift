import Foundation

extension HealpixMapFile {
  /// Largest resolution that is read: 805 million pixels, 6 GB per map.
  public static let largestNside = 8192

  /// Reads the first HEALPix table of a FITS file, perhaps compressed with gzip.
  ///
  /// A HEALPix table is one with PIXTYPE = HEALPIX or with NSIDE. Rows of one element and of many
  /// are read, any numeric type, and partial-sky tables (INDXSCHM = EXPLICIT), whose first column
  /// is the pixel number. Whatever is assumed is said in `warnings`.
  ///
  /// - Throws: `FileError`, `FitsError`.
  public init(contentsOf url: URL) throws {
    var isFirst = true
    let (tables, others) = try FitsTable.read(url) { header in
      let isMap =
        FitsTable.text(header["PIXTYPE"])?.uppercased() == "HEALPIX" || header["NSIDE"] != nil
      defer { if isMap { isFirst = false } }
      return isMap && isFirst
    }
    guard let table = tables.first else {
      throw FitsError(file: url.path, fault: .noHealpixTable(found: others))
    }
    let interpreter: MapInterpreter
    do {
      interpreter = try MapInterpreter(table)
    } catch {
      throw FitsError(file: url.path, fault: error)
    }
    self.init(
      nside: interpreter.nside, ordering: interpreter.ordering, columns: interpreter.columns,
      coordinateSystem: table.text("COORDSYS"), polarisationConvention: table.text("POLCCONV"),
      warnings: interpreter.warnings, path: url.path)
  }
}

/// The meaning of a table that describes itself as a HEALPix map.
private struct MapInterpreter {
  private(set) var nside = 0
  private(set) var ordering = HealpixMapFile.Ordering.ring
  private(set) var columns: [HealpixMapFile.Column] = []
  private(set) var warnings: [String] = []

  init(_ table: FitsTable) throws(FitsFault) {
    let isExplicit = try MapInterpreter.isExplicit(table)
    let dataColumns = isExplicit ? Array(table.columns.dropFirst()) : table.columns
    guard let first = dataColumns.first else { throw FitsFault.noColumns }
    for omitted in table.omittedColumns {
      warnings.append("column \(omitted) is not numeric and was left out")
    }
    ordering = try readOrdering(table)
    nside = try readNside(table, pixelCount: isExplicit ? nil : first.values.count)
    let pixels = isExplicit ? try pixelNumbers(table.columns[0]) : nil
    for column in dataColumns {
      let values = try expanded(column, pixels: pixels)
      columns.append(interpreted(column, values: values))
    }
  }

  /// Whether the first column holds pixel numbers.
  private static func isExplicit(_ table: FitsTable) throws(FitsFault) -> Bool {
    let scheme = table.text("INDXSCHM")?.uppercased()
    let object = table.text("OBJECT")?.uppercased()
    let fault = FitsFault.badIndexing(scheme: scheme ?? "missing", object: object ?? "missing")
    switch (scheme, object) {
    case ("EXPLICIT", "FULLSKY"), ("IMPLICIT", "PARTIAL"): throw fault
    case ("EXPLICIT", _): return true
    case ("IMPLICIT", _): return false
    case (nil, _): return object == "PARTIAL" || table.columns.first?.name.uppercased() == "PIXEL"
    default: throw fault
    }
  }

  private mutating func readOrdering(
    _ table: FitsTable
  ) throws(FitsFault) -> HealpixMapFile.Ordering {
    guard let text = table.text("ORDERING") else {
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
  private mutating func readNside(_ table: FitsTable, pixelCount: Int?) throws(FitsFault) -> Int {
    let largest = HealpixMapFile.largestNside
    let expected =
      ordering == .nested
      ? "a power of two in 1...\(largest) (NESTED)" : "an integer in 1...\(largest)"
    let nside: Int
    if let text = table.text("NSIDE") {
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

  /// The pixel numbers of a partial-sky table, each valid and different from the others.
  private func pixelNumbers(_ column: FitsTable.Column) throws(FitsFault) -> [Int] {
    let pixelCount = 12 * nside * nside
    var seen = [Bool](repeating: false, count: pixelCount)
    var pixels: [Int] = []
    pixels.reserveCapacity(column.values.count)
    for (row, value) in column.values.enumerated() {
      guard let pixel = Int(exactly: value), 0..<pixelCount ~= pixel else {
        throw FitsFault.pixelOutOfRange(row: row, found: value, pixelCount: pixelCount)
      }
      guard !seen[pixel] else { throw FitsFault.repeatedPixel(pixel: pixel, row: row) }
      seen[pixel] = true
      pixels.append(pixel)
    }
    return pixels
  }

  private func expanded(
    _ column: FitsTable.Column, pixels: [Int]?
  ) throws(FitsFault) -> [Double] {
    let pixelCount = 12 * nside * nside
    guard let pixels else {
      guard column.values.count == pixelCount else {
        throw FitsFault.pixelCountMismatch(
          column: column.name, found: column.values.count, nside: nside)
      }
      return column.values
    }
    guard column.values.count == pixels.count else {
      throw FitsFault.pixelListMismatch(
        column: column.name, found: column.values.count, expected: pixels.count)
    }
    var values = [Double](repeating: .nan, count: pixelCount)
    for (pixel, value) in zip(pixels, column.values) { values[pixel] = value }
    return values
  }

  /// Marks unobserved pixels and converts temperatures to muK.
  private mutating func interpreted(
    _ column: FitsTable.Column, values: [Double]
  ) -> HealpixMapFile.Column {
    var factor = 1.0
    var unit = column.unit
    if let text = column.unit {
      if let known = FitsUnit.microkelvinFactor(of: text) {
        factor = known
        unit = FitsUnit.microkelvin
      } else {
        warnings.append("column \(column.name) has unit \(text), which is kept as it is")
      }
    }
    let infinite = values.count { $0.isInfinite }
    if infinite > 0 {
      warnings.append("column \(column.name) has \(infinite) infinite values")
    }
    return HealpixMapFile.Column(
      name: column.name,
      values: values.map { HealpixMapFile.isUnseen($0) ? .nan : $0 * factor },
      unit: unit, storedUnit: column.unit, storedType: column.type)
  }
}

extension HealpixMapFile {
  /// Whether a stored value marks an unobserved pixel: NaN, or within 1e-5 of UNSEEN, relatively.
  public static func isUnseen(_ value: Double) -> Bool {
    value.isNaN || (value - unseen).magnitude <= 1e-5 * unseen.magnitude
  }
}
