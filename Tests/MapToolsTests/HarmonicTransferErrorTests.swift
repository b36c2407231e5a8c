import FileFormats
import Foundation
import SkyMaps
import Testing
import Verification

@testable import MapTools

@Suite("Factors by degree: files and refusals")
struct HarmonicTransferErrorTests {
  private func withText<Result>(
    _ text: String, _ body: (URL) throws -> Result
  ) throws -> Result {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("window-\(UUID().uuidString).csv")
    try Data(text.utf8).write(to: url)
    defer { try? FileManager.default.removeItem(at: url) }
    return try body(url)
  }

  @Test("Text: one column for all fields, T and P, T, E and B")
  func texts() throws {
    let one = try withText("l,beam\n0,1\n1,0.5\n") { try HarmonicWindowFile(contentsOf: $0) }
    #expect(one.temperature == [1, 0.5] && one.gradient == [1, 0.5] && one.curl == [1, 0.5])
    #expect(one.warnings.count == 1)
    let two = try withText("l,T,P\n0,1,0\n1,0.5,0\n2,0.25,0.5\n") {
      try HarmonicWindowFile(contentsOf: $0)
    }
    #expect(two.temperature == [1, 0.5, 0.25] && two.gradient == [0, 0, 0.5])
    #expect(two.curl == two.gradient && two.warnings.isEmpty)
    let three = try withText("L,TT,EE,BB,N\n0,1,2,3,9\n") { try HarmonicWindowFile(contentsOf: $0) }
    #expect(three.temperature == [1] && three.gradient == [2] && three.curl == [3])
    #expect(three.warnings == ["the columns N are left out"])
  }

  @Test(
    "Texts that are refused",
    arguments: [
      "", "l,T\n", "l,T\n1,1\n", "l,T\n0,1\n2,1\n", "l,T\n0,nan\n", "l,T\n0,inf\n", "l,T\n0\n",
      "l,T\n0,x\n", "l,T,E\n0,1,1\n", "l,T,P,E,B\n0,1,1,1,1\n", "l,a,b\n0,1,1\n", "l,T,T\n0,1,1\n",
      "T\n1,2\n",
    ])
  func refusedTexts(_ text: String) throws {
    do {
      _ = try withText(text) { try HarmonicWindowFile(contentsOf: $0) }
      Issue.record("accepted: \(text)")
    } catch let error as HarmonicWindowFileError {
      #expect("\(error)".contains("expected"))
      #expect(error.faultClass == .badInput)
    }
  }

  /// `healpy.write_cl` writes beams as it writes spectra.
  @Test("Tables: columns by healpy's names; maps and coefficients are refused")
  func tables() throws {
    let url = FixtureStore.url("formats/tools_cl.fits")
    let (window, spectra) = (
      try HarmonicWindowFile(contentsOf: url), try SpectraFile(contentsOf: url)
    )
    #expect(window.lmax == 8 && window.temperature == spectra["TT"])
    #expect(window.gradient == spectra["EE"] && window.curl == spectra["BB"])
    #expect(window.warnings == ["the columns G-T, C-T, C-G are left out"])
    let one = try HarmonicWindowFile(contentsOf: FixtureStore.url("formats/tools_cl_t.fits"))
    #expect(one.temperature == spectra["TT"] && one.curl == spectra["TT"])
    #expect(one.warnings == ["column TEMPERATURE is taken for T, E and B"])
    for name in ["tools_map_1", "tools_alm_t"] {
      #expect(throws: HarmonicWindowFileError.self) {
        try HarmonicWindowFile(contentsOf: FixtureStore.url("formats/\(name).fits"))
      }
    }
  }

  @Test("Windows that cannot be divided out, and ones that are too short")
  func divisions() throws {
    let window = HarmonicTransfer(
      temperature: [1, 0.5, 0.25], gradient: [0, 0, 0.5], curl: [0, 0, -0.5])
    // E and B have no degrees below 2.
    let inverse = try window.inverse(name: "w", fields: "TE")
    #expect(inverse.temperature == [1, 2, 4] && inverse.gradient == [0, 0, 2])
    #expect(inverse.largest(fields: "TE") == (4, 2))
    #expect(throws: MapToolError.windowVanishes(name: "w", field: "B", l: 2, found: -0.5)) {
      try window.inverse(name: "w")
    }
    let tiny = HarmonicTransfer(temperature: [1e-310], gradient: [1], curl: [1])
    #expect(throws: MapToolError.windowVanishes(name: "w", field: "T", l: 0, found: 1e-310)) {
      try tiny.inverse(name: "w")
    }
    #expect(throws: MapToolError.self) { try HarmonicTransfer(pixelsOf: 4, lmax: 17) }
    #expect(throws: HarmonicWindowError.self) { try HarmonicTransfer(pixelsOf: 3, lmax: 2) }
  }
}
