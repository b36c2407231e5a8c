import FileFormats
import Foundation

extension HealpixMapFile {
  /// Writes a file as healpy.write_map does: a full-sky binary table, 1024 values per row if that
  /// divides the number of pixels, else one. Unobserved pixels (NaN) become UNSEEN.
  ///
  /// Accuracy: values are rounded once to `precision`. The same maps give the same bytes.
  ///
  /// - Throws: `FileError`; `FitsError.valueTooLarge` if a finite value does not fit float32.
  public func write(to url: URL, precision: FitsPrecision = .float32) throws {
    if precision == .float32 { try requireFloat32Range(path: url.path) }
    let rowLength = pixelCount % 1024 == 0 ? 1024 : 1
    let tableColumns = columns.map { column in
      FitsTable.Column(
        name: column.name, unit: column.unit,
        values: column.values.map { $0.isNaN ? HealpixMapFile.unseen : $0 },
        valuesPerRow: rowLength, type: precision == .float32 ? .float32 : .float64)
    }
    try FitsTable.write([FitsTable(keywords: keywords, columns: tableColumns)], to: url)
  }

  private var keywords: [FitsTable.Keyword] {
    var keywords = [
      FitsTable.Keyword("PIXTYPE", .text("HEALPIX"), comment: "HEALPIX pixelisation"),
      FitsTable.Keyword(
        "ORDERING", .text(ordering.rawValue),
        comment: "Pixel ordering scheme, either RING or NESTED"),
    ]
    if let coordinateSystem {
      keywords.append(
        FitsTable.Keyword("COORDSYS", .text(coordinateSystem), comment: "Coordinate system"))
    }
    if let polarisationConvention {
      keywords.append(
        FitsTable.Keyword(
          "POLCCONV", .text(polarisationConvention), comment: "Sign convention of U"))
    }
    return keywords + [
      FitsTable.Keyword("EXTNAME", .text("xtension"), comment: "Name of this binary table"),
      FitsTable.Keyword("NSIDE", .integer(nside), comment: "Resolution parameter of HEALPIX"),
      FitsTable.Keyword("FIRSTPIX", .integer(0), comment: "First pixel # (0 based)"),
      FitsTable.Keyword("LASTPIX", .integer(pixelCount - 1), comment: "Last pixel # (0 based)"),
      FitsTable.Keyword("INDXSCHM", .text("IMPLICIT"), comment: "Indexing: IMPLICIT or EXPLICIT"),
      FitsTable.Keyword(
        "OBJECT", .text("FULLSKY"), comment: "Sky coverage, either FULLSKY or PARTIAL"),
    ]
  }

  private func requireFloat32Range(path: String) throws(FitsError) {
    for column in columns {
      for (pixel, value) in column.values.enumerated()
      where value.isFinite && Float(value).isInfinite {
        throw FitsError(
          file: path, fault: .valueTooLarge(column: column.name, pixel: pixel, value: value))
      }
    }
  }
}
