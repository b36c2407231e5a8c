import FileFormats
import Foundation
import SkyMaps
import Testing
import Verification

@testable import MapTools

/// Files as other programs write them (`Fixtures/generators/real_maps.py`), against healpy's
/// spectra of the maps as they have to be read: 1e-10 relative, the rounding of sums over 768
/// pixels and three iterations with room to spare. Blind to: conventions that healpy shares.
@Suite("Real files against healpy")
struct RealMapFixtureTests {
  private let answers: NamedTensors

  init() throws {
    let name = "formats/cases/answers.safetensors"
    answers = try SafetensorsFile(data: FixtureStore.data(name), name: name).tensors
  }

  private func url(_ name: String) -> URL { FixtureStore.url("formats/cases/\(name).fits") }

  private func map(_ name: String, _ selection: MapSelection = MapSelection()) throws -> SkyMap {
    try SkyMap(contentsOf: url(name), selection)
  }

  /// Rows of an answer, one spectrum each, l = 0...16.
  private func answer(_ name: String) throws -> [[Double]] {
    let values = try answers.tensor(name).doubles()
    return stride(from: 0, to: values.count, by: 17).map { Array(values[$0..<$0 + 17]) }
  }

  private func spectra(
    _ first: SkyMap, with second: SkyMap? = nil, mask: SkyMask? = nil
  ) throws -> SpectraFile {
    try MapSpectra(MapAnalysis(lmax: 16), mask: mask, masksUnobserved: true)
      .spectra(of: first, with: second).file
  }

