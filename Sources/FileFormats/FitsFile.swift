import Foundation
import MachineMemory

/// A FITS file that is open for reading, perhaps compressed with gzip: its parts, and on demand
/// their tables.
///
/// Read here, without CFITSIO, so that a header cannot ask for more than it is allowed: sizes are
/// held against the file before anything is read.
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

  /// A part's title for messages, each.
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
  /// - Returns: the table, its columns in the order of `places`.
  /// - Throws: `FileError`, `FitsError`.
  package func table(_ part: FitsPart, columns places: [Int]? = nil) throws -> FitsTable {
    let layout = try layout(of: part)
    try requireChecksums(part)
    var table = FitsTable(header: part.header)
    table.omittedColumns = layout.omitted
    let chosen = (places ?? Array(layout.columns.indices)).map { layout.columns[$0] }
    let needed = chosen.reduce(0) { $0 + 8 * layout.rowCount * $1.repeatCount }
    try requireMemory(needed, for: part)
    var values = chosen.map { column in
      var list: [Double] = []
      list.reserveCapacity(layout.rowCount * column.repeatCount)
      return list
    }
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

  /// Holds DATASUM and CHECKSUM, where the header has them, against the bytes.
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

  /// Refuses what memory does not hold, before it is taken.
  ///
  /// - Throws: `FitsError` with `.tooLarge`.
  func requireMemory(_ bytes: Int, for part: FitsPart) throws(FitsError) {
    // Asking the system takes longer than reading a small table.
    if bytes < 64 << 20 { return }
    let available = FreeMemory.bytes
    guard bytes <= available else {
      throw FitsError(
        file: path, fault: .tooLarge(content: part.title, needed: bytes, available: available))
    }
  }
}

/// Where the columns of a table lie [FITS4, 7.3].
struct FitsTableLayout {
  /// A column of numbers.
  struct Column {
    let name: String
    let unit: String?
    /// The letter of TFORMn.
    let letter: Character
    let repeatCount: Int
    /// The first byte within a row.
    let offset: Int
    let scale: Double
    let zero: Double
    /// TNULLn.
    let null: Double?
    /// The type after scaling.
    let type: TensorData.DType
  }

  let rowCount: Int
  let rowBytes: Int
  let columns: [Column]
  /// Columns that are not numbers, with their types.
  let omitted: [String]

  init(_ part: FitsPart) throws(FitsFault) {
    func integer(_ keyword: String, in range: ClosedRange<Int>) throws(FitsFault) -> Int {
      let text = part.text(keyword)
      guard let value = text.flatMap({ Int($0) }), range.contains(value) else {
        throw .badHeader(
          part: part.number, keyword: keyword, found: text ?? "missing",
          expected: "an integer in \(range)")
      }
      return value
    }
    rowBytes = try integer("NAXIS1", in: 0...Int.max)
    rowCount = try integer("NAXIS2", in: 0...Int.max)
    var columns: [Column] = []
    var omitted: [String] = []
    var offset = 0
    for number in stride(from: 1, through: try integer("TFIELDS", in: 0...999), by: 1) {
      let name = part.text("TTYPE\(number)") ?? ""
      let form = part.text("TFORM\(number)") ?? ""
      let digits = form.prefix { $0.isASCII && $0.isNumber }
      guard let letter = form.dropFirst(digits.count).first?.uppercased().first,
        let repeatCount = digits.isEmpty ? 1 : Int(digits), let size = Self.sizes[letter],
        repeatCount / (letter == "X" ? 8 : 1) <= rowBytes / size, offset <= rowBytes
      else {
        throw .badHeader(
          part: part.number, keyword: "TFORM\(number)", found: form.isEmpty ? "missing" : form,
          expected: "a count and one of LXBIJKAEDCMPQ that fit a row of \(rowBytes) bytes")
      }
      let width = letter == "X" ? (repeatCount + 7) / 8 : repeatCount * size
      defer { offset += width }
      func real(_ keyword: String, _ standard: Double) throws(FitsFault) -> Double {
        guard let text = part.text("\(keyword)\(number)") else { return standard }
        // FITS also writes exponents with D.
        guard let value = Double(text.replacing("D", with: "E")), value.isFinite else {
          throw .badHeader(
            part: part.number, keyword: "\(keyword)\(number)", found: text, expected: "a number")
        }
        return value
      }
      let (scale, zero) = (try real("TSCAL", 1), try real("TZERO", 0))
      guard let type = Self.type(letter, scale: scale, zero: zero) else {
        omitted.append("\(name) (\(form))")
        continue
      }
      columns.append(
        Column(
          name: name, unit: part.text("TUNIT\(number)"), letter: letter,
          repeatCount: repeatCount, offset: offset, scale: scale, zero: zero,
          null: part.text("TNULL\(number)").flatMap { Double($0) }, type: type))
    }
    guard offset == rowBytes else {
      throw .badHeader(
        part: part.number, keyword: "NAXIS1", found: "\(rowBytes)",
        expected: "\(offset), the bytes of a row by TFORMn")
    }
    // Rows without bytes could be any number of them.
    let (total, overflow) = rowBytes.multipliedReportingOverflow(by: rowCount)
    guard !overflow, total <= part.dataCount, rowBytes > 0 || rowCount == 0 else {
      throw .badHeader(
        part: part.number, keyword: "NAXIS2", found: "\(rowCount)",
        expected: "a number of rows that the data hold")
    }
    self.columns = columns
    self.omitted = omitted
  }

