import Foundation
import MachineMemory

/// Where the columns of a table lie [FITS4, 7.3].
package struct FitsTableLayout {
  /// A column of numbers.
  package struct Column {
    /// TTYPEn, "" if there is none.
    package let name: String
    /// TUNITn.
    package let unit: String?
    /// The letter of TFORMn.
    let letter: Character
    /// Number of elements in each row, the count of TFORMn.
    package let repeatCount: Int
    /// The first byte within a row.
    let offset: Int
    let scale: Double
    let zero: Double
    /// TNULLn.
    let null: Double?
    /// The type after scaling.
    let type: TensorData.DType
  }

  /// A column of texts.
  struct Text {
    /// TTYPEn, "" if there is none.
    let name: String
    /// The first byte within a row.
    let offset: Int
    /// Bytes of a text.
    let width: Int

    /// The text before the first null byte, without blanks at the end [FITS4, 7.3.3.1].
    func decode(_ bytes: ArraySlice<UInt8>) -> String {
      let text = bytes.prefix { $0 != 0 }
      let end = text.lastIndex { $0 != UInt8(ascii: " ") }.map { $0 + 1 } ?? text.startIndex
      return printable(String(decoding: text[..<end], as: UTF8.self))
    }
  }

  /// Number of rows.
  package let rowCount: Int
  /// Number of bytes of a row.
  let rowBytes: Int
  /// The columns of numbers, in the order of the table.
  package let columns: [Column]
  /// Columns that are not numbers, with their types.
  package let omitted: [String]
  /// Those of them that are texts.
  let texts: [Text]

  /// The columns as the header of a table describes them.
  ///
  /// - Throws: `FitsFault.badHeader`.
  package init(_ part: FitsPart) throws(FitsFault) {
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
    var texts: [Text] = []
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
        if letter == "A" { texts.append(Text(name: name, offset: offset, width: width)) }
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
    self.texts = texts
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
