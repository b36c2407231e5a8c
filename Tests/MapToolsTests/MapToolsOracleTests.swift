import FileFormats
import Foundation
import HarmonicTransforms
import SkyMaps
import Testing
import Verification

@testable import MapTools

/// Maps, coefficients and spectra that healpy computed from the same numbers
/// (`Fixtures/generators/map_tools.py`). Bound 1e-12, relative L2 per field, as for the transforms
/// (Docs/Tolerances.md): both sides are a few hundred roundings away from the exact value.
@Suite("Map tools against healpy")
struct MapToolsOracleTests {
  static let bound = 1e-12

  private func url(_ name: String) -> URL {
    let plain = FixtureStore.url("formats/tools_\(name).fits")
    return FileManager.default.fileExists(atPath: plain.path)
      ? plain : FixtureStore.url("formats/tools_\(name).fits.gz")
  }

  private func map(_ name: String) throws -> SkyMap { try SkyMap(contentsOf: url(name)) }

  private func coefficients(_ name: String) throws -> SkyCoefficients {
    SkyCoefficients(try AlmFile(contentsOf: url(name)))
  }

  private func expect(
    _ found: SkyMap, _ reference: SkyMap, at location: SourceLocation = #_sourceLocation
  ) {
    #expect(found.fields.map(\.name) == reference.fields.map(\.name), sourceLocation: location)
    for (a, b) in zip(found.fields, reference.fields) {
      let error = relativeError(a.values, b.values)
      #expect(error <= Self.bound, "\(a.name): \(error)", sourceLocation: location)
    }
  }

  private func expect(
    _ found: SkyCoefficients, _ reference: SkyCoefficients,
    at location: SourceLocation = #_sourceLocation
  ) {
    #expect(found.fields.map(\.letter) == reference.fields.map(\.letter), sourceLocation: location)
    #expect(found.lmax == reference.lmax && found.mmax == reference.mmax, sourceLocation: location)
    for (a, b) in zip(found.fields, reference.fields) {
      let error = relativeError(a.coefficients.values, b.coefficients.values)
      #expect(error <= Self.bound, "\(a.letter): \(error)", sourceLocation: location)
    }
  }

  private func expect(
    _ found: SpectraFile, _ reference: SpectraFile, at location: SourceLocation = #_sourceLocation
  ) throws {
    for spectrum in reference.spectra {
      let values = try #require(found[spectrum.name], sourceLocation: location)
      let error = relativeError(values, spectrum.values)
      #expect(error <= Self.bound, "\(spectrum.name): \(error)", sourceLocation: location)
    }
  }

  @Test("Synthesis: alm2map, alm2map_spin")
  func synthesis() throws {
    expect(try coefficients("alm_t").map(nside: 8), try map("synth_t"))
    expect(try coefficients("alm_teb").map(nside: 4), try map("synth_teb"))
    expect(try coefficients("alm_eb").map(nside: 4), try map("synth_eb"))
    // Negative control: E and B exchanged.
    var wrong = try coefficients("alm_eb")
    let right = try #require(wrong.polarisation)
    wrong.polarisation = SpinCoefficients(e: right.b, b: right.e)
    let q = try wrong.map(nside: 4).requirePolarisation().q
    #expect(relativeError(q, try map("synth_eb").requirePolarisation().q) > 0.1)
  }

