import FileFormats
import Foundation
import Testing
import Verification

@testable import SkyModels

@Suite("Spectra of one sky from a file")
struct TheorySpectraTests {
  private func withFile(
    _ unit: String?, values: [Double], _ body: (URL) throws -> Void
  ) throws {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("\(UUID().uuidString).fits")
    defer { try? FileManager.default.removeItem(at: url) }
    try SpectraFile(
      spectra: [
        .init(name: "TT", values: values), .init(name: "EE", values: values.map { 0.1 * $0 }),
      ], unit: unit
    ).write(to: url)
    try body(url)
  }

  @Test("FITS files and their units", arguments: [("uK2", 1.0), ("K^2", 1e12), (nil, 1)])
  func fits(unit: String?, factor: Double) throws {
    let values = (0...10).map { $0 < 2 ? 0 : 1 / Double($0) }
    try withFile(unit, values: values) { url in
      let theory = try TheorySpectra(contentsOf: url)
      #expect(theory.spectrumNames == [.tt, .ee] && theory.fields == [.temperature, .e])
      #expect(theory.spectra.tt[7] == factor * values[7])
      #expect(theory.notes.contains { $0.contains("no unit") } == (unit == nil))
    }
  }

  /// Files of CAMB are those of `BoltzmannSpectra`.
  @Test("Text files")
  func text() throws {
    let url = FixtureStore.url("spectra/camb_lensedCls.dat")
    let theory = try TheorySpectra(contentsOf: url)
    #expect(theory.spectra == (try BoltzmannSpectra(contentsOf: url)).spectra)
    #expect(theory.fields == [.temperature, .e, .b])
  }

  @Test("Refusals")
  func refusals() throws {
    try withFile("K", values: [0, 0, 1]) { url in
      #expect(throws: TheorySpectraError.self) { try TheorySpectra(contentsOf: url) }
    }
    try withFile("uK2", values: [0, 0, -1]) { url in
      #expect(throws: TheorySpectraError.self) { try TheorySpectra(contentsOf: url) }
    }
  }
}
