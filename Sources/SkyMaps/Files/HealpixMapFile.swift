import FileFormats

/// A file of HEALPix maps: one table with a column per map [Gorski2005; FITS4, 7.3].
///
/// Layout: `values[p]` belongs to pixel p in the numbering `ordering`, as in the file; partial-sky
///         tables are expanded. `reordered(to:from:)` changes the numbering.
/// Units:  muK where the file's unit is a temperature (`FitsUnit`) or missing, else the file's.
/// Masks:  a pixel that was not observed is NaN, so that nobody mistakes it for data: UNSEEN, NaN,
///         or not in a partial-sky table; and, with a warning that says how many, nulls (TNULLn),
///         BAD_DATA of the header, and values above `largestValue` in magnitude.
/// Checked by: HealpixMapFixtureTests, HealpixMapErrorTests, HealpixMapPropertyTests,
///         WrittenFilesFixtureTests.
public struct HealpixMapFile: Sendable {
  /// The mark of an unobserved pixel in files. healpy takes every value within 1e-5 of it,
  /// relatively, for the mark, which also covers its rounding to float32; so does this program.
  public static let unseen = -1.6375e30

  /// The numbering of pixels. The raw value is the one of ORDERING in the header.
  public enum Ordering: String, Sendable {
    /// Along rings of equal latitude, from north to south.
    case ring = "RING"
    /// Along a tree of four children per pixel, face by face.
    case nested = "NESTED"
  }

  /// One map.
  public struct Column: Sendable {
    /// TTYPEn as it stands in the file, "" if there is none.
    public var name: String
    /// The unit of `values`: `FitsUnit.microkelvin`, or the file's text if it is no temperature,
    /// or nil if the file gives none (then muK is meant).
    public var unit: String?
    /// One value per pixel; NaN where the pixel was not observed.
    public var values: [Double]
    /// TUNITn as it stands in the file.
    public var storedUnit: String?
    /// Element type in the file.
    public var storedType: TensorData.DType

    /// A map in memory.
    ///
    /// - Parameters:
    ///   - name: TTYPEn.
    ///   - values: one per pixel, NaN where nothing was observed.
    ///   - unit: the unit of `values`; nil: none is known, muK is meant.
    ///   - storedUnit: TUNITn of the file that it was read from.
    ///   - storedType: the element type of that file.
    public init(
      name: String, values: [Double], unit: String? = FitsUnit.microkelvin,
      storedUnit: String? = nil, storedType: TensorData.DType = .float64
    ) {
      self.name = name
      self.unit = unit
      self.values = values
      self.storedUnit = storedUnit
      self.storedType = storedType
    }

    /// Whether each pixel was observed.
    public var observed: [Bool] { values.map { !$0.isNaN } }
    /// Number of observed pixels.
    public var observedCount: Int { values.reduce(0) { $1.isNaN ? $0 : $0 + 1 } }
  }

  /// Resolution: 12 nside^2 pixels.
  public let nside: Int
  /// The numbering of `columns[k].values`.
  public let ordering: Ordering
  /// The maps, in the order of the file.
  public let columns: [Column]
  /// COORDSYS of the header (C, E, G ...), uninterpreted; see `SkyFrame`.
  public var coordinateSystem: String?
  /// POLCCONV of the header: the sign convention of U, COSMO or IAU, uninterpreted; healpy writes
  /// none and means COSMO.
  public var polarisationConvention: String?
  /// What was assumed or left out while reading, one sentence each; to be shown to the user.
  public let warnings: [String]
  /// Where the map was read from, for messages.
  public let path: String
  let context: TableContext

  /// Maps in memory.
  ///
  /// Domain: nside >= 1, and a power of two if nested; every column has 12 nside^2 values
  ///         (preconditions).
  public init(
    nside: Int, ordering: Ordering = .ring, columns: [Column], coordinateSystem: String? = nil,
    polarisationConvention: String? = nil
  ) {
    self.init(
      nside: nside, ordering: ordering, columns: columns, coordinateSystem: coordinateSystem,
      polarisationConvention: polarisationConvention, warnings: [], path: "map in memory")
  }

  init(
    nside: Int, ordering: Ordering, columns: [Column], coordinateSystem: String?,
    polarisationConvention: String?, warnings: [String], path: String,
    context: TableContext = TableContext()
  ) {
    precondition(
      nside >= 1 && (ordering == .ring || nside & (nside - 1) == 0),
      "nside \(nside) does not suit ordering \(ordering)")
    for column in columns {
      precondition(
        column.values.count == 12 * nside * nside,
        "column \(column.name) has \(column.values.count) values, nside is \(nside)")
    }
    self.nside = nside
    self.ordering = ordering
    self.columns = columns
    self.coordinateSystem = coordinateSystem
    self.polarisationConvention = polarisationConvention
    self.warnings = warnings
    self.path = path
    self.context = context
  }

  /// Number of pixels, 12 nside^2.
  public var pixelCount: Int { 12 * nside * nside }

  /// The first column of this name; upper and lower case are the same.
  ///
  /// - Throws: `FitsError` with the names that there are.
  public func column(named name: String) throws(FitsError) -> Column {
    let wanted = name.lowercased()
    guard let column = columns.first(where: { $0.name.lowercased() == wanted }) else {
      throw FitsError(
        file: path, fault: .missingColumn(name: name, found: columns.map(\.name)))
    }
    return column
  }

  /// The same maps in another numbering.
  ///
  /// Definition: new[p] = old[source(p)], p = 0..<12 nside^2.
  ///
  /// - Parameters:
  ///   - ordering: the numbering of the result.
  ///   - source: the number in `self.ordering` of the pixel that has number p in `ordering`. From a
  ///     nested map to RING that is ring-to-nested. It must be a permutation (a precondition).
  /// - Returns: the maps in the new numbering, all else unchanged.
  public func reordered(to ordering: Ordering, from source: (_ pixel: Int) -> Int)
    -> HealpixMapFile
  {
    let sources = (0..<pixelCount).map(source)
    var used = [Bool](repeating: false, count: pixelCount)
    for pixel in sources {
      precondition(
        used.indices.contains(pixel) && !used[pixel], "pixel \(pixel) breaks the permutation")
      used[pixel] = true
    }
    let moved = columns.map { column in
      var column = column
      let values = column.values
      column.values = sources.map { values[$0] }
      return column
    }
    return HealpixMapFile(
      nside: nside, ordering: ordering, columns: moved, coordinateSystem: coordinateSystem,
      polarisationConvention: polarisationConvention, warnings: warnings, path: path,
      context: context)
  }
}
