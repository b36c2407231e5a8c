import FileFormats
import Foundation
import SkyModels
import SpecialFunctions
import Testing
import Verification

@testable import Models

/// Files of posteriors: round trips, layout, damage.
@Suite("Files of posteriors")
struct PosteriorFileTests {
  private static func file(_ dimensions: Int) -> PosteriorFile {
    let deviations = Array([0.05, 0.08, 0.06].prefix(dimensions))
    return PosteriorFile(
      parameters: Array(PosteriorExamples.parameters.prefix(dimensions)),
      entries: [(1, "maps/first map.fits", 0.4), (3, "third,\u{fc}.fits", 0.6)].map {
        number, map, centre in
        PosteriorFile.Entry(
          map: map, number: number,
          posterior: PosteriorExamples.grid(
            [Double](repeating: centre, count: dimensions), deviations: deviations))
      })
  }

  private static func scratch<Result>(_ body: (URL) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("posteriors-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder.appendingPathComponent("posterior.fits"))
  }

  @Test("What is read is what was written, to the bit", arguments: 1...3)
  func roundTrip(dimensions: Int) throws {
    let file = Self.file(dimensions)
    try Self.scratch { url in
      try file.write(to: url)
      #expect(try PosteriorFile(contentsOf: url) == file)
      #expect(try PosteriorFile.isPosteriorFile(url))
      let bytes = try Data(contentsOf: url)
      try file.write(to: url)
      #expect(try Data(contentsOf: url) == bytes)
      // Other parts of a file are left alone: a table of another kind is none of this kind.
      try FitsTable.write(
        [FitsTable(columns: [.init(name: "X", values: [1], type: .float64)])], to: url)
      #expect(try !PosteriorFile.isPosteriorFile(url))
    }
  }

  /// The array has the axes in the order of the parameters as numpy sees them, TDIM the other way
  /// round; the density in θ integrates to 1 over θ by the trapezoidal rule.
  @Test("Layout of the table")
  func layout() throws {
    try Self.scratch { url in
      try Self.file(2).write(to: url)
      let tables = try FitsTable.read(url, texts: true) { _ in true }.tables
      let table = tables[1]
      #expect(tables.count == 3 && table.text("EXTVER") == "1")
      #expect(table.text("TDIM6") == "(121,121)" && table.text("TDIM7") == "(121,121)")
      #expect(
        table.columns.map(\.name) == [
          "THETA_1", "THETA_2", "Q_1", "Q_2", "DENSITY_Q", "DENSITY_THETA",
        ])
      #expect(table.columns[1].unit == "uK" && table.columns[5].unit == "(uK)-1")
      let (x, y, p) = (
        table.columns[0].values, table.columns[1].values, table.columns[5].values
      )
      var sum = 0.0
      for i in 1..<x.count {
        for j in 1..<y.count {
          let corners =
            p[i * 121 + j] + p[(i - 1) * 121 + j] + p[i * 121 + j - 1] + p[(i - 1) * 121 + j - 1]
          sum += corners / 4 * (x[i] - x[i - 1]) * (y[j] - y[j - 1])
        }
      }
      #expect(abs(sum - 1) < 1e-3)
    }
  }

  /// A file whose tables were changed, written with the same keywords.
  private static func fault(
    _ change: (inout [FitsTable]) -> Void
  ) throws -> PosteriorFault? {
    try scratch { url in
      try file(2).write(to: url)
      var tables = try FitsTable.read(url, texts: true) { _ in true }.tables
      for k in tables.indices {
        tables[k].keywords = ["EXTNAME", "EXTVER"].compactMap { name in
          tables[k].text(name).map { text in
            FitsTable.Keyword(name, Int(text).map { .integer($0) } ?? .text(text), comment: "")
          }
        }
      }
      change(&tables)
      try FitsTable.write(tables, to: url)
      do {
        _ = try PosteriorFile(contentsOf: url)
        return nil
      } catch let error as PosteriorFileError {
        #expect(error.description.contains("posterior.fits") && error.faultClass == .badInput)
        #expect(error.description.contains("expected"), "\(error)")
        return error.fault
      }
    }
  }

