import CCFITSIO
import Foundation

extension FitsTable {
  /// Writes a file of binary tables after an empty primary part, complete or not at all.
  ///
  /// Domain: columns of one table have equally many rows (a precondition); types are float32,
  ///         float64, int32 or int64; a float32 column's values fit (checked by the callers).
  ///
  /// - Throws: `FileError`, `FitsError`.
  package static func write(_ tables: [FitsTable], to url: URL) throws {
    try AtomicFile.write(to: url) { temporary in
      // CFITSIO creates files and does not overwrite them.
      unlink(temporary.path)
      try withLibrary { try create(tables, at: temporary.path, path: url.path) }
    }
  }

  private static func create(_ tables: [FitsTable], at temporary: String, path: String) throws {
    var status: Int32 = 0
    var created: UnsafeMutablePointer<fitsfile>?
    sphere_fits_create(&created, temporary, &status)
    try requireFits(status, path: path, "create the file")
    guard let file = created else {
      throw FileError.writeFailed(path: path, reason: "CFITSIO gives no handle")
    }
    for table in tables where status == 0 { table.append(to: file, &status) }
    // The first fault is the one to report, yet the file must be closed in any case.
    var closingStatus: Int32 = 0
    sphere_fits_close(file, &closingStatus)
    try requireFits(status, path: path, "write the table")
    try requireFits(closingStatus, path: path, "finish the file")
  }

  private func append(to file: UnsafeMutablePointer<fitsfile>, _ status: inout Int32) {
    sphere_fits_create_table(file, &status)
    for (index, column) in columns.enumerated() {
      let number = Int32(index + 1)
      let format = "\(column.valuesPerRow > 1 ? "\(column.valuesPerRow)" : "")\(column.letter)"
      sphere_fits_append_column(file, number, column.name, format, &status)
      if let unit = column.unit {
        sphere_fits_write_text(file, "TUNIT\(number)", unit, "", &status)
      }
    }
    for keyword in keywords {
      switch keyword.value {
      case .text(let text):
        sphere_fits_write_text(file, keyword.name, text, keyword.comment, &status)
      case .integer(let number):
        sphere_fits_write_integer(file, keyword.name, LONGLONG(number), keyword.comment, &status)
      case .real(let number):
        sphere_fits_write_real(file, keyword.name, number, keyword.comment, &status)
      }
    }
    let rowCount = columns.first.map { $0.values.count / $0.valuesPerRow } ?? 0
    for (index, column) in columns.enumerated() {
      precondition(
        column.values.count == rowCount * column.valuesPerRow,
        "column \(column.name) has \(column.values.count) values in \(rowCount) rows")
      column.write(to: file, number: Int32(index + 1), &status)
    }
  }
}

extension FitsTable.Column {
  /// The letter of TFORMn.
  fileprivate var letter: String {
    switch type {
    case .float32: return "E"
    case .float64: return "D"
    case .int32: return "J"
    case .int64: return "K"
    default: preconditionFailure("columns of \(type) are not written")
    }
  }

  fileprivate func write(
    to file: UnsafeMutablePointer<fitsfile>, number: Int32, _ status: inout Int32
  ) {
    let count = LONGLONG(values.count)
    switch type {
    case .float32:
      sphere_fits_write_floats(file, number, count, values.map { Float($0) }, &status)
    case .float64:
      sphere_fits_write_doubles(file, number, count, values, &status)
    default:
      sphere_fits_write_integers(file, number, count, values.map { LONGLONG($0) }, &status)
    }
  }
}
