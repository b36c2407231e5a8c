import FileFormats
import Foundation
import Testing
import Verification

@testable import SkyModels

@Suite("What is not a table in tau")
struct OpticalDepthErrorTests {
  private let nodes = OpticalDepthTable.chebyshevNodes(0.03, 0.08, 3)
  private let rows: [[Double]] = [[0, 0, 1, 2], [0, 0, 2, 3], [0, 0, 3, 4]]

  private func fault(
    nodes: [Double]? = nil, ee: [[Double]]? = nil, bb: [[Double]]? = nil
  ) -> OpticalDepthError? {
    do {
      _ = try OpticalDepthTable(nodes: nodes ?? self.nodes, ee: ee ?? rows, bb: bb ?? rows)
      return nil
    } catch {
      return error
    }
  }

  @Test("Numbers")
  func numbers() {
    #expect(fault() == nil)
    #expect(fault(nodes: [0.05]) == .tooFewNodes(found: 1))
    #expect(
      fault(nodes: [0.03, 0.05, 0.08])
        == .notChebyshev(node: 1, found: 0.05, expected: nodes[1]))
    if case .notChebyshev? = fault(nodes: nodes.reversed()) {
    } else {
      Issue.record("descending nodes were accepted")
    }
    #expect(fault(nodes: [.nan, .nan, .nan]) != nil)
    #expect(
      fault(bb: Array(rows.prefix(2))) == .wrongNodeCount(name: .bb, found: 2, expected: 3))
    #expect(
      fault(bb: [[0, 0, 1, 2], [0, 0, 1], [0, 0, 1, 2]])
        == .wrongLength(name: .bb, node: 1, found: 3, expected: 4))
    var bad = rows
    bad[2][3] = 0
    #expect(fault(ee: bad) == .badPower(name: .ee, node: 2, l: 3, found: 0))
    bad[2][3] = .infinity
    #expect(fault(ee: bad) == .badPower(name: .ee, node: 2, l: 3, found: .infinity))
    bad = rows
    bad[0][1] = 1
    #expect(fault(bb: bad) == .badPower(name: .bb, node: 0, l: 1, found: 1))
  }

  @Test("Tau outside the table", arguments: [(0.03).nextDown, (0.08).nextUp, -1, .infinity, .nan])
  func outside(tau: Double) {
    for field in [SkyField.e, .b] {
      do throws(OpticalDepthError) {
        _ = try OpticalDepthTable.physical.spectrum(of: field, tau: tau)
        Issue.record("\(tau) was accepted")
      } catch {
        guard case .outside(let found, let range) = error else {
          Issue.record("found \(error)")
          continue
        }
        #expect(found == tau || tau.isNaN)
        #expect(range == 0.03...0.08 && error.description.contains("0.03...0.08"))
      }
    }
    #expect(throws: OpticalDepthError.self) {
      try OpticalDepthTable.published.derivative(of: .e, tau: tau)
    }
  }

  /// The fault of a file with these columns.
  private func fileFault(_ columns: [FitsTable.Column]) throws -> OpticalDepthError? {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("sphere-tau-\(UUID().uuidString).fits")
    defer { try? FileManager.default.removeItem(at: url) }
    try FitsTable.write([FitsTable(columns: columns)], to: url)
    do {
      _ = try OpticalDepthTable(contentsOf: url)
      return nil
    } catch let error as OpticalDepthFileError {
      #expect(error.description.hasPrefix(error.file))
      return error.fault
    }
  }

  @Test("Files")
  func files() throws {
    func column(_ name: String, _ rows: [[Double]]) -> FitsTable.Column {
      FitsTable.Column(
        name: name, values: rows.flatMap { $0 }, valuesPerRow: rows[0].count, type: .float64)
    }
    let tau = column("TAU", nodes.map { [$0] })
    let (ee, bb) = (column("EE", rows), column("BB", rows))
    #expect(try fileFault([bb, tau, ee]) == nil)
    #expect(try fileFault([tau, ee]) == .wrongColumns(found: ["TAU", "EE"]))
    #expect(
      try fileFault([tau, ee, column("TE", rows)]) == .wrongColumns(found: ["TAU", "EE", "TE"]))
    #expect(
      try fileFault([tau, ee, bb, column("TE", rows)])
        == .wrongColumns(found: ["TAU", "EE", "BB", "TE"]))
    #expect(
      try fileFault([column("TAU", rows), ee, bb])
        == .wrongColumns(found: ["TAU (4)", "EE (4)", "BB (4)"]))
    #expect(
      try fileFault([tau, ee, column("BB", rows.map { Array($0.prefix(3)) })])
        == .wrongLength(name: .bb, node: 0, found: 3, expected: 4))
    #expect(throws: FileError.self) {
      try OpticalDepthTable(contentsOf: FixtureStore.url("spectra/none.fits"))
    }
    #expect(throws: FitsError.self) {
      try OpticalDepthTable(contentsOf: FixtureStore.url("formats/image.fits"))
    }
  }
}
