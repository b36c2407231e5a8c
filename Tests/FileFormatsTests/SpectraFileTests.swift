import Foundation
import Testing
import Verification

@testable import FileFormats

/// Spectra in healpy's files and in this program's.
@Suite("Files of spectra")
struct SpectraFileTests {
  /// healpy names the columns of anafast's TT, EE, BB, TE, EB, TB so that EB stands under C-T and
  /// TB under C-G; both programs must agree on what is meant.
  @Test("healpy's file of anafast")
  func healpy() throws {
    let file = try SpectraFile(contentsOf: FixtureStore.url("formats/tools_cl.fits"))
    #expect(file.spectra.map(\.name) == ["TT", "EE", "BB", "TE", "EB", "TB"])
    #expect(file.spectra.allSatisfy { $0.values.count == 9 })
    #expect(file.warnings.count == 1)
    let (tables, _) = try FitsTable.read(FixtureStore.url("formats/tools_cl.fits")) {
      $0["TFIELDS"] != nil
    }
    #expect(tables[0].columns.map(\.name) == SpectraFile.healpyNames)
    #expect(file["EB"] == tables[0].columns[4].values)
    let one = try SpectraFile(contentsOf: FixtureStore.url("formats/tools_cl_t.fits"))
    #expect(one["TT"] == file["TT"])
    #expect(one.warnings.isEmpty)
  }

  private func table(_ names: [String], _ creator: String?) -> FitsTable {
    FitsTable(
      keywords: creator.map { [FitsTable.Keyword("CREATOR", .text($0), comment: "")] } ?? [],
      columns: names.enumerated().map { k, name in
        FitsTable.Column(name: name, values: [Double(k), 0], type: .float64)
      })
  }

  /// The same names from a program that keeps to them: the name counts.
  @Test("HEALPix's names")
  func names() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("cl.fits")
      try FitsTable.write([table(SpectraFile.healpyNames, "anafast")], to: url)
      let byName = try SpectraFile(contentsOf: url)
      #expect(byName["TB"]?[0] == 4)
      #expect(byName["EB"]?[0] == 5)
      try FitsTable.write([table(SpectraFile.healpyNames, "healpy")], to: url)
      let byPosition = try SpectraFile(contentsOf: url)
      #expect(byPosition["EB"]?[0] == 4)
      #expect(byPosition["TB"]?[0] == 5)
      for wrong in [["TT", "TT"], ["TT", "XY"], ["A", "B"]] {
        try FitsTable.write([table(wrong, nil)], to: url)
        guard
          case .wrongColumns? = (thrown { try SpectraFile(contentsOf: url) } as? FitsError)?.fault
        else {
          Issue.record("\(wrong) is accepted")
          continue
        }
      }
    }
  }

  @Test("Written and read again")
  func roundTrip() throws {
    var numbers = TestNumbers(seed: 8)
    let file = SpectraFile(
      spectra: ["TT", "EE", "TE", "ET"].map { .init(name: $0, values: numbers.normals(7)) },
      unit: "uK^2", meanSquaredMask: 1 / 3.0)
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("cl.fits")
      try file.write(to: url)
      #expect(try SpectraFile(contentsOf: url) == file)
    }
  }

  /// Every digit survives the text. Blind to: units, which the text leaves out.
  @Test("Comma-separated text")
  func commaSeparated() throws {
    let numbers = [0, 1.0 / 3, 2e-300, .pi * 1e20]
    let file = SpectraFile(spectra: [
      .init(name: "EE", values: numbers), .init(name: "BB", values: numbers.reversed()),
    ])
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("cl.csv")
      try file.writeText(to: url)
      let lines = try String(contentsOf: url, encoding: .utf8).split(separator: "\n")
      #expect(lines[0] == "l,EE,BB")
      let rows = lines.dropFirst().map { $0.split(separator: ",").compactMap { Double($0) } }
      #expect(rows == numbers.indices.map { [Double($0), numbers[$0], numbers[3 - $0]] })
    }
  }
}
