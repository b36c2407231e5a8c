import CCFITSIO
import Foundation

/// CFITSIO as it is usually built keeps global state: one file is open at a time.
private let cfitsioLock = NSLock()

extension FitsTable {
  /// Reads the tables of a file that `accept` wants, in the order of the file.
  ///
  /// - Parameters:
  ///   - url: a FITS file, perhaps compressed with gzip.
  ///   - accept: decides by the header's keywords.
  /// - Returns: the tables, and one line about each other part of the file.
  /// - Throws: `FileError`, `FitsError`.
  package static func read(
    _ url: URL, where accept: (_ header: [String: String]) -> Bool
  ) throws -> (tables: [FitsTable], others: [String]) {
    try requireFitsMark(url)
    return try cfitsioLock.withLock {
      let reader = try FitsReader(url)
      defer { reader.close() }
      var tables: [FitsTable] = []
      var others: [String] = []
      for number in 1...max(1, try reader.partCount()) {
        let type = try reader.move(to: number)
        let header = try reader.header()
        if type != IMAGE_HDU, accept(header) {
          tables.append(try reader.table(header: header))
        } else {
          let name = FitsTable.text(header["EXTNAME"]).map { " \($0)" } ?? ""
          others.append("part \(number): \(type == IMAGE_HDU ? "image" : "table")\(name)")
        }
      }
      try reader.requireNoRest()
      return (tables, others)
    }
  }

  private static func requireFitsMark(_ url: URL) throws {
    try requireRegularFile(url)
    let start: Data
    do {
      let handle = try FileHandle(forReadingFrom: url)
      defer { try? handle.close() }
      start = try handle.read(upToCount: 9) ?? Data()
    } catch {
      throw FileError.unreadable(path: url.path, reason: error.localizedDescription)
    }
    if Array(start.prefix(2)) == [0x1f, 0x8b] || Array(start) == Array("SIMPLE  =".utf8) { return }
    let printable = start.allSatisfy { $0 >= 0x20 && $0 < 0x7f }
    let found =
      start.isEmpty
      ? "no bytes" : printable ? "'\(String(decoding: start, as: UTF8.self))'" : "binary data"
    throw FitsError(file: url.path, fault: .notFits(found: found))
  }

  /// Runs `body` while no other thread uses CFITSIO.
  static func withLibrary<Result>(_ body: () throws -> Result) rethrows -> Result {
    try cfitsioLock.withLock(body)
  }
}

/// Turns a status of CFITSIO into an error.
func requireFits(_ status: Int32, path: String, _ operation: String) throws {
  guard status > 0 else { return }
  var text = [CChar](repeating: 0, count: Int(FLEN_STATUS))
  sphere_fits_describe(status, &text)
  let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
  throw FitsError(
    file: path,
    fault: .library(
      operation: operation, status: Int(status), reason: String(decoding: bytes, as: UTF8.self)))
}

/// An open FITS file; the caller holds the lock.
private struct FitsReader {
  let file: UnsafeMutablePointer<fitsfile>
  let path: String

  init(_ url: URL) throws {
    path = url.path
    var status: Int32 = 0
    var opened: UnsafeMutablePointer<fitsfile>?
    sphere_fits_open(&opened, url.path, &status)
    try requireFits(status, path: url.path, "open the file")
    guard let opened else { throw FileError.unreadable(path: url.path, reason: "no handle") }
    file = opened
  }

  /// Nothing was written, so nothing can be lost when closing fails.
  func close() {
    var status: Int32 = 0
    sphere_fits_close(file, &status)
    if status > 0 { try? requireFits(status, path: path, "close the file") }
  }

  private func call(_ operation: String, _ body: (inout Int32) -> Void) throws {
    var status: Int32 = 0
    body(&status)
    try requireFits(status, path: path, operation)
  }

  func partCount() throws -> Int {
    var count: Int32 = 0
    try call("count the parts of the file") { _ = sphere_fits_count_hdus(file, &count, &$0) }
    return Int(count)
  }

  func move(to number: Int) throws -> Int32 {
    var type: Int32 = 0
    try call("go to part \(number)") {
      _ = sphere_fits_move_to_hdu(file, Int32(number), &type, &$0)
    }
    return type
  }