  /// Negative control first: the tables as they are can be read.
  @Test("Damaged files")
  func damage() throws {
    #expect(try Self.fault { _ in } == nil)
    func expect(
      _ words: String, _ change: (inout [FitsTable]) -> Void,
      location: SourceLocation = #_sourceLocation
    ) throws {
      let fault = try Self.fault(change)
      #expect(
        fault?.description.contains(words) ?? false, "\(fault?.description ?? "none")",
        sourceLocation: location)
    }
    try expect("no table with EXTNAME = PARAMETERS") { $0.removeFirst() }
    try expect("no table with EXTNAME = POSTERIOR") { $0.removeLast(2) }
    try expect("2 tables with EXTNAME = PARAMETERS") { $0.append($0[0]) }
    try expect("two tables POSTERIOR with EXTVER = 1") { $0[2] = $0[1] }
    try expect("EXTVER is 0") { $0[1].keywords[1].value = .integer(0) }
    try expect("EXTVER is missing") { $0[1].keywords.removeLast() }
    try expect("no column MAP") { $0[1].textColumns = [] }
    try expect("no column Q_2") { $0[1].columns.remove(at: 3) }
    try expect("2 columns Q_2") { $0[1].columns.append($0[1].columns[3]) }
    func shorten(_ table: inout FitsTable, _ column: Int) {
      table.columns[column].values.removeLast()
      table.columns[column].valuesPerRow -= 1
    }
    try expect("THETA_1 has 120 numbers") { shorten(&$0[1], 0) }
    try expect("THETA_2 has 121 numbers, expected 120") { shorten(&$0[1], 3) }
    try expect("DENSITY_Q has 14640 numbers, expected 14641") { shorten(&$0[1], 4) }
    try expect("DENSITY_THETA has 14640") { shorten(&$0[1], 5) }
    try expect("number 7 (from 0) of DENSITY_Q is nan") { $0[1].columns[4].values[7] = .nan }
    try expect("number 8 (from 0) of DENSITY_Q is -1.0") { $0[1].columns[4].values[8] = -1 }
    try expect("the integral of DENSITY_Q") { $0[1].columns[4].values[7320] *= 1.01 }
    try expect("of DENSITY_THETA") { $0[1].columns[5].values[7320] *= 1.01 }
    try expect("of THETA_2") { $0[1].columns[1].values[60] += 1e-6 }
    try expect("of Q_1") { $0[1].columns[2].values[60] += 1e-6 }
    try expect("Q_1 has 121 points") { $0[1].columns[2].values.reverse() }
    try expect("Q_1 has 121 points") { $0[1].columns[2].values[120] = 1.5 }
    // Another prior has other values at the same probabilities.
    try expect("of THETA_1") { $0[0].columns[2].values[0] = 2e-3 }
    try expect("PRIOR is 'flat'") { $0[0].textColumns[2].values[0] = "flat" }
    try expect("standard deviation") { $0[0].columns[4].values[1] = -1 }
  }

  /// Bytes that are missing or changed without any table being written again.
  @Test("Truncated and foreign files")
  func bytes() throws {
    try Self.scratch { url in
      try Self.file(1).write(to: url)
      let bytes = try Data(contentsOf: url)
      try bytes.prefix(bytes.count - 2880).write(to: url)
      #expect(throws: FitsError.self) { try PosteriorFile(contentsOf: url) }
      try SpectraFile(spectra: [.init(name: "TT", values: [1, 2, 3])]).write(to: url)
      #expect(throws: PosteriorFileError.self) { try PosteriorFile(contentsOf: url) }
      try FileManager.default.removeItem(at: url)
      #expect(throws: FileError.self) { try PosteriorFile(contentsOf: url) }
    }
  }
}
