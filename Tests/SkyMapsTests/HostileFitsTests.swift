import FileFormats
import Foundation
import Testing
import Verification

@testable import SkyMaps

/// Headers that ask for more than they are allowed, and tables far smaller than the sky.
@Suite("Hostile FITS files")
struct HostileFitsTests {
  private func fault(_ cards: [String], data: Int = 2880) throws -> FitsFault? {
    let text = (cards + ["END"]).map { $0.padding(toLength: 80, withPad: " ", startingAt: 0) }
      .joined()
    let size = (text.utf8.count + 2879) / 2880 * 2880
    var bytes = Data(text.padding(toLength: size, withPad: " ", startingAt: 0).utf8)
    bytes.append(Data(count: data))
    return try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("x.fits")
      try bytes.write(to: url)
      return (thrown { try HealpixMapFile(contentsOf: url) } as? FitsError)?.fault
    }
  }

  private func card(_ keyword: String, _ value: String) -> String {
    keyword.padding(toLength: 8, withPad: " ", startingAt: 0) + "= "
      + String(repeating: " ", count: max(0, 20 - value.count)) + value
  }

  private func axes(_ count: Int, _ size: String) -> [String] {
    [card("SIMPLE", "T"), card("BITPIX", "-32"), card("NAXIS", "\(count)")]
      + (1...max(1, min(count, 999))).map { card("NAXIS\($0)", size) }
  }

  private func table(_ replaced: [String: String]) -> [String] {
    let usual = [
      ("XTENSION", "'BINTABLE'"), ("BITPIX", "8"), ("NAXIS", "2"), ("NAXIS1", "8"),
      ("NAXIS2", "12"), ("PCOUNT", "0"), ("GCOUNT", "1"), ("TFIELDS", "1"), ("TFORM1", "'D'"),
      ("PIXTYPE", "'HEALPIX'"), ("NSIDE", "1"), ("ORDERING", "'RING'"),
    ]
    return usual.map { card($0.0, replaced[$0.0] ?? $0.1) }
  }

  /// A primary header of one record, then a table.
  private func tableFault(_ replaced: [String: String], data: Int = 2880) throws -> FitsFault? {
    let primary = [card("SIMPLE", "T"), card("BITPIX", "8"), card("NAXIS", "0"), "END"]
    let blank = String(repeating: " ", count: 80)
    let cards = primary + [String](repeating: blank, count: 32)
    return try fault(cards + table(replaced), data: data)
  }

  @Test("Axes")
  func axisCounts() throws {
    guard case .badHeader(part: 0, keyword: "NAXISn", _, _)? = try fault(axes(999, "2")) else {
      Issue.record("2^999 numbers are accepted")
      return
    }
    for count in [-1, 1000] {
      guard case .badHeader(part: 0, keyword: "NAXIS", _, _)? = try fault(axes(count, "2")) else {
        Issue.record("NAXIS \(count) is accepted")
        continue
      }
    }
    guard case .badHeader(part: 0, keyword: "NAXIS1", _, _)? = try fault(axes(1, "-5")) else {
      Issue.record("NAXIS1 -5 is accepted")
      return
    }
    guard case .truncated(_, expected: 2880 + 4_000_000_000)? = try fault(axes(1, "1000000000"))
    else {
      Issue.record("more data than the file has are accepted")
      return
    }
  }

  /// Negative control: the usual table is read.
  @Test("Tables")
  func tables() throws {
    #expect(try tableFault([:]) == nil)
    let huge = "9223372036854775807"
    for (keyword, value) in [
      ("NAXIS", "3"), ("NAXIS1", huge), ("NAXIS2", huge), ("PCOUNT", huge), ("GCOUNT", huge),
      ("TFIELDS", "1000"), ("TFIELDS", "2"), ("TFORM1", "'9223372036854775807D'"),
      ("TFORM1", "'9223372036854775807X'"), ("TFORM1", "'Z'"), ("TFORM1", "'2D'"),
      ("BITPIX", "16"), ("BITPIX", "7"),
    ] {
      guard case .badHeader? = try tableFault([keyword: value]) else {
        Issue.record(
          "\(keyword) = \(value): \(String(describing: try tableFault([keyword: value])))")
        continue
      }
    }
    // Rows without bytes, any number of them.
    let empty = ["NAXIS1": "0", "NAXIS2": huge, "TFORM1": "'0D'"]
    guard case .badHeader(part: 1, keyword: "NAXIS2", _, _)? = try tableFault(empty, data: 0)
    else {
      Issue.record("rows without bytes are accepted")
      return
    }
  }

  @Test("Control characters of a header are spelled out")
  func controlCharacters() throws {
    guard
      case .unknownOrdering(let found)? = try tableFault(["ORDERING": "'A\u{1b}[2J\u{7}'"])
    else {
      Issue.record("an unknown ordering is accepted")
      return
    }
    #expect(found == "A\\u{1b}[2J\\u{7}")
  }

  /// One listed pixel of a sky of 805 million: what is stored is read, and nothing of the sky's
  /// size is taken.
  @Test("A partial sky at a high resolution")
  func partialSky() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("x.fits")
      let keywords = [
        ("PIXTYPE", "HEALPIX"), ("ORDERING", "NESTED"), ("INDXSCHM", "EXPLICIT"),
        ("OBJECT", "PARTIAL"),
      ].map { FitsTable.Keyword($0.0, .text($0.1), comment: "") }
      func write(_ pixels: [Double]) throws {
        try FitsTable.write(
          [
            FitsTable(
              keywords: keywords + [FitsTable.Keyword("NSIDE", .integer(8192), comment: "")],
              columns: [
                FitsTable.Column(name: "PIXEL", values: pixels, type: .int64),
                FitsTable.Column(
                  name: "T", unit: "K", values: pixels.map { $0 / 1e9 }, type: .float64),
              ])
          ], to: url)
      }
      try write([805_306_367, 5, 7])
      let table = try HealpixTable(contentsOf: url)
      #expect(table.isPartial && table.nside == 8192)
      let stored = try table.storedColumns()
      #expect(stored.pixels == [805_306_367, 5, 7])
      #expect(stored.columns[0].values.map { Float($0) } == [805306.367, 0.005, 0.007])
      let refused: [([Double], FitsFault)] = [
        ([7, 5, 7], .repeatedPixel(pixel: 7, row: 2)),
        (
          [7, 805_306_368],
          .pixelOutOfRange(row: 1, found: 805_306_368, pixelCount: 805_306_368)
        ),
      ]
      for (wrong, fault) in refused {
        try write(wrong)
        let error = thrown { try HealpixTable(contentsOf: url).storedColumns() }
        #expect((error as? FitsError)?.fault == fault)
      }
      // A full-sky expansion is refused where the machine has not the memory.
      #expect(throws: FitsError.self) { try table.requireMemory(Int.max / 2) }
    }
  }
}
