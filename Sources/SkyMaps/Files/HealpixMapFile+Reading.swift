import FileFormats
import Foundation

extension HealpixMapFile {
  /// Largest resolution that is read: 805 million pixels, 6 GB per map.
  public static let largestNside = 8192

  /// Values above it are no measurements: they count as not observed. UNSEEN is beyond it, also
  /// when it was scaled like a temperature (by 1e3, 1e6, 1e-6).
  public static let largestValue = 1e20

  /// Reads a HEALPix table of a FITS file, perhaps compressed with gzip.
  ///
  /// Rows of one element and of many are read, any numeric type, and partial-sky tables (INDXSCHM =
  /// EXPLICIT), whose first column is the pixel number. Whatever is assumed is said in `warnings`.
  ///
  /// - Parameters:
  ///   - url: the file.
  ///   - selection: which table and columns; without it the first HEALPix table with all columns.
  /// - Throws: `FileError`, `FitsError`.
  public init(contentsOf url: URL, _ selection: MapSelection = MapSelection()) throws {
    try self.init(HealpixTable(contentsOf: url, selection))
  }

  /// Reads a table and expands it to the whole sphere.
  ///
  /// - Throws: `FileError`, `FitsError`.
  public init(_ table: HealpixTable) throws {
    let stored = try table.storedColumns()
    if stored.pixels != nil {
      try table.requireMemory(8 * table.pixelCount * stored.columns.count)
    }
    let pixelCount = table.pixelCount
    let columns = stored.columns.map { column in
      guard let pixels = stored.pixels else { return column }
      var column = column
      var values = [Double](repeating: .nan, count: pixelCount)
      for (pixel, value) in zip(pixels, column.values) { values[pixel] = value }
      column.values = values
      return column
    }
    self.init(
      nside: table.nside, ordering: table.ordering, columns: columns,
      coordinateSystem: table.coordinateSystem,
      polarisationConvention: table.polarisationConvention,
      warnings: table.warnings + stored.warnings, path: table.path, context: table.context)
  }

  /// Whether a stored value marks an unobserved pixel: NaN, or within 1e-5 of UNSEEN, relatively.
  public static func isUnseen(_ value: Double) -> Bool {
    value.isNaN || (value - unseen).magnitude <= 1e-5 * unseen.magnitude
  }
}
