/// One part of a FITS file (HDU): its header, and where its data lie [FITS4, 3.3].
package struct FitsPart: Sendable {
  /// What the data are.
  package enum Kind: String, Sendable {
    case image
    case table
    /// A table of text (XTENSION = TABLE) or an extension of another kind.
    case other
  }

  /// From 0, the primary part.
  package let number: Int
  package let kind: Kind
  /// The header's keywords with their values as text, the first of each name.
  package let header: [String: String]
  /// The first byte of the header.
  let start: Int
  /// The first byte of the data.
  let dataStart: Int
  /// Number of bytes of the data, without padding.
  let dataCount: Int

  /// The size of a record; header and data are padded to multiples of it.
  static let record = 2880
  /// Longest header that is read: 36,000 cards.
  private static let largestHeader = 1000
  /// Most parts that are read.
  static let largestNumber = 9999

  /// The first byte after the padded data.
  var end: Int { dataStart + (dataCount + Self.record - 1) / Self.record * Self.record }

  /// A keyword without surrounding blanks; nil if it is missing or empty.
  package func text(_ name: String) -> String? { FitsTable.text(header[name]) }

  /// The names of the columns of a table, "" for those without one.
  package var columnNames: [String] {
    guard kind == .table else { return [] }
    return (1...999).prefix { header["TFORM\($0)"] != nil }.map { text("TTYPE\($0)") ?? "" }
  }

  /// The part for messages: its number, what it is, its name, the names of its columns.
  package var title: String {
    let name = text("EXTNAME").map { " \($0)" } ?? ""
    let names = columnNames.map { $0.isEmpty ? "(no name)" : $0 }
    let shown = names.prefix(8).joined(separator: ", ") + (names.count > 8 ? ", ..." : "")
    return "HDU \(number): \(kind.rawValue)\(name)" + (names.isEmpty ? "" : " (\(shown))")
  }

  /// Reads the header at a place of a file.
  ///
  /// - Returns: the part; nil at the end of the file.
  /// - Throws: `FileError`, `FitsError` with `.incompletePart`, `.badHeader`.
  init?(_ source: FitsSource, number: Int, at start: Int) throws {
    var header: [String: String] = [:]
    var isEnded = false
    var position = start
    var continued: String?
    while !isEnded {
      let block = try source.bytes(at: position, count: Self.record)
      if position == start && block.isEmpty { return nil }
      let isHeader =
        position > start
        || block.starts(with: Array((number == 0 ? "SIMPLE  =" : "XTENSION=").utf8))
      guard block.count == Self.record, isHeader else {
        // What follows the last part, or a part whose header is cut off.
        let rest = position - start + block.count
        throw FitsError(file: source.path, fault: .incompletePart(bytes: rest))
      }
      guard position - start < Self.largestHeader * Self.record else {
        throw FitsError(
          file: source.path,
          fault: .badHeader(
            part: number, keyword: "END", found: "missing",
            expected: "it after at most \(36 * Self.largestHeader) cards"))
      }
      for card in stride(from: 0, to: Self.record, by: 80) {
        let card = Card(block[card..<card + 80])
        if card.name == "END" && card.value == nil {
          isEnded = true
          break
        }
        if card.name == "CONTINUE", let name = continued, let text = card.continuation {
          header[name] = (header[name] ?? "").dropLast() + text
          if !text.hasSuffix("&") { continued = nil }
          continue
        }
        continued = nil
        guard let value = card.value, header[card.name] == nil else { continue }
        header[card.name] = value
        if card.isText && value.hasSuffix("&") { continued = card.name }
      }
      position += Self.record
    }
    self.number = number
    self.header = header
    self.start = start
    dataStart = position
    switch (number == 0 ? "IMAGE" : FitsTable.text(header["XTENSION"]) ?? "") {
    case "IMAGE", "IUEIMAGE": kind = .image
    case "BINTABLE", "A3DTABLE": kind = .table
    default: kind = .other
    }
    do throws(FitsFault) {
      dataCount = try Self.dataCount(header, number: number, isTable: kind == .table)
    } catch {
      throw FitsError(file: source.path, fault: error)
    }
  }

  /// |BITPIX| / 8 · GCOUNT · (PCOUNT + NAXIS1 · NAXIS2 ...), 0 without axes [FITS4, eq. 2].
  private static func dataCount(
    _ header: [String: String], number: Int, isTable: Bool
  ) throws(FitsFault) -> Int {
    func integer(
      _ keyword: String, default standard: Int? = nil, in range: ClosedRange<Int> = 0...Int.max
    ) throws(FitsFault) -> Int {
      guard let text = FitsTable.text(header[keyword]) else {
        if let standard { return standard }
        throw .badHeader(
          part: number, keyword: keyword, found: "missing", expected: "an integer")
      }
      guard let value = Int(text), range.contains(value) else {
        let limits =
          range.upperBound == .max
          ? "an integer >= \(range.lowerBound)" : "an integer in \(range)"
        throw .badHeader(part: number, keyword: keyword, found: text, expected: limits)
      }
      return value
    }
    let bits = try integer("BITPIX", in: -64...64)
    guard [8, 16, 32, 64, -32, -64].contains(bits), !isTable || bits == 8 else {
      throw .badHeader(
        part: number, keyword: "BITPIX", found: "\(bits)",
        expected: isTable ? "8 in a table" : "8, 16, 32, 64, -32 or -64")
    }
    let axes = try integer("NAXIS", in: 0...999)
    guard !isTable || axes == 2 else {
      throw .badHeader(part: number, keyword: "NAXIS", found: "\(axes)", expected: "2 in a table")
    }
    if axes == 0 { return 0 }
    var (count, isTooLarge) = (1, false)
    func multiply(_ factor: Int) {
      let (product, overflow) = count.multipliedReportingOverflow(by: factor)
      isTooLarge = isTooLarge || overflow
      count = overflow ? 1 : product
    }
    for axis in 1...axes { multiply(try integer("NAXIS\(axis)")) }
    let (sum, overflow) = count.addingReportingOverflow(try integer("PCOUNT", default: 0))
    isTooLarge = isTooLarge || overflow
    count = overflow ? 1 : sum
    multiply(try integer("GCOUNT", default: 1))
    multiply(abs(bits) / 8)
    guard !isTooLarge, count < Int.max / 4 else {
      throw .badHeader(
        part: number, keyword: "NAXISn", found: "more data than a file can hold",
        expected: "the size of the data")
    }
    return count
  }

  /// One line of a header [FITS4, 4.1].
  private struct Card {
    let name: String
    /// Nil for comments and other lines without a value.
    let value: String?
    /// Whether the value is in quotes.
    private(set) var isText = false
    /// The text of a line CONTINUE.
    private(set) var continuation: String?

    init(_ bytes: ArraySlice<UInt8>) {
      let bytes = Array(bytes)
      name = Self.trimmed(bytes[0..<8]).uppercased()
      if bytes[8] == UInt8(ascii: "="), bytes[9] == UInt8(ascii: " ") {
        (value, isText) = Self.value(bytes[10...])
      } else {
        value = nil
        if name == "CONTINUE" {
          let text = Self.value(bytes[8...])
          continuation = text.isText ? text.value : nil
        }
      }
    }

    /// A text without its quotes ('' stands for one quote), or what stands before the comment.
    private static func value(_ bytes: ArraySlice<UInt8>) -> (value: String, isText: Bool) {
      let rest = bytes.drop { $0 == UInt8(ascii: " ") }
      let quote = UInt8(ascii: "'")
      guard rest.first == quote else {
        return (trimmed(rest.prefix { $0 != UInt8(ascii: "/") }), false)
      }
      var text: [UInt8] = []
      var place = rest.startIndex + 1
      while place < rest.endIndex {
        if rest[place] == quote {
          guard place + 1 < rest.endIndex, rest[place + 1] == quote else { break }
          place += 1
        }
        text.append(rest[place])
        place += 1
      }
      return (trimmed(text[...]), true)
    }

    /// Headers are ASCII. Other bytes are taken for UTF-8, or else for Latin-1, and what a terminal
    /// would act on is spelled out.
    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> String {
      let first = bytes.firstIndex { $0 != UInt8(ascii: " ") } ?? bytes.endIndex
      let last = bytes.lastIndex { $0 != UInt8(ascii: " ") } ?? bytes.startIndex
      guard first <= last, first < bytes.endIndex else { return "" }
      let bytes = bytes[first...last]
      let text = String(decoding: bytes, as: UTF8.self)
      if !text.unicodeScalars.contains("\u{fffd}") { return printable(text) }
      var latin = String.UnicodeScalarView()
      latin.append(contentsOf: bytes.map { Unicode.Scalar($0) })
      return printable(String(latin))
    }
  }
}