  /// Angles of 20, 35 and −50 degrees.
  @Test("Rotation: rotate_alm")
  func rotation() throws {
    let (a, b, c) = (20 * Double.pi / 180, 35 * Double.pi / 180, -50 * Double.pi / 180)
    let alm = try coefficients("alm_teb")
    let rotated = try alm.rotated(by: Rotation(alpha: a, beta: b, gamma: c))
    expect(try rotated.map(nside: 4), try map("rotated"))
    // Negative control: the angles in the other order.
    let other = try alm.rotated(by: Rotation(alpha: c, beta: b, gamma: a)).map(nside: 4)
    #expect(
      relativeError(try other.requireTemperature(), try map("rotated").requireTemperature()) > 0.1)
    let reduced = SkyCoefficients(temperature: CoefficientStack(lmax: 8, mmax: 5))
    #expect(throws: MapToolError.ordersMissing(lmax: 8, mmax: 5)) {
      try reduced.rotated(by: .identity)
    }
  }

  /// RING, NESTED and IAU files of one map have the same coefficients.
  @Test("Analysis: map2alm", arguments: ["map_1", "map_1_nested", "map_1_iau"])
  func analysis(_ name: String) throws {
    let map = try map(name)
    for iterations in [0, 3] {
      let method = MapAnalysis.Method.quadrature(iterations: iterations)
      let found = try MapAnalysis(lmax: 8, method: method).coefficients(of: map).coefficients
      expect(found, try coefficients("alm_iter\(iterations)"))
      // Negative control: another number of iterations.
      let other = try coefficients("alm_iter\(3 - iterations)")
      for (a, b) in zip(found.fields, other.fields) {
        #expect(relativeError(a.coefficients.values, b.coefficients.values) > 1e-4)
      }
    }
    let reduced = try MapAnalysis(lmax: 8, mmax: 5).coefficients(of: map).coefficients
    expect(reduced, try coefficients("alm_iter3_mmax"))
    #expect(map.warnings.count == (name == "map_1_iau" ? 1 : 0))
  }

  @Test("Unobserved pixels: refused, or set to 0 as map2alm does")
  func zeroed() throws {
    let map = try map("map_partial")
    #expect(map.maskedCount == 30)
    let analysis = MapAnalysis(lmax: 8)
    do {
      _ = try analysis.coefficients(of: map)
      Issue.record("unobserved pixels are accepted")
    } catch let error as MapToolError {
      guard case .maskedPixels(_, count: 30, pixelCount: 192, _) = error else {
        Issue.record("\(error)")
        return
      }
    }
    expect(
      try analysis.coefficients(of: map.zeroingMasked).coefficients, try coefficients("alm_zeroed"))
  }

  @Test("Spectra: anafast")
  func spectra() throws {
    let (first, second) = (try map("map_1"), try map("map_2"))
    let auto = try MapSpectra(MapAnalysis(lmax: 8)).spectra(of: first)
    #expect(auto.file.spectra.map(\.name) == ["TT", "EE", "BB", "TE", "EB", "TB"])
    #expect(auto.file.unit == "uK^2")
    #expect(auto.file.meanSquaredMask == nil)
    try expect(auto.file, try SpectraFile(contentsOf: url("cl")))
    // Negative control: healpy's names taken at their word.
    let healpy = try SpectraFile(contentsOf: url("cl"))
    #expect(relativeError(try #require(auto.file["TB"]), try #require(healpy["EB"])) > 0.1)

    let cross = try MapSpectra(MapAnalysis(lmax: 8)).spectra(of: first, with: second).file
    try expect(cross, try SpectraFile(contentsOf: url("cl_cross")))
    #expect(cross.spectra.map(\.name) == ["TT", "EE", "BB", "TE", "EB", "TB", "ET", "BE", "BT"])
    // The lower half is the upper half of the maps in the other order.
    let reversed = try MapSpectra(MapAnalysis(lmax: 8)).spectra(of: second, with: first).file
    for (name, other) in [("ET", "TE"), ("BE", "EB"), ("BT", "TB"), ("TE", "ET")] {
      #expect(cross[name] == reversed[other])
      #expect(relativeError(try #require(cross[name]), try #require(cross[other])) > 0.1)
    }
  }

  @Test("Pseudo-spectra: anafast of the masked map over the mean of mask²")
  func masked() throws {
    let mask = try SkyMask(contentsOf: url("mask"), nside: 4)
    let result = try MapSpectra(MapAnalysis(lmax: 8), mask: mask).spectra(of: try map("map_1"))
    let reference = try SpectraFile(contentsOf: url("cl_masked"))
    try expect(result.file, reference)
    let mean = mask.weights.reduce(0) { $0 + $1 * $1 } / 192
    #expect(result.file.meanSquaredMask == mean)
    #expect(result.unobserved == 0)
    // Negative control: divided by the share of observed pixels.
    let other = try #require(result.file["TT"]).map { $0 * mean / mask.skyFraction }
    #expect(relativeError(other, try #require(reference["TT"])) > 0.1)
  }

  /// What a map lacks is a mask: the same as cutting the pixels out of the complete map.
  @Test("Unobserved pixels as mask")
  func unobserved() throws {
    let settings = MapAnalysis(lmax: 8)
    let cut = try SkyMask(nside: 4, weights: (0..<192).map { $0 < 30 ? 0 : 1 })
    let partial = try map("map_partial")
    let expected = try MapSpectra(settings, mask: cut).spectra(of: try map("map_1")).file
    let found = try MapSpectra(settings, masksUnobserved: true).spectra(of: partial)
    #expect(found.unobserved == 30)
    #expect(found.file.spectra == expected.spectra)
    #expect(found.file.meanSquaredMask == 162.0 / 192)
    let both = try MapSpectra(settings, mask: cut).spectra(of: partial)
    #expect(both.unobserved == 0)
    #expect(both.file.spectra == expected.spectra)
    #expect(throws: MapToolError.self) { try MapSpectra(settings).spectra(of: partial) }
    // Nothing left to analyse.
    let empty = try SkyMask(nside: 4, weights: (0..<192).map { $0 < 30 ? 1 : 0 })
    #expect(throws: MapToolError.nothingObserved(file: partial.file)) {
      try MapSpectra(settings, mask: empty).spectra(of: partial)
    }
  }
}
