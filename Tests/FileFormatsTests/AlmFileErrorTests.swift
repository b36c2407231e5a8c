import Foundation
import Testing
import Verification

@testable import FileFormats

@Suite("Files that are no sound coefficients")
struct AlmFileErrorTests {
  /// A table of T, lmax 2, with some of its numbers or keywords replaced.
  private func table(
    index: [Double] = [1, 3, 7, 4, 8, 9], real: [Double] = [1, 2, 3, 4, 5, 6],
    imaginary: [Double] = [0, 0, 0, 1, 2, 3], names: [String] = ["index", "real", "imag"],
    unit: String? = nil, _ keywords: [(String, String)] = []
  ) -> FitsTable {
    FitsTable(
      keywords: keywords.map { FitsTable.Keyword($0.0, .text($0.1), comment: "") },
      columns: [
        FitsTable.Column(name: names[0], values: index, type: .float64),
        FitsTable.Column(name: names[1], unit: unit, values: real, type: .float64),
        FitsTable.Column(name: names[2], unit: unit, values: imaginary, type: .float64),
      ])
  }

  private func read(_ tables: [FitsTable]) throws -> Result<AlmFile, any Error> {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("alm.fits")
      try FitsTable.write(tables, to: url)
      return Result { try AlmFile(contentsOf: url) }
    }
  }

  private func fault(_ tables: FitsTable...) throws -> FitsFault? {
    guard case .failure(let error) = try read(tables) else { return nil }
    return (error as? FitsError)?.fault
  }

  @Test("The sound table is read")
  func sound() throws {
    let file = try read([table(unit: "mK")]).get()
    #expect(file.lmax == 2 && file.mmax == 2)
    #expect(file.unit == "uK")
    // index 1, 3, 7 are l = 0, 1, 2 of m = 0.
    #expect(file.fields[.t]?[0...5] == [1000, 0, 2000, 0, 3000, 0])
    #expect(file.fields[.t]?[6...11] == [4000, 1000, 5000, 2000, 6000, 3000])
    // Any order of rows and of columns that have names.
    let shuffled = table(
      index: [9, 8, 4, 7, 3, 1], real: [6, 5, 4, 3, 2, 1], imaginary: [3, 2, 1, 0, 0, 0])
    #expect(try read([shuffled]).get().fields == read([table()]).get().fields)
  }

  @Test("Rows")
  func rows() throws {
    #expect(
      try fault(table(index: [1, 3, 7, 4, 8, 8])) == .repeatedCoefficient(l: 2, m: 1, row: 5))
    for wrong in [0, -1, 2.5, 1e12, .infinity] {
      guard
        case .badValue(column: "index", row: 0, _, _)? = try fault(
          table(index: [wrong, 3, 7, 4, 8, 9]))
      else {
        Issue.record("index \(wrong) is accepted")
        continue
      }
    }
    // index 2 is l = 1, m = -1.
    guard
      case .badValue(column: "index", row: 0, 2, let expected)? = try fault(
        table(index: [2, 3, 7, 4, 8, 9]))
    else {
      Issue.record("m = -1 is accepted")
      return
    }
    #expect(expected.contains("m >= 0"))
    guard
      case .badValue(column: "real", row: 2, _, expected: "a finite number")? = try fault(
        table(real: [1, 2, .nan, 4, 5, 6]))
    else {
      Issue.record("NaN is accepted")
      return
    }
  }

  @Test("Columns, degrees, units")
  func headers() throws {
    guard
      case .wrongColumns? = try fault(
        FitsTable(columns: [FitsTable.Column(name: "T", values: [1, 2], type: .float64)]))
    else {
      Issue.record("one column is accepted")
      return
    }
    guard
      case .invalidDegree(keyword: "MAX-LPOL", found: "1", _)? = try fault(
        table([("MAX-LPOL", "1")]))
    else {
      Issue.record("MAX-LPOL below the indices is accepted")
      return
    }
    #expect(
      try fault(table([("POLCCONV", "IAU")])) == .conventionOfCoefficients(found: "IAU"))
    #expect(
      try fault(table(unit: "K_RJ")) == .brightnessTemperature(column: "real", unit: "K_RJ"))
    #expect(
      try fault(table(unit: "mK"), table(unit: "counts"))
        == .unitsDiffer(found: ["E in uK", "B in counts"]))
  }

  /// Rows that are left out are zero; how many is said. Negative control: none is missing, nothing
  /// is said.
  /// One wrong index, l = 12,000, would ask for 72 million coefficients.
  @Test("Rows that are too few for their largest degree")
  func tooSparse() throws {
    let far = Double(12_000 * 12_000 + 12_000 + 1)
    // With m = 0 it asks for few.
    #expect(try fault(table(index: [1, 3, 7, 4, 8, far])) == nil)
    #expect(
      try fault(table(index: [1, 3, 7, 4, 8, far + 12_000]))
        == .tooSparse(field: "T", rows: 6, lmax: 12_000, coefficients: 72_018_001))
  }

  @Test("Sparse rows")
  func sparse() throws {
    let full = try read([table()]).get()
    #expect(full.warnings.isEmpty)
    // l = 3, m = 3 alone above lmax 2: (4, 4) has 10 coefficients, 4 of them are not there.
    let sparse = try read([table(index: [1, 3, 7, 4, 8, 16])]).get()
    #expect(sparse.lmax == 3 && sparse.mmax == 3)
    #expect(sparse.warnings.count == 1)
    #expect(sparse.warnings.first?.hasPrefix("T: 4 of 10 coefficients") == true)
    let values = try #require(sparse.fields[.t])
    for (l, m) in [(3, 0), (3, 1), (3, 2), (2, 2)] {
      let place = 2 * AlmFile.place(l: l, m: m, lmax: 3)
      #expect(values[place] == 0 && values[place + 1] == 0)
    }
    #expect(values[2 * AlmFile.place(l: 3, m: 3, lmax: 3)] == 6)
    let wide = try read([table([("MAX-LPOL", "4")])]).get()
    #expect(wide.lmax == 4 && wide.mmax == 2)
    #expect(wide.warnings.first?.hasPrefix("T: 6 of 12 coefficients") == true)
    #expect(try fault(table(index: [], real: [], imaginary: [])) == .noCoefficients)
  }

  @Test("Fields")
  func fields() throws {
    let small = table(
      index: [1, 3, 4], real: [1, 2, 3], imaginary: [0, 0, 1])
    #expect(
      try fault(table(), small)
        == .coefficientShapesDiffer(
          field: "B", lmax: 1, mmax: 1, expectedLmax: 2, expectedMmax: 2))
    guard case .unclearCoefficients? = try fault(table(), table(), table(), table()) else {
      Issue.record("four tables are accepted")
      return
    }
    guard
      case .columnWithoutPartner(_, missing: "B", _)? = try fault(
        table([("EXTNAME", "TEMPERATURE")]), table([("EXTNAME", "GRADIENT")]))
    else {
      Issue.record("E without B is accepted")
      return
    }
    // HEALPix's own titles of tables count before their order.
    let titles = ["ANALYSED a_lms (CURL / MAGNETIC)", "ANALYSED a_lms (GRAD / ELECTRIC)"]
    let swapped = try read([
      table(real: [0, 0, 9, 0, 5, 6], [("EXTNAME", titles[0])]),
      table(real: [0, 0, 7, 0, 5, 6], [("EXTNAME", titles[1])]),
    ]).get()
    #expect(swapped.fields[.b]?[4] == 9)
    #expect(swapped.fields[.e]?[4] == 7)
  }

  /// What is left out is said.
  @Test("Numbers without meaning")
  func warnings() throws {
    let file = try read([table(imaginary: [0, 0, 0.5, 1, 2, 3])]).get()
    #expect(file.fields[.t]?[5] == 0)
    #expect(file.warnings.contains { $0.contains("0.5") })
    let polarised = try read([table(), table()]).get()
    #expect(polarised.warnings.contains { $0.contains("l = 1, m = 0") })
  }

  @Test("Not a table, not a file, cut off")
  func files() throws {
    try withTemporaryFolder { folder in
      let missing = folder.appendingPathComponent("none.fits")
      #expect((thrown { try AlmFile(contentsOf: missing) } as? FileError)?.isMissingInput == true)
      let image = FixtureStore.url("formats/image.fits")
      guard case .noTable? = (thrown { try AlmFile(contentsOf: image) } as? FitsError)?.fault else {
        Issue.record("an image is accepted")
        return
      }
      let cut = folder.appendingPathComponent("cut.fits")
      // In the data of the third table, in its header, after a block of its header.
      let whole = try FixtureStore.data("formats/tools_alm_teb.fits")
      for count in [18000, 15000, 14401] {
        try whole.prefix(count).write(to: cut)
        #expect(thrown { try AlmFile(contentsOf: cut) } is FitsError, "\(count) bytes")
      }
      let map = FixtureStore.url("formats/t_nside16.fits")
      #expect(thrown { try AlmFile(contentsOf: map) } is FitsError)
      // Nothing is left behind by a write that fails.
      let nowhere = folder.appendingPathComponent("no/alm.fits")
      let file = try AlmFile(contentsOf: FixtureStore.url("formats/tools_alm_t.fits"))
      #expect((thrown { try file.write(to: nowhere) } as? FileError)?.isOutputFault == true)
      #expect(try names(in: folder) == ["cut.fits"])
    }
  }
}
