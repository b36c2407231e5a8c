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
  /// - Throws: `FileError`, with the system's reason where there is one.
  package static func write(_ tables: [FitsTable], to url: URL) throws {
    try AtomicFile.write(to: url) { temporary in
      // CFITSIO creates files and does not overwrite them.
      try systemCall(unlink(temporary.path)) { .writeFailed(path: url.path, reason: $0) }
      try cfitsioLock.withLock { try create(tables, at: temporary.path, path: url.path) }
    }
  }

  private static func create(_ tables: [FitsTable], at temporary: String, path: String) throws {
    var status: Int32 = 0
    var created: UnsafeMutablePointer<fitsfile>?
    errno = 0
    sphere_fits_create(&created, temporary, &status)
    try requireWritten(status, errno, path: path)
    guard let file = created else {
      throw FileError.writeFailed(path: path, reason: "CFITSIO gives no handle")
    }
    errno = 0
    for table in tables where status == 0 { table.append(to: file, &status) }
    let size = sphere_fits_flush(file, &status)
    // The first fault is the one to report, yet the file must be closed in any case.
    let firstFault = errno
    var closingStatus: Int32 = 0
    errno = 0
    sphere_fits_close(file, &closingStatus)
    let lastFault = errno
    try requireWritten(status, firstFault, path: path)
    try requireWritten(closingStatus, lastFault, path: path)
    // CFITSIO does not notice when the system refuses its last buffer: the file is too short then.
    var information = stat()
    guard stat(temporary, &information) == 0, information.st_size == off_t(size) else {
      throw FileError.writeFailed(
        path: path,
        reason: reasonForMissingEnd(
          temporary, size: Int(size), firstFault == 0 ? lastFault : firstFault))
    }
  }

  /// Why the end of a file is missing: what the system said before, or what it says to another try to
  /// write there.
  private static func reasonForMissingEnd(_ path: String, size: Int, _ fault: Int32) -> String {
    if fault != 0 { return systemErrorText(fault) }
    let missing = "the end of the file is missing"
    let descriptor = open(path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return missing }
    defer { close(descriptor) }
    let start = Int(lseek(descriptor, 0, SEEK_END))
    guard start >= 0, size > start else { return missing }
    let zeros = [UInt8](repeating: 0, count: size - start)
    let written = Foundation.write(descriptor, zeros, zeros.count)
    if written < 0 { return systemErrorText(errno) }
    // A disk takes what still fits, and refuses the rest.
    let again = written < zeros.count ? Foundation.write(descriptor, zeros, zeros.count - written) : 0
    return again < 0 ? systemErrorText(errno) : missing
  }

  /// Turns a status of CFITSIO into an error: the operating system's reason if a call of it failed,
  /// else CFITSIO's words.
  private static func requireWritten(
    _ status: Int32, _ systemFault: Int32, path: String
  ) throws(FileError) {
    guard status > 0 else { return }
    var text = [CChar](repeating: 0, count: Int(FLEN_STATUS))
    sphere_fits_describe(status, &text)
    let words = String(
      decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let isSystemFault =
      systemFault != 0
      && [FILE_NOT_CREATED, WRITE_ERROR, FILE_NOT_CLOSED, SEEK_ERROR, READ_ERROR].contains(status)
    throw .writeFailed(
      path: path,
      reason: isSystemFault
        ? String(cString: strerror(systemFault)) : "CFITSIO, status \(status): \(words)")
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
