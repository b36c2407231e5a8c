/// A FITS file whose contents cannot be used, or a map that cannot be put into one.
public struct FitsError: Error, Equatable, CustomStringConvertible {
  /// The file's path.
  public let file: String
  public let fault: FitsFault

  package init(file: String, fault: FitsFault) {
    self.file = file
    self.fault = fault
  }

  public var description: String { "\(file): \(fault)" }
}

/// What is wrong with a FITS file.
public enum FitsFault: Error, Equatable, CustomStringConvertible {
  /// The file begins with neither a FITS header nor gzip's mark.
  case notFits(found: String)
  /// The file ends before the data that its header announces.
  case truncated(found: Int, expected: Int)
  /// No table of the file describes itself as a HEALPix map.
  case noHealpixTable(found: [String])
  /// No table of the file has the expected columns.
  case noTable(expected: String, found: [String])
  /// NSIDE is not a usable resolution.
  case invalidNside(found: String, expected: String)
  /// A column has not 12 nside^2 values.
  case pixelCountMismatch(column: String, found: Int, nside: Int)
  /// A column of a partial-sky table has not one value per pixel number.
  case pixelListMismatch(column: String, found: Int, expected: Int)
  /// ORDERING is neither RING nor NESTED.
  case unknownOrdering(found: String)
  /// INDXSCHM and OBJECT contradict each other, or INDXSCHM has an unknown value.
  case badIndexing(scheme: String, object: String)
  /// A row of a partial-sky table names a pixel that does not exist.
  case pixelOutOfRange(row: Int, found: Double, pixelCount: Int)
  /// A partial-sky table has a pixel twice.
  case repeatedPixel(pixel: Int, row: Int)
  /// There is no column of this name.
  case missingColumn(name: String, found: [String])
  /// The table has no numeric column besides the pixel numbers.
  case noColumns
  /// A finite value is beyond the range of float32.
  case valueTooLarge(column: String, pixel: Int, value: Double)
  /// A value of a table is not what the format demands.
  case badValue(column: String, row: Int, found: Double, expected: String)
  /// CFITSIO refuses an operation for another reason.
  case library(operation: String, status: Int, reason: String)

  public var description: String {
    switch self {
    case .notFits(let found):
      return "found \(found) at the beginning, expected a FITS header (SIMPLE  =) or gzip; "
        + "this is not a FITS file"
    case .truncated(let found, let expected):
      return "found \(found) bytes, expected \(expected) as the header announces; "
        + "the file is truncated: copy it again"
    case .noHealpixTable(let found):
      return "found \(list(found)), expected a table with PIXTYPE = HEALPIX or NSIDE; "
        + "write the map with healpy.write_map"
    case .noTable(let expected, let found):
      return "found \(list(found)), expected \(expected); check that this is the right file"
    case .invalidNside(let found, let expected):
      return "NSIDE is \(found), expected \(expected); correct the header"
    case .pixelCountMismatch(let column, let found, let nside):
      return "column \(column) has \(found) values, expected \(12 * nside * nside) "
        + "(12 nside^2, nside = \(nside)); correct NSIDE or mark a partial map by "
        + "INDXSCHM = EXPLICIT"
    case .pixelListMismatch(let column, let found, let expected):
      return "column \(column) has \(found) values, expected \(expected), one per pixel number; "
        + "write the map again"
    case .unknownOrdering(let found):
      return "ORDERING is \(found), expected RING or NESTED; correct the header"
    case .badIndexing(let scheme, let object):
      return "INDXSCHM is \(scheme) and OBJECT is \(object), expected IMPLICIT with FULLSKY or "
        + "EXPLICIT with PARTIAL; correct the header"
    case .pixelOutOfRange(let row, let found, let pixelCount):
      return "row \(row) names pixel \(found), expected an integer in 0..<\(pixelCount); "
        + "the pixel column must come first and match NSIDE"
    case .repeatedPixel(let pixel, let row):
      return "row \(row) names pixel \(pixel) a second time, expected each pixel at most once; "
        + "write the map again"
    case .missingColumn(let name, let found):
      return "there is no column \(name), found \(list(found)); name one of these"
    case .noColumns:
      return "the table has no numeric column of pixel values, expected at least one; "
        + "check that this is a map"
    case .valueTooLarge(let column, let pixel, let value):
      return "pixel \(pixel) of column \(column) is \(value), expected a magnitude that float32 "
        + "can hold; write float64"
    case .badValue(let column, let row, let found, let expected):
      return "row \(row) of column \(column) is \(found), expected \(expected); "
        + "write the file again"
    case .library(let operation, let status, let reason):
      return "CFITSIO could not \(operation) (status \(status): \(reason)); "
        + "the file is damaged, or uses FITS in an unusual way"
    }
  }

  private func list(_ items: [String]) -> String {
    items.isEmpty ? "nothing" : items.joined(separator: ", ")
  }
}
