import Foundation
import MachineMemory

/// A FITS file that is open for reading, perhaps compressed with gzip: its parts, and on demand
/// their tables.
///
/// The file is read here, without CFITSIO, so that a header cannot ask for more than is allowed:
/// sizes are compared with the file before anything is read.
package struct FitsFile {
  /// All parts in the file's order, the primary one first.
  package let parts: [FitsPart]
  /// The file's path.
  package let path: String
  private let source: FitsSource

  /// Opens a file and reads all headers.
  ///
  /// - Throws: `FileError`, `FitsError`.
  package init(_ url: URL) throws {
    source = try FitsSource(url)
    path = source.path
    var parts: [FitsPart] = []
    var position = 0
    while let part = try FitsPart(source, number: parts.count, at: position) {
      guard parts.count < FitsPart.largestNumber else {
        throw FitsError(
          file: path,
          fault: .badHeader(
            part: parts.count, keyword: "XTENSION", found: "one more part",
            expected: "at most \(FitsPart.largestNumber) parts"))
      }
      parts.append(part)
      position = part.end
      let dataEnd = part.dataStart + part.dataCount
      let size = try source.size(upTo: position)
      guard size >= dataEnd else {
        throw FitsError(file: path, fault: .truncated(found: size, expected: dataEnd))
      }
    }
    self.parts = parts
  }

  /// The title of each part, for messages.
  package var titles: [String] { parts.map(\.title) }

  /// The columns of a table as its header describes them, without their values.
  ///
  /// - Throws: `FitsError` with `.badHeader`.
  func layout(of part: FitsPart) throws(FitsError) -> FitsTableLayout {
    do throws(FitsFault) {
      return try FitsTableLayout(part)
    } catch {
      throw FitsError(file: path, fault: error)
    }
  }

  /// A table with those of its columns that hold numbers.
  ///
  /// - Parameters:
  ///   - part: a table of this file.
  ///   - places: indices into the layout's columns; nil: all.
  ///   - texts: whether columns of texts are read too.
  /// - Returns: the table, its columns in the order of `places`.
  /// - Throws: `FileError`, `FitsError`.
  package func table(
    _ part: FitsPart, columns places: [Int]? = nil, texts: Bool = false
  ) throws -> FitsTable {
    let layout = try layout(of: part)
    try requireChecksums(part)
    var table = FitsTable(header: part.header)
    table.omittedColumns = layout.omitted
    let chosen = (places ?? Array(layout.columns.indices)).map { layout.columns[$0] }
    let textLayouts = texts ? layout.texts : []
    // A text takes 16 bytes and its own.
    let needed =
      chosen.reduce(0) { $0 + 8 * layout.rowCount * $1.repeatCount }
      + textLayouts.reduce(0) { $0 + layout.rowCount * (16 + $1.width) }
    try requireMemory(needed, for: part)
    var values = chosen.map { column in
      var list: [Double] = []
      list.reserveCapacity(layout.rowCount * column.repeatCount)
      return list
    }
    table.textColumns = textLayouts.map { FitsTable.TextColumn(name: $0.name, values: []) }
    var nullCounts = [Int](repeating: 0, count: chosen.count)
    let step = max(1, (1 << 20) / max(1, layout.rowBytes))
    for first in stride(from: 0, to: layout.rowCount, by: step) {
      let rows = min(step, layout.rowCount - first)
      let bytes = try source.bytes(
        at: part.dataStart + first * layout.rowBytes, count: rows * layout.rowBytes)
      // The file was long enough when it was opened.
      guard bytes.count == rows * layout.rowBytes else {
        throw FitsError(
          file: path,
          fault: .truncated(
            found: part.dataStart + first * layout.rowBytes + bytes.count,
            expected: part.dataStart + part.dataCount))
      }
      for (k, text) in textLayouts.enumerated() {
        for row in 0..<rows {
          let start = row * layout.rowBytes + text.offset
          table.textColumns[k].values.append(text.decode(bytes[start..<start + text.width]))
        }
      }
      for (k, column) in chosen.enumerated() {
        for row in 0..<rows {
          column.decode(
            bytes, at: row * layout.rowBytes + column.offset, into: &values[k], &nullCounts[k])
        }
      }
    }
    for (k, column) in chosen.enumerated() {
      table.columns.append(
        FitsTable.Column(
          name: column.name, unit: column.unit, values: values[k],
          valuesPerRow: column.repeatCount, type: column.type, nullCount: nullCounts[k]))
    }
    return table
  }

  /// Compares DATASUM and CHECKSUM, where the header has them, with the bytes.
  private func requireChecksums(_ part: FitsPart) throws {
    let dataText = part.text("DATASUM")
    let hasChecksum = part.text("CHECKSUM") != nil
    guard dataText != nil || hasChecksum else { return }
    let data = try checksum(from: part.dataStart, to: part.end)
    // 0 and its complement are the same number.
    func isSame(_ a: UInt32, _ b: UInt32) -> Bool { a == b || (a &+ 1 <= 1 && b &+ 1 <= 1) }
    do throws(FitsFault) {
      if let dataText {
        guard let expected = UInt32(dataText), isSame(data.total, expected) else {
          throw .checksumMismatch(
            part: part.number, keyword: "DATASUM", found: "\(data.total)", expected: dataText)
        }
      }
    } catch {
      throw FitsError(file: path, fault: error)
    }
    if hasChecksum {
      let all = try checksum(from: part.start, to: part.end)
      guard isSame(all.total, .max) else {
        throw FitsError(
          file: path,
          fault: .checksumMismatch(
            part: part.number, keyword: "CHECKSUM", found: "a sum of \(all.total)",
            expected: "\(UInt32.max) over header and data"))
      }
    }
  }

  private func checksum(from start: Int, to end: Int) throws -> FitsChecksum {
    var checksum = FitsChecksum()
    for place in stride(from: start, to: end, by: 1 << 20) {
      checksum.add(try source.bytes(at: place, count: min(1 << 20, end - place)))
    }
    return checksum
  }

  /// Refuses what does not fit the memory, before any is taken.
  ///
  /// - Throws: `FitsError` with `.tooLarge`.
  package func requireMemory(_ bytes: Int, for part: FitsPart) throws(FitsError) {
    // Asking the system takes longer than reading a small table.
    if bytes < 64 << 20 { return }
    let available = FreeMemory.bytes
    guard bytes <= available else {
      throw FitsError(
        file: path, fault: .tooLarge(content: part.title, needed: bytes, available: available))
    }
  }
}