  private func expect(
    _ found: SpectraFile, _ name: String, at location: SourceLocation = #_sourceLocation
  ) throws {
    let expected = try answer(name)
    #expect(found.spectra.count == expected.count, "\(name)", sourceLocation: location)
    for (spectrum, values) in zip(found.spectra, expected) {
      // EB and TB of a map are noise of rounding where the sky has none, so TT sets the scale.
      let scale = (expected[0].map(\.magnitude).max() ?? 0) * 1e-10
      for (l, pair) in zip(spectrum.values, values).enumerated() {
        #expect(
          (pair.0 - pair.1).magnitude <= scale, "\(name) \(spectrum.name) l = \(l): \(pair)",
          sourceLocation: location)
      }
    }
  }

  private func fault(_ body: () throws -> Void) -> FitsFault? {
    do {
      try body()
      return nil
    } catch {
      return (error as? FitsError)?.fault
    }
  }

  @Test("Units: one for all columns, in every spelling")
  func units() throws {
    try expect(spectra(map("units_kelvin")), "units_kelvin")
    try expect(spectra(map("wmap_unit")), "wmap_unit")
    #expect(
      fault { _ = try map("unit_on_some_columns") }
        == .unitsDiffer(found: [
          "TEMPERATURE in K_CMB", "Q_POLARISATION in no unit", "U_POLARISATION in no unit",
        ]))
  }

  @Test("Signal, hits and errors")
  func signal() throws {
    let cut = try map("cut4")
    #expect(cut.polarisation == nil && cut.temperature != nil)
    #expect(cut.maskedCount == 256)
    #expect(cut.warnings.count { $0.contains("is left out") } == 2)
    try expect(spectra(cut), "cut4")
    let hits = try map("signal_hits")
    #expect(hits.polarisation == nil)
    try expect(spectra(hits), "signal_hits")
    // EXTNAME of HEALPix's polarised cut-sky files says what SIGNAL is.
    #expect(
      fault { _ = try map("cut4_q") }
        == .columnWithoutPartner(
          name: "SIGNAL", missing: "U", found: ["SIGNAL", "N_OBS", "SERROR"]))
  }

  @Test("Several tables: named, and chosen by number or EXTNAME")
  func tables() throws {
    let other = "HDU 2: table MAP (TEMPERATURE)"
    #expect(
      fault { _ = try map("several_maps") }
        == .notStokes(found: ["HITS"], otherTables: [other]))
    for table in [MapSelection.Table.number(2), .name("map")] {
      let chosen = try map("several_maps", MapSelection(table: table))
      #expect(chosen.warnings.isEmpty)
      try expect(spectra(chosen), "signal_hits")
    }
    let file = try HealpixMapFile(contentsOf: url("several_maps"))
    #expect(file.columns.map(\.name) == ["HITS"])
    #expect(file.warnings.contains { $0.contains(other) })
    for table in [MapSelection.Table.number(0), .number(3), .name("NONE")] {
      guard
        case .noSuchTable(_, expected: "table", let found)? = fault({
          _ = try map("several_maps", MapSelection(table: table))
        })
      else {
        Issue.record("\(table) is accepted")
        continue
      }
      #expect(found.count == 3)
    }
  }

  @Test("Columns by choice")
  func columns() throws {
    let t = try map("units_kelvin", MapSelection(columns: [.name("temperature")]))
    #expect(t.polarisation == nil)
    let both = try map("units_kelvin", MapSelection(columns: [.number(3), .number(2)]))
    #expect(both.temperature == nil)
    #expect(both.polarisation == (try map("units_kelvin").polarisation))
    // What is chosen by name is taken, also if its name is that of hits.
    let hits = try map(
      "several_maps", MapSelection(table: .number(1), columns: [.name("HITS")]))
    #expect(hits.temperature?.allSatisfy { 1..<50 ~= $0 } == true)
    #expect(
      fault { _ = try map("units_kelvin", MapSelection(columns: [.name("X")])) }
        == .missingColumn(
          name: "X", found: ["TEMPERATURE", "Q_POLARISATION", "U_POLARISATION"]))
    #expect(
      fault { _ = try map("units_kelvin", MapSelection(columns: [.number(4)])) }
        == .missingColumn(
          name: "number 4", found: ["TEMPERATURE", "Q_POLARISATION", "U_POLARISATION"]))
  }

  /// UNSEEN, which needs no words, is the control: `tools_map_partial` of the other suites.
  @Test(
    "What counts as not observed is counted and said",
    arguments: [
      ("bad_data", "110 values are BAD_DATA", "masked"),
      ("scaled_unseen", "110 values are above 1e+20", "masked"),
      ("integer_null", "110 values are null (TNULL)", "integer_null"),
    ])
  func unobserved(_ name: String, _ words: String, _ reference: String) throws {
    let found = try map(name)
    #expect(found.maskedCount == 110)
    #expect(found.warnings.count == 1)
    #expect(found.warnings.first?.contains(words) == true, "\(found.warnings)")
    try expect(spectra(found), reference)
  }

  @Test("Coordinates and the sign of U in the primary header")
  func keywords() throws {
    let (g, galactic) = (try map("coordsys_g"), try map("coordsys_galactic"))
    try expect(spectra(g, with: galactic), "coordsys")
    var celestial = galactic
    celestial.coordinateSystem = "C"
    #expect(throws: MapToolError.self) { try spectra(g, with: celestial) }
    let primary = try map("primary_keywords")
    #expect(primary.coordinateSystem == "GALACTIC")
    #expect(primary.warnings.count { $0.contains("of HDU 0") } == 2)
    try expect(spectra(primary), "units_kelvin")
  }

  @Test("Masks: rounding at both ends, a choice of columns")
  func masks() throws {
    let rounded = try SkyMaskFile(contentsOf: url("apodised_mask"))
    #expect(rounded.warnings.count == 1)
    #expect(rounded.warnings.first?.contains("weights beyond 0 or 1, by up to 1.7e-06") == true)
    let t = try map("signal_hits")
    try expect(spectra(t, mask: rounded.mask), "apodised_mask")

    let first = try SkyMaskFile(contentsOf: url("mask_columns"))
    #expect(first.warnings.count == 1)
    for word in ["GAL020", "GAL040", "GAL080"] {
      #expect(first.warnings.first?.contains(word) == true)
    }
    for column in [MapSelection.Column.name("gal040"), .number(2)] {
      let chosen = try SkyMaskFile(
        contentsOf: url("mask_columns"), MapSelection(columns: [column]))
      #expect(chosen.warnings.isEmpty && chosen.mask != first.mask)
      try expect(spectra(t, mask: chosen.mask), "gal040")
    }
    // A mask is no map of T.
    #expect(
      fault { _ = try map("mask_columns") }
        == .notStokes(found: ["GAL020", "GAL040", "GAL080"], otherTables: []))
  }

  @Test("Spectra of other programs")
  func spectraFiles() throws {
    let all = try answer("spectra")
    let broken = try SpectraFile(contentsOf: url("spectra_nan"))
    #expect(broken.spectra.map(\.name) == ["TT", "EE", "BB", "TE"])
    #expect(
      broken.warnings
        == [0, 1].map { "NaN at l = \($0) in TEMPERATURE, GRADIENT, CURL, G-T, which stays NaN" })
    for (spectrum, values) in zip(broken.spectra, all) {
      #expect(spectrum.values[0].isNaN && spectrum.values[1].isNaN)
      #expect(spectrum.values[2...] == values[2...])
    }
    let degrees = try SpectraFile(contentsOf: url("spectra_ell"))
    #expect(degrees.spectra.map(\.name) == ["TT", "EE"])
    #expect(degrees["EE"]?[2...] == all[1][2...])
    #expect(degrees["EE"]?[..<2].allSatisfy { $0.isNaN } == true)
    let nine = try SpectraFile(contentsOf: url("spectra_nine"))
    #expect(nine.spectra.map(\.name) == ["TT", "EE", "BB", "TE", "TB", "EB", "ET", "BT", "BE"])
    #expect(nine.spectra.map(\.values) == (try answer("nine")))
    // They are the cross spectra of the two skies by their names.
    #expect(nine["TE"] != nine["ET"])
    #expect(
      fault { _ = try SpectraFile(contentsOf: url("alm_sparse")) }
        == .coefficients(expected: "spectra"))
  }

  @Test("Coefficients: zeros left out, the sign convention of IAU")
  func coefficients() throws {
    let file = try AlmFile(contentsOf: url("alm_sparse"))
    #expect(file.warnings.count == 1)
    #expect(file.warnings.first?.contains("of 66 coefficients") == true)
    let values = try #require(SkyCoefficients(file).map(nside: 8, threads: 1).temperature)
    let mean = values.reduce(0, +) / 768
    let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 768).squareRoot()
    let expected = try answers.tensor("alm_sparse").doubles()[0]
    #expect((deviation - expected).magnitude <= 1e-10 * expected)
    #expect(
      fault { _ = try AlmFile(contentsOf: url("alm_iau")) }
        == .conventionOfCoefficients(found: "IAU"))
    #expect(
      fault { _ = try map("alm_sparse") } == .coefficients(expected: "a HEALPix map"))
  }

  /// Every bit of the data and of the header is protected: each tenth byte, one bit, is refused.
  @Test("Checksums")
  func checksums() throws {
    let sound = try Data(contentsOf: url("checksum"))
    try expect(spectra(map("checksum")), "signal_hits")
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("sphere-checksum-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("x.fits")
    // Two records of header, then the data: HDU 1 begins at 2880.
    for position in stride(from: 5760 + 3, to: 5760 + 768 * 8, by: 97) {
      var changed = sound
      changed[position] ^= 1 << UInt8(position % 8)
      try changed.write(to: file)
      guard
        case .checksumMismatch(part: 1, keyword: "DATASUM", _, _)? = fault({
          _ = try SkyMap(contentsOf: file)
        })
      else {
        Issue.record("byte \(position) is not missed")
        continue
      }
    }
    var changed = sound
    let name = try #require(changed.range(of: Data("TUNIT1  = 'uK".utf8)))
    changed.replaceSubrange(name, with: Data("TUNIT1  = 'mK".utf8))
    try changed.write(to: file)
    guard
      case .checksumMismatch(part: 1, keyword: "CHECKSUM", _, _)? = fault({
        _ = try SkyMap(contentsOf: file)
      })
    else {
      Issue.record("a changed unit is not noticed")
      return
    }
  }
}
