import FileFormats
import Foundation
import Plotting
import SkyMaps
import SphereGrids
import Testing
import TrainingRuns
import Verification

@testable import BenchmarkPages

/// What of a file is drawn: fields, numbers and axes, before any drawing.
/// Blind to: the drawing (`FigurePropertyTests`).
@Suite("Data of plots")
struct PlotDataTests {
  private func withMap(
    _ columns: [(String, [Double])], _ ordering: HealpixMapFile.Ordering = .ring,
    _ body: (URL) throws -> Void
  ) throws {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("plot-\(UUID().uuidString).fits")
    defer { try? FileManager.default.removeItem(at: url) }
    try HealpixMapFile(
      nside: 2, ordering: ordering,
      columns: columns.map { HealpixMapFile.Column(name: $0.0, values: $0.1) }
    ).write(to: url)
    try body(url)
  }

  private let numbers = (0..<48).map(Double.init)

  @Test("Fields by name and by number")
  func fields() throws {
    let columns = [
      ("HITS", numbers), ("Q_POLARISATION", numbers.map { -$0 }), ("U_POLARISATION", numbers),
    ]
    try withMap(columns) { url in
      #expect(try MapFields(contentsOf: url).fields.map(\.name) == ["Q", "U"])
      let q = try MapFields(contentsOf: url, FieldSelection("q"))
      #expect(q.fields.map(\.name) == ["Q"] && q.fields[0].values == columns[1].1)
      let first = try MapFields(contentsOf: url, FieldSelection("1"))
      #expect(first.fields.map(\.name) == ["HITS"] && first.fields[0].values == numbers)
      let file = url.relativePath
      for asked in ["T", "4"] {
        #expect(
          throws: PageError.noField(file: file, asked: asked, found: columns.map(\.0))
        ) { try MapFields(contentsOf: url, FieldSelection(asked)) }
      }
    }
    for text in ["X", "0", "-1", "", "1.5"] {
      #expect(throws: PageError.unknownField(text: text)) { try FieldSelection(text) }
    }
  }

  /// A numbered column of a NESTED file comes in RING order: pixel by pixel what the grid says.
  /// Control: the file's own order is another.
  @Test("NESTED columns")
  func nested() throws {
    let grid = try HealpixGrid(nside: 2)
    let expected = try (0..<48).map { Double(try grid.nestedPixel(ring: $0)) }
    try withMap([("HITS", numbers)], .nested) { url in
      let found = try MapFields(contentsOf: url, .column(1)).fields[0].values
      #expect(found == expected)
      #expect(expected != numbers)
    }
  }

  /// l(l+1)/2π with C_l = 2π is l(l+1): whole numbers but for one rounding each.
  @Test("Spectra")
  func spectra() throws {
    let file = SpectraFile(
      spectra: [
        .init(name: "TT", values: [Double](repeating: 2 * .pi, count: 5)),
        .init(name: "TE", values: [0, 1, -1, 2, 0]),
      ], unit: "uK^2")
    func series(_ figure: Figure, _ panel: Int) throws -> Series {
      guard case .series(let series) = figure.panels[panel].contents[0] else {
        throw PlottingError.empty(content: "panel")
      }
      return series
    }
    let dl = Figure.spectra(file)
    let y = try series(dl, 0).y
    for (l, value) in y.enumerated() {
      #expect(abs(value - Double(l * (l + 1))) <= 4 * RoundingBound.unitRoundoff() * 20)
    }
    #expect(dl.panels.map(\.title) == ["TT", "TE"])
    #expect(dl.panels[0].y.label == "l(l+1) C_l / 2 pi [uK^{2}]")
    let cl = Figure.spectra(file, form: .cl)
    #expect(try series(cl, 1).y == [0, 1, -1, 2, 0])
    #expect(cl.panels.map(\.y.scale) == [.logarithmic, .linear])
    #expect(throws: Never.self) { try cl.png(scale: 1) }
  }

  @Test("Records")
  func records() throws {
    var record = try RunRecord(
      contentsOf: FixtureStore.url("models/t1-physical-isotropic-noise5.json"))
    let figure = try Figure.training(record, file: "r.json")
    #expect(figure.panels.map(\.title) == ["loss", "learning rate"])
    #expect(figure.panels.allSatisfy { $0.y.scale == .logarithmic })
    guard case .series(let loss) = figure.panels[0].contents[0] else {
      Issue.record("no series")
      return
    }
    #expect(loss.y == record.lossCurve.map(\.loss) && loss.x.last == 10625)
    record.lossCurve = []
    #expect(throws: PageError.noCurve(file: "r.json")) {
      try Figure.training(record, file: "r.json")
    }
  }
}
