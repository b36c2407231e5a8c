import Foundation

extension AlmFile {
  /// Writes a file as healpy.write_alm does: a table of index, real, imag per field, in the order
  /// T, E, B, rows m-major; beside that MAX-LPOL, MAX-MPOL, EXTNAME, and the unit where one is
  /// known.
  ///
  /// Accuracy: values are rounded once to `precision`. The same coefficients give the same bytes.
  ///
  /// - Throws: `FileError`, `FitsError`.
  public func write(to url: URL, precision: FitsPrecision = .float64) throws {
    var index: [Double] = []
    for m in 0...mmax {
      for l in m...lmax { index.append(Double(l * l + l + m + 1)) }
    }
    var tables: [FitsTable] = []
    for field in Field.allCases {
      guard let values = fields[field] else { continue }
      if precision == .float32 { try requireFloat32Range(values, field, path: url.path) }
      tables.append(table(field, index: index, values: values, precision))
    }
    try FitsTable.write(tables, to: url)
  }

  private func table(
    _ field: Field, index: [Double], values: [Double], _ precision: FitsPrecision
  ) -> FitsTable {
    let type: TensorData.DType = precision == .float32 ? .float32 : .float64
    func part(_ offset: Int) -> [Double] {
      stride(from: offset, to: values.count, by: 2).map { values[$0] }
    }
    var keywords = [
      FitsTable.Keyword("EXTNAME", .text(field.rawValue), comment: "Field of the coefficients"),
      FitsTable.Keyword("MAX-LPOL", .integer(lmax), comment: "Maximum l"),
      FitsTable.Keyword("MAX-MPOL", .integer(mmax), comment: "Maximum m"),
    ]
    if let coordinateSystem {
      keywords.append(
        FitsTable.Keyword("COORDSYS", .text(coordinateSystem), comment: "Coordinate system"))
    }
    if field != .t {
      keywords.append(
        FitsTable.Keyword("POLCCONV", .text("COSMO"), comment: "Sign convention of E and B"))
    }
    let unit = unit ?? "unknown"
    return FitsTable(
      keywords: keywords,
      columns: [
        FitsTable.Column(name: "index", unit: "l*l+l+m+1", values: index, type: .int32),
        FitsTable.Column(name: "real", unit: unit, values: part(0), type: type),
        FitsTable.Column(name: "imag", unit: unit, values: part(1), type: type),
      ])
  }

  private func requireFloat32Range(
    _ values: [Double], _ field: Field, path: String
  ) throws(FitsError) {
    guard let place = values.firstIndex(where: { $0.isFinite && Float($0).isInfinite }) else {
      return
    }
    throw FitsError(
      file: path,
      fault: .valueTooLarge(column: field.letter, pixel: place / 2, value: values[place]))
  }
}
