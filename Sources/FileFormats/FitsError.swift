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
  /// After the last complete part of the file there are bytes: another part was cut off.
  case incompletePart(bytes: Int)
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
  /// There is Q without U, or U without Q.
  case columnWithoutPartner(name: String, missing: String, found: [String])
  /// Several columns could be the same Stokes parameter.
  case ambiguousColumns(meaning: String, found: [String])
  /// No column has the name of a Stokes parameter, and their number does not tell either.
  case unclearColumns(found: [String])
  /// The map has not the Stokes parameters that are needed.
  case missingStokes(needed: String, found: [String])
  /// POLCCONV is neither COSMO nor IAU.
  case unknownPolarisationConvention(found: String)
  /// T, Q and U have different units.
  case unitsDiffer(found: [String])
  /// A table has not the columns that its format demands.
  case wrongColumns(found: [String], expected: String)
  /// The tables of a file cannot be told to be T, E and B.
  case unclearCoefficients(found: [String])
  /// The fields of a file have different lmax or mmax.
  case coefficientShapesDiffer(
    field: String, lmax: Int, mmax: Int, expectedLmax: Int, expectedMmax: Int)
  /// A coefficient is there twice.
  case repeatedCoefficient(l: Int, m: Int, row: Int)
  /// Not all coefficients up to lmax and mmax are there.
  case missingCoefficients(found: Int, lmax: Int, mmax: Int)
  /// MAX-LPOL or MAX-MPOL contradicts the coefficients.
  case invalidDegree(keyword: String, found: String, expected: String)
  /// A pixel is infinite.
  case infinitePixel(column: String, pixel: Int, value: Double)
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
    case .incompletePart(let bytes):
      return "found \(bytes) bytes after the last complete part, expected none; "
        + "the file is truncated in the middle of a part: copy it again"
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
    case .columnWithoutPartner(let name, let missing, let found):
      return "there is a column \(name) and none for \(missing), found \(list(found)), expected "
        + "Q and U together; add \(missing)_POLARISATION, or rename the column if it is "
        + "something else"
    case .ambiguousColumns(let meaning, let found):
      return "the columns \(list(found)) could each be \(meaning), expected one; rename or remove "
        + "the others"
    case .unclearColumns(let found):
      return "found \(found.count) columns (\(list(found))), none with a name of T, Q or U; "
        + "expected TEMPERATURE, Q_POLARISATION, U_POLARISATION, or 1, 2 or 3 columns; "
        + "name the columns"
    case .missingStokes(let needed, let found):
      return "found the columns \(list(found)), expected \(needed); check that this is the right "
        + "map, or name the columns TEMPERATURE, Q_POLARISATION, U_POLARISATION"
    case .unknownPolarisationConvention(let found):
      return "POLCCONV is \(found), expected COSMO or IAU (or no such keyword, which means "
        + "COSMO); correct the header"
    case .unitsDiffer(let found):
      return "found \(list(found)), expected one unit for all; convert the columns"
    case .wrongColumns(let found, let expected):
      return "found the columns \(list(found)), expected \(expected); "
        + "check that this is the right file"
    case .unclearCoefficients(let found):
      return "found the tables \(list(found)), expected T, or E and B, or T, E and B in this "
        + "order; write them with healpy.write_alm"
    case .coefficientShapesDiffer(
      let field, let lmax, let mmax, let expectedLmax, let expectedMmax):
      return "\(field) has lmax \(lmax) and mmax \(mmax), expected \(expectedLmax) and "
        + "\(expectedMmax) as the table before it; bring all fields to one size"
    case .repeatedCoefficient(let l, let m, let row):
      return "row \(row) holds l = \(l), m = \(m) a second time, expected each coefficient once; "
        + "write the file again"
    case .missingCoefficients(let found, let lmax, let mmax):
      return "found \(found) coefficients, expected every one with l <= \(lmax) and "
        + "m <= min(l, \(mmax)); write those that are zero too"
    case .invalidDegree(let keyword, let found, let expected):
      return "\(keyword) is \(found), expected \(expected); correct the header"
    case .infinitePixel(let column, let pixel, let value):
      return "pixel \(pixel) of column \(column) is \(value), expected a finite number, or UNSEEN "
        + "where nothing was observed; correct the map"
    case .library(let operation, let status, let reason):
      return "CFITSIO could not \(operation) (status \(status): \(reason)); "
        + "the file is damaged, or uses FITS in an unusual way"
    }
  }

  private func list(_ items: [String]) -> String {
    items.isEmpty ? "nothing" : items.joined(separator: ", ")
  }
}