  func header() throws -> [String: String] {
    var count: Int32 = 0
    try call("count the keywords") { _ = sphere_fits_count_keywords(file, &count, &$0) }
    var name = [CChar](repeating: 0, count: Int(FLEN_KEYWORD))
    var value = [CChar](repeating: 0, count: Int(FLEN_VALUE))
    var comment = [CChar](repeating: 0, count: Int(FLEN_COMMENT))
    var header: [String: String] = [:]
    for number in stride(from: Int32(1), through: count, by: 1) {
      try call("read keyword \(number)") {
        _ = sphere_fits_read_keyword(file, number, &name, &value, &comment, &$0)
      }
      let key = text(name).uppercased()
      if header[key] == nil { header[key] = unquoted(text(value)) }
    }
    return header
  }

  private func text(_ buffer: [CChar]) -> String {
    String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// The text within FITS quotes ('' stands for one quote); other values as they are.
  private func unquoted(_ value: String) -> String {
    guard value.hasPrefix("'"), value.hasSuffix("'"), value.count >= 2 else { return value }
    return value.dropFirst().dropLast().replacingOccurrences(of: "''", with: "'")
  }

  /// The current part of the file as a table.
  func table(header: [String: String]) throws -> FitsTable {
    try requireComplete()
    var table = FitsTable(header: header)
    var columnCount: Int32 = 0
    var rowCount: LONGLONG = 0
    try call("count the columns") { _ = sphere_fits_count_columns(file, &columnCount, &$0) }
    try call("count the rows") { _ = sphere_fits_count_rows(file, &rowCount, &$0) }
    for number in stride(from: Int32(1), through: columnCount, by: 1) {
      let name = FitsTable.text(header["TTYPE\(number)"]) ?? ""
      var (stored, type): (Int32, Int32) = (0, 0)
      var repeatCount: LONGLONG = 0
      try call("read the type of column \(name)") {
        _ = sphere_fits_column_type(file, number, &stored, &type, &repeatCount, &$0)
      }
      guard let elementType = elementType(stored: stored, scaled: type) else {
        table.omittedColumns.append("\(name) (\(header["TFORM\(number)"] ?? "no TFORM"))")
        continue
      }
      // Both factors are bounded by the size of the file, which was checked.
      let count = Int(rowCount) * Int(repeatCount)
      let values =
        elementType == .bool
        ? try logicals(column: number, name: name, count: count)
        : try doubles(column: number, name: name, count: count)
      table.columns.append(
        FitsTable.Column(
          name: name, unit: FitsTable.text(header["TUNIT\(number)"]), values: values,
          valuesPerRow: Int(repeatCount), type: elementType))
    }
    return table
  }

  /// CFITSIO may fill what is missing at the end of a file with zeros, so the size is checked first.
  private func requireComplete() throws {
    var (dataEnd, fileSize): (LONGLONG, LONGLONG) = (0, 0)
    try call("measure the table") { _ = sphere_fits_extent(file, &dataEnd, &fileSize, &$0) }
    guard dataEnd >= 0, dataEnd <= fileSize else {
      let expected = dataEnd < 0 ? Int.max : Int(dataEnd)
      throw FitsError(
        file: path, fault: .truncated(found: Int(fileSize), expected: expected))
    }
  }

  /// CFITSIO does not count a part whose header is cut off, so that three tables would become two.
  func requireNoRest() throws {
    var rest: LONGLONG = 0
    try call("measure the file") { _ = sphere_fits_bytes_after(file, &rest, &$0) }
    guard rest == 0 else {
      throw FitsError(file: path, fault: .incompletePart(bytes: Int(rest)))
    }
  }

  /// Text, bits, complex numbers and arrays of variable length (negative types) are not numbers here.
  private func elementType(stored: Int32, scaled: Int32) -> TensorData.DType? {
    guard stored > 0 else { return nil }
    switch scaled {
    case TLOGICAL: return .bool
    case TBYTE: return .uint8
    case TSBYTE: return .int8
    case TSHORT: return .int16
    case TUSHORT, TINT, TLONG: return .int32
    case TUINT, TULONG, TLONGLONG, TULONGLONG: return .int64
    case TFLOAT: return .float32
    case TDOUBLE: return .float64
    default: return nil
    }
  }

  private func doubles(column: Int32, name: String, count: Int) throws -> [Double] {
    var values = [Double](repeating: 0, count: count)
    if count == 0 { return values }
    try call("read column \(name)") {
      _ = sphere_fits_read_doubles(file, column, LONGLONG(count), .nan, &values, &$0)
    }
    return values
  }

  private func logicals(column: Int32, name: String, count: Int) throws -> [Double] {
    var flags = [CChar](repeating: 0, count: count)
    if count == 0 { return [] }
    try call("read column \(name)") {
      _ = sphere_fits_read_logicals(file, column, LONGLONG(count), &flags, &$0)
    }
    return flags.map { Double($0) }
  }
}
