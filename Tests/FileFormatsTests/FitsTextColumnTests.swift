import Foundation
import Testing
import Verification

@testable import FileFormats

@Suite("Columns of texts in FITS tables")
struct FitsTextColumnTests {
  private func read(_ table: FitsTable, texts: Bool) throws -> FitsTable? {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("table.fits")
      try FitsTable.write([table], to: url)
      return try FitsTable.read(url, texts: texts) { $0["TFIELDS"] != nil }.tables.first
    }
  }

  /// Texts come back without the blanks at their ends; other columns are as before. Without `texts`
  /// they are left out, and named either way.
  @Test("Round trip")
  func roundTrip() throws {
    let names = FitsTable.TextColumn(name: "NAME", values: ["tau", "", " a 'b' ", "long name"])
    let units = FitsTable.TextColumn(name: "UNIT", values: ["", "", "", ""])
    let numbers = FitsTable.Column(name: "X", values: [1, .nan, 3, 4], type: .float64)
    let table = FitsTable(textColumns: [names, units], columns: [numbers])
    let found = try #require(try read(table, texts: true))
    #expect(found.textColumns.map(\.name) == ["NAME", "UNIT"])
    #expect(found.textColumns[0].values == ["tau", "", " a 'b'", "long name"])
    #expect(found.textColumns[1].values == ["", "", "", ""])
    #expect(found.columns[0].values[3] == 4 && found.columns[0].values[1].isNaN)
    #expect(found.omittedColumns == ["NAME (9A)", "UNIT (1A)"])
    let without = try #require(try read(table, texts: false))
    #expect(without.textColumns.isEmpty && without.columns[0].values[2] == 3)
    #expect(without.omittedColumns == found.omittedColumns)
  }

  /// Many rows are read in pieces; a table may have texts only, or no rows.
  @Test("Sizes")
  func sizes() throws {
    let values = (0..<50_000).map { "row \($0) " + String(repeating: "x", count: 40) }
    let table = FitsTable(
      textColumns: [FitsTable.TextColumn(name: "T", values: values)], columns: [])
    #expect(try read(table, texts: true)?.textColumns[0].values == values)
    let empty = FitsTable(
      textColumns: [FitsTable.TextColumn(name: "T", values: [])],
      columns: [FitsTable.Column(name: "X", values: [], type: .float64)])
    #expect(try read(empty, texts: true)?.textColumns[0].values == [])
  }

  /// What a terminal would act on is spelled out; a null byte ends a text.
  @Test("Hostile texts")
  func hostile() {
    let bytes = Array("a\u{1b}[31m\0rest   ".utf8)
    let text = FitsTableLayout.Text(name: "", offset: 0, width: bytes.count)
    #expect(text.decode(bytes[...]) == "a\\u{1b}[31m")
    #expect(text.decode(bytes[0..<0]) == "")
    #expect(text.decode([0xff, 0x20][...]) == "\u{fffd}")
  }
}
