import Faults
import MachineMemory

/// What is wrong with a FITS file.
public enum FitsFault: UserError, Equatable {
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
  /// A column does not have 12 nside^2 values.
  case pixelCountMismatch(column: String, found: Int, nside: Int)
  /// A column of a partial-sky table does not have one value per pixel number.
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
  /// The map lacks the Stokes parameters that are needed.
  case missingStokes(needed: String, found: [String])
  /// POLCCONV is neither COSMO nor IAU.
  case unknownPolarisationConvention(found: String)
  /// T, Q and U have different units.
  case unitsDiffer(found: [String])
  /// A table lacks the columns that its format demands.
  case wrongColumns(found: [String], expected: String)
  /// The tables of a file cannot be told to be T, E and B.
  case unclearCoefficients(found: [String])
  /// The fields of a file have different lmax or mmax.
  case coefficientShapesDiffer(
    field: String, lmax: Int, mmax: Int, expectedLmax: Int, expectedMmax: Int)
  /// A coefficient is there twice.
  case repeatedCoefficient(l: Int, m: Int, row: Int)
  /// A file of coefficients stands where something else is expected.
  case coefficients(expected: String)
  /// A table of coefficients has no rows.
  case noCoefficients
  /// Coefficients that say POLCCONV = IAU or something unknown.
  case conventionOfCoefficients(found: String)
  /// MAX-LPOL or MAX-MPOL contradicts the coefficients.
  case invalidDegree(keyword: String, found: String, expected: String)
  /// A pixel is infinite.
  case infinitePixel(column: String, pixel: Int, value: Double)
  /// A keyword that says how a part is built has a value that cannot be.
  case badHeader(part: Int, keyword: String, found: String, expected: String)
  /// The bytes are not those that DATASUM or CHECKSUM were computed from.
  case checksumMismatch(part: Int, keyword: String, found: String, expected: String)
  /// A gzip file whose contents are damaged.
  case damagedCompression(reason: String)
  /// A gzip file that would take more memory than its size explains.
  case expandsTooFar(bytes: Int, limit: Int, fileSize: Int)
  /// Nearly all coefficients up to the largest degree of the rows are missing.
  case tooSparse(field: String, rows: Int, lmax: Int, coefficients: Int)
  /// More memory is needed than the machine has free.
  case tooLarge(content: String, needed: Int, available: Int)
  /// The file lacks the part that was asked for, or that part is not a table of this kind.
  case noSuchTable(asked: String, expected: String, found: [String])
  /// Two keywords contradict each other.
  case conflictingKeywords(first: String, second: String)
  /// No column is a Stokes parameter: all have names of something else.
  case notStokes(found: [String], otherTables: [String])
  /// A unit of brightness or antenna temperature.
  case brightnessTemperature(column: String, unit: String)

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
        + "write the map with healpy.write_map, or choose a table"
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
      return "found \(list(found)), expected one unit for all; give every "
        + "column its TUNITn, or convert them"
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
    case .coefficients(let expected):
      return
        "found coefficients (a table with the columns index, real, imag), expected \(expected); "
        + "these are coefficients: synthesise a map from them first"
    case .noCoefficients:
      return "the table has no rows, expected a coefficient in each; write the file again"
    case .conventionOfCoefficients(let found):
      return
        "POLCCONV is \(found), expected COSMO or no such keyword in a file of coefficients: E "
        + "and B "
        + "are the same in both conventions if the sign of U was changed before the analysis, "
        + "and wrong if "
        + "it was not, which the file does not say; analyse the map again, or remove the keyword "
        + "if the "
        + "analysis took U in COSMO's sign"
    case .invalidDegree(let keyword, let found, let expected):
      return "\(keyword) is \(found), expected \(expected); correct the header"
    case .infinitePixel(let column, let pixel, let value):
      return "pixel \(pixel) of column \(column) is \(value), expected a finite number, or UNSEEN "
        + "where nothing was observed; correct the map"
    case .badHeader(let part, let keyword, let found, let expected):
      return
        "HDU \(part): \(keyword) is \(found), expected \(expected); the file is damaged, or its "
        + "header was edited by hand"
    case .checksumMismatch(let part, let keyword, let found, let expected):
      return
        "HDU \(part): \(keyword) does not fit: found \(found), expected \(expected); the file was "
        + "damaged or changed after it was written: copy it again, or if the change was meant, "
        + "write it again with new checksums"
    case .damagedCompression(let reason):
      return "found a gzip file that is damaged (\(reason)), expected one that expands; "
        + "copy it again"
    case .expandsTooFar(let bytes, let limit, let fileSize):
      return "found a gzip file of \(FreeMemory.text(fileSize)) that expands to at least "
        + "\(FreeMemory.text(bytes)), expected at most \(FreeMemory.text(limit)); if that is "
        + "right, expand it first, with gunzip"
    case .tooSparse(let field, let rows, let lmax, let coefficients):
      return "\(field): found \(rows) rows up to l = \(lmax), expected more of the \(coefficients) "
        + "coefficients up to there; an index is likely wrong: write the file again"
    case .tooLarge(let content, let needed, let available):
      return "\(content): needs \(FreeMemory.text(needed)) of memory, and "
        + "\(FreeMemory.text(available)) are available; take a lower resolution, fewer columns or "
        + "a larger machine"
    case .noSuchTable(let asked, let expected, let found):
      return "there is no \(expected) at \(asked), found \(list(found)); choose one of these"
    case .conflictingKeywords(let first, let second):
      return "\(first), but \(second); expected them to agree: correct the header"
    case .notStokes(let found, let otherTables):
      let others =
        otherTables.isEmpty
        ? ""
        : "; the file has other tables, which can be chosen: "
          + list(otherTables)
      return
        "found the columns \(list(found)), which are not T, Q or U, expected a column of them; "
        + "choose the column that is meant, or check that this is the right file\(others)"
    case .brightnessTemperature(let column, let unit):
      return
        "column \(column) has unit \(unit), a brightness (Rayleigh-Jeans, antenna) temperature, "
        + "expected a thermodynamic one (K_CMB); convert it with the factor of the map's frequency"
    }
  }

  private func list(_ items: [String]) -> String {
    items.isEmpty ? "nothing" : items.joined(separator: ", ")
  }
}

extension FitsFault {
  public var faultClass: FaultClass { .badInput }
}