  /// Bytes of one element by the letter of TFORMn.
  private static let sizes: [Character: Int] = [
    "L": 1, "X": 1, "B": 1, "I": 2, "J": 4, "K": 8, "A": 1, "E": 4, "D": 8, "C": 8, "M": 16,
    "P": 8, "Q": 16,
  ]

  /// The type of the scaled values; nil for what is no number: text, bits, complex numbers, arrays
  /// of variable length.
  private static func type(_ letter: Character, scale: Double, zero: Double) -> TensorData.DType? {
    let range: (Double, Double)
    switch letter {
    case "L": return .bool
    case "E": return .float32
    case "D": return .float64
    case "B": range = (0, 255)
    case "I": range = (-0x1p15, 0x1p15 - 1)
    case "J": range = (-0x1p31, 0x1p31 - 1)
    case "K": return scale == 1 && zero.rounded() == zero ? .int64 : .float64
    default: return nil
    }
    guard scale == 1, zero.rounded() == zero else { return letter == "J" ? .float64 : .float32 }
    if zero == 0 { return letter == "B" ? .uint8 : letter == "I" ? .int16 : .int32 }
    let (least, most) = (range.0 + zero, range.1 + zero)
    if least >= 0 && most <= 255 { return .uint8 }
    if least >= -128 && most <= 127 { return .int8 }
    if least >= -0x1p15 && most < 0x1p15 { return .int16 }
    return least >= -0x1p31 && most < 0x1p31 ? .int32 : .int64
  }
}

extension FitsTableLayout.Column {
  /// Appends the values of one row; nulls become NaN and are counted.
  func decode(_ bytes: [UInt8], at start: Int, into values: inout [Double], _ nulls: inout Int) {
    switch letter {
    case "E":
      for place in stride(from: start, to: start + 4 * repeatCount, by: 4) {
        append(Double(Float(bitPattern: integer(bytes, place))), &values, &nulls)
      }
    case "D":
      for place in stride(from: start, to: start + 8 * repeatCount, by: 8) {
        append(Double(bitPattern: integer(bytes, place)), &values, &nulls)
      }
    case "B":
      for place in start..<start + repeatCount { append(Double(bytes[place]), &values, &nulls) }
    case "I":
      for place in stride(from: start, to: start + 2 * repeatCount, by: 2) {
        let bits: UInt16 = integer(bytes, place)
        append(Double(Int16(bitPattern: bits)), &values, &nulls)
      }
    case "J":
      for place in stride(from: start, to: start + 4 * repeatCount, by: 4) {
        let bits: UInt32 = integer(bytes, place)
        append(Double(Int32(bitPattern: bits)), &values, &nulls)
      }
    case "K":
      for place in stride(from: start, to: start + 8 * repeatCount, by: 8) {
        let bits: UInt64 = integer(bytes, place)
        append(Double(Int64(bitPattern: bits)), &values, &nulls)
      }
    default:
      for place in start..<start + repeatCount {
        switch bytes[place] {
        case UInt8(ascii: "T"): values.append(1)
        case UInt8(ascii: "F"): values.append(0)
        default:
          values.append(.nan)
          nulls += 1
        }
      }
    }
  }

  private func append(_ stored: Double, _ values: inout [Double], _ nulls: inout Int) {
    if let null, stored == null {
      nulls += 1
      values.append(.nan)
    } else {
      values.append(scale == 1 && zero == 0 ? stored : stored * scale + zero)
    }
  }

  private func integer<T: FixedWidthInteger>(_ bytes: [UInt8], _ place: Int) -> T {
    var result: T = 0
    for byte in bytes[place..<place + MemoryLayout<T>.size] {
      result = result << 8 | T(truncatingIfNeeded: byte)
    }
    return result
  }
}
