import FileFormats
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

  let file: FitsFile
  let part: FitsPart
  /// The columns that are meant, indices into the layout.
  let places: [Int]

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

  /// Refuses what does not fit the memory, before any is taken.
  ///
  /// - Throws: `FitsError` with `.tooLarge`.
  public func requireMemory(_ bytes: Int) throws(FitsError) {
    try file.requireMemory(bytes, for: part)
  }
}
