import CCFITSIO
import Foundation

/// CFITSIO as it is usually built keeps global state: one file is written at a time.
private let cfitsioLock = NSLock()

extension FitsTable {
  /// Writes a file of binary tables after an empty primary part, complete or not at all.
  ///
  /// Domain: columns of one table have equally many rows (a precondition); types are float32,
  ///         float64, int32 or int64; a float32 column's values fit (checked by the callers).
  ///
  /// - Throws: `FileError`.
  package static func write(_ tables: [FitsTable], to url: URL) throws {
    let data = try cfitsioLock.withLock { try contents(of: tables, path: url.path) }
    try AtomicFile.write(data, to: url)
  }

  /// The bytes of a file with these tables.
  ///
  /// CFITSIO makes them in memory: for a file on disk it does not notice when the system refuses
  /// the last buffer, and it does not pass on the system's reason when any buffer is refused.
  private static func contents(of tables: [FitsTable], path: String) throws -> Data {
    var status: Int32 = 0
    var created: UnsafeMutablePointer<fitsfile>?
    // CFITSIO keeps the address of this structure while the file is open.
    let memory = UnsafeMutablePointer<sphere_fits_memory>.allocate(capacity: 1)
    memory.initialize(to: sphere_fits_memory())
    defer {
      free(memory.pointee.bytes)
      memory.deallocate()
    }
    let numbers = tables.reduce(0) { $0 + $1.columns.reduce(0) { $0 + $1.values.count } }
    sphere_fits_create(&created, memory, max(1 << 16, 4 * numbers), &status)
    try requireWritten(status, path: path)
    guard let file = created else {
      throw FileError.writeFailed(path: path, reason: "CFITSIO gives no handle")
    }
    for table in tables where status == 0 { table.append(to: file, &status) }
    let size = sphere_fits_flush(file, &status)
    // The first fault is the one to report, yet the file must be closed in any case.
    var closingStatus: Int32 = 0
    sphere_fits_close(file, &closingStatus)
    try requireWritten(status, path: path)
    try requireWritten(closingStatus, path: path)
    guard let bytes = memory.pointee.bytes, size > 0, size <= memory.pointee.size else {
      throw FileError.writeFailed(path: path, reason: "CFITSIO gives no bytes")
    }
    return Data(bytes: bytes, count: Int(size))
  }

  /// Turns a status of CFITSIO into an error.
  private static func requireWritten(_ status: Int32, path: String) throws(FileError) {
    guard status > 0 else { return }
    var text = [CChar](repeating: 0, count: Int(FLEN_STATUS))
    sphere_fits_describe(status, &text)
    let words = String(
      decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    throw .writeFailed(path: path, reason: "CFITSIO, status \(status): \(words)")
  }

  private func append(to file: UnsafeMutablePointer<fitsfile>, _ status: inout Int32) {
    sphere_fits_create_table(file, &status)
    for (index, column) in textColumns.enumerated() {
      let width = max(column.values.map(\.utf8.count).max() ?? 1, 1)
      sphere_fits_append_column(file, Int32(index + 1), column.name, "\(width)A", &status)
    }
    for (index, column) in columns.enumerated() {
      let number = Int32(textColumns.count + index + 1)
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
    let rowCount =
      textColumns.first?.values.count
      ?? columns.first.map { $0.values.count / $0.valuesPerRow } ?? 0
    for (index, column) in textColumns.enumerated() {
      precondition(
        column.values.count == rowCount,
        "column \(column.name) has \(column.values.count) texts in \(rowCount) rows")
      column.write(to: file, number: Int32(index + 1), &status)
    }
    for (index, column) in columns.enumerated() {
      precondition(
        column.values.count == rowCount * column.valuesPerRow,
        "column \(column.name) has \(column.values.count) values in \(rowCount) rows")
      column.write(to: file, number: Int32(textColumns.count + index + 1), &status)
    }
  }
}

extension FitsTable.TextColumn {
  fileprivate func write(
    to file: UnsafeMutablePointer<fitsfile>, number: Int32, _ status: inout Int32
  ) {
    var texts = values.map { strdup($0) }
    defer { for text in texts { free(text) } }
    sphere_fits_write_strings(file, number, LONGLONG(texts.count), &texts, &status)
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
