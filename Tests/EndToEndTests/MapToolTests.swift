import FileFormats
import Foundation
import SkyMaps
import Testing
import Verification

/// The map tools as a user calls them, on files of healpy (`Fixtures/generators/map_tools.py`).
@Suite("Map tools")
struct MapToolTests {
  private let sphere: Program

  init() throws { sphere = try Program() }

  private static func fixture(_ name: String) -> URL {
    let plain = FixtureStore.url("formats/tools_\(name).fits")
    return FileManager.default.fileExists(atPath: plain.path)
      ? plain : FixtureStore.url("formats/tools_\(name).fits.gz")
  }

  /// Runs a command that must succeed, and expects nothing on standard output.
  @discardableResult
  private func run(
    _ arguments: [String], in folder: URL, at location: SourceLocation = #_sourceLocation
  ) throws -> String {
    let result = try sphere.run(arguments, in: folder)
    #expect(result.status == 0, "\(arguments): \(result)", sourceLocation: location)
    #expect(result.output.isEmpty, "\(arguments): \(result)", sourceLocation: location)
    return result.messages
  }

  private func refuse(
    _ status: Int32, _ words: [String], _ arguments: [String], in folder: URL,
    at location: SourceLocation = #_sourceLocation
  ) throws {
    try sphere.expectRefusal(status, words, arguments, in: folder, at: location)
  }

  private func compareMaps(_ url: URL, _ reference: String) throws {
    let (a, b) = (try SkyMap(contentsOf: url), try SkyMap(contentsOf: Self.fixture(reference)))
    #expect(a.fields.map(\.name) == b.fields.map(\.name))
    for (x, y) in zip(a.fields, b.fields) {
      #expect(relativeError(x.values, y.values) <= 1e-12, "\(reference) \(x.name)")
    }
  }

  private func compareCoefficients(_ url: URL, _ reference: String) throws {
    let (a, b) = (
      try AlmFile(contentsOf: url), try AlmFile(contentsOf: Self.fixture(reference))
    )
    #expect(a.lmax == b.lmax && a.mmax == b.mmax)
    #expect(Set(a.fields.keys) == Set(b.fields.keys))
    for (field, values) in b.fields {
      let error = relativeError(a.fields[field] ?? [], values)
      #expect(error <= 1e-12, "\(reference) \(field): \(error)")
    }
  }

  private func compareSpectra(_ url: URL, _ reference: String) throws {
    let file = try SpectraFile(contentsOf: url)
    for spectrum in try SpectraFile(contentsOf: Self.fixture(reference)).spectra {
      let error = relativeError(file[spectrum.name] ?? [], spectrum.values)
      #expect(error <= 1e-12, "\(reference) \(spectrum.name): \(error)")
    }
  }

  @Test("synthesize equals alm2map")
  func synthesize() throws {
    try withFolder { folder in
      let output = folder.appendingPathComponent("x.fits")
      for (alm, nside, map) in [
        ("alm_t", "8", "synth_t"), ("alm_teb", "4", "synth_teb"), ("alm_eb", "4", "synth_eb"),
      ] {
        try run(
          ["synthesize", Self.fixture(alm).path, "--nside", nside, "--output", "x.fits"],
          in: folder)
        try compareMaps(output, map)
      }
      let written = try HealpixMapFile(contentsOf: output)
      #expect(written.polarisationConvention == "COSMO")
      #expect(written.columns.allSatisfy { $0.storedType == .float64 })
      let messages = try run(
        ["synthesize", Self.fixture("alm_t").path, "--nside", "2", "--output", "x.fits"],
        in: folder)
      #expect(messages.contains("3 nside - 1 = 5"))
    }
  }

  @Test("analyze equals map2alm; least squares reports")
  func analyze() throws {
    try withFolder { folder in
      let output = folder.appendingPathComponent("a.fits")
      let common = ["--lmax", "8", "--output", "a.fits"]
      for (map, options, reference) in [
        ("map_1", [], "alm_iter3"), ("map_1", ["--iter", "0"], "alm_iter0"),
        ("map_1_nested", ["--iter", "3"], "alm_iter3"), ("map_1_iau", [], "alm_iter3"),
        ("map_1", ["--mmax", "5"], "alm_iter3_mmax"),
        ("map_partial", ["--zero-masked"], "alm_zeroed"),
      ] {
        try run(["analyze", Self.fixture(map).path] + options + common, in: folder)
        try compareCoefficients(output, reference)
      }
      // There and back; the map may be replaced by its own output.
      let start = ["analyze", Self.fixture("synth_teb").path, "--lmax", "11"]
      let messages = try run(
        start + ["--tolerance", "1e-14", "--output", "a.fits"], in: folder)
      #expect(messages.contains("Q, U: "))
      #expect(messages.contains("iterations, residual"))
      let (found, truth) = (
        try AlmFile(contentsOf: output), try AlmFile(contentsOf: Self.fixture("alm_teb"))
      )
      for (field, values) in truth.fields {
        #expect(relativeError(found.fields[field] ?? [], values) <= 1e-12, "\(field)")
      }
      try run(["synthesize", "a.fits", "--nside", "4", "--output", "a.fits"], in: folder)
      try compareMaps(output, "synth_teb")
      #expect(try folder.snapshot().count == 1)
    }
  }

  @Test("spectrum equals anafast")
  func spectrum() throws {
    try withFolder { folder in
      let output = folder.appendingPathComponent("c.fits")
      let (first, second) = (Self.fixture("map_1").path, Self.fixture("map_2").path)
      let common = ["--lmax", "8", "--output", "c.fits"]
      try run(["spectrum", first] + common, in: folder)
      try compareSpectra(output, "cl")
      try run(["spectrum", first, second] + common, in: folder)
      try compareSpectra(output, "cl_cross")
      let messages = try run(
        ["spectrum", first, "--mask", Self.fixture("mask").path] + common, in: folder)
      try compareSpectra(output, "cl_masked")
      #expect(messages.contains("mean of mask^2"))
      let standard = try run(["spectrum", first, "--output", "c.fits"], in: folder)
      #expect(standard.contains("2 nside = 8"))
      try compareSpectra(output, "cl")
      let joined = try run(
        ["spectrum", Self.fixture("map_partial").path, "--zero-masked"] + common, in: folder)
      #expect(joined.contains("30 unobserved pixels join the mask"))
    }
  }

  @Test("resample")
  func resample() throws {
    try withFolder { folder in
      let output = folder.appendingPathComponent("r.fits")
      let map = Self.fixture("map_1").path
      try run(
        [
          "resample", map, "--to", "nside8", "--method", "bilinear", "--temperature-only",
          "--output", "r.fits",
        ], in: folder)
      let (found, healpy) = (
        try SkyMap(contentsOf: output), try SkyMap(contentsOf: Self.fixture("interpolated"))
      )
      #expect(
        relativeError(try found.requireTemperature(), try healpy.requireTemperature()) <= 1e-13)
      #expect(found.coordinateSystem == "G")
      // lmax 11 fits into both resolutions; the fit is exact.
      let harmonic = ["--method", "harmonic", "--lmax", "11", "--output", "r.fits"]
      try run(
        ["resample", Self.fixture("synth_t").path, "--to", "nside4"] + harmonic, in: folder)
      try run(["resample", "r.fits", "--to", "nside8"] + harmonic, in: folder)
      let (there, start) = (
        try SkyMap(contentsOf: output), try SkyMap(contentsOf: Self.fixture("synth_t"))
      )
      #expect(
        relativeError(try there.requireTemperature(), try start.requireTemperature()) <= 1e-10)
      for grid in ["gauss-legendre:8", "clenshaw-curtis:9x16"] {
        try run(
          ["resample", map, "--to", grid, "--method", "harmonic", "--output", "r.fits"],
          in: folder)
      }
    }
  }

  @Test("rotate equals rotate_alm; back again")
  func rotate() throws {
    try withFolder { folder in
      let output = folder.appendingPathComponent("r.fits")
      let options = ["--lmax", "11", "--tolerance", "1e-14", "--output", "r.fits"]
      try run(
        ["rotate", Self.fixture("synth_teb").path, "--euler", "20,35,-50"] + options, in: folder)
      try compareMaps(output, "rotated")
      try run(["rotate", "r.fits", "--euler", "50,-35,-20"] + options, in: folder)
      try compareMaps(output, "synth_teb")
      let messages = try run(
        ["rotate", Self.fixture("map_1").path, "--euler", "-20,35,50", "--output", "r.fits"],
        in: folder)
      #expect(messages.contains("2 nside = 8"))
      #expect(messages.contains("COORDSYS"))
      #expect(try SkyMap(contentsOf: output).coordinateSystem == nil)
    }
  }

  @Test("inspect tells coefficients and spectra from maps")
  func inspect() throws {
    try withFolder { folder in
      for (name, text) in [
        ("alm_teb", "field B  78 coefficients"), ("cl", "spectrum EB"), ("map_1", "nside 4"),
      ] {
        let result = try sphere("inspect", Self.fixture(name).path, in: folder)
        #expect(result.status == 0)
        #expect(result.output.contains(text), "\(result)")
      }
    }
  }

  @Test("Wrong usage: 64")
  func usage() throws {
    try withFolder { folder in
      let (map, alm) = (Self.fixture("map_1").path, Self.fixture("alm_t").path)
      let out = ["--output", "x.fits"]
      try refuse(64, ["--nside"], ["synthesize", alm, "--nside", "0"] + out, in: folder)
      try refuse(64, ["--nside"], ["synthesize", alm, "--nside", "-3"] + out, in: folder)
      try refuse(
        64, [".gz"], ["synthesize", alm, "--nside", "4", "--output", "x.fits.gz"], in: folder)
      try refuse(64, ["--lmax"], ["analyze", map] + out, in: folder)
      try refuse(64, ["--mmax"], ["analyze", map, "--lmax", "4", "--mmax", "5"] + out, in: folder)
      for option in [["--iter", "3"], ["--tolerance", "1e-6"]] {
        try refuse(
          64, ["map_1", "lmax is 12", "3 nside - 1 = 11"],
          ["analyze", map, "--lmax", "12"] + option + out, in: folder)
      }
      try refuse(
        64, ["either"],
        ["analyze", map, "--lmax", "8", "--iter", "3", "--tolerance", "1e-6"] + out, in: folder)
      for wrong in ["0", "-1", "nan", "2"] {
        try refuse(
          64, ["--tolerance"], ["analyze", map, "--lmax", "8", "--tolerance", wrong] + out,
          in: folder)
      }
      try refuse(
        64, ["--zero-masked", "--tolerance"],
        ["analyze", map, "--lmax", "8", "--tolerance", "1e-6", "--zero-masked"] + out, in: folder)
      for wrong in ["1,2", "1,2,3,4", "a,2,3", "1,,3", "nan,1,2", ""] {
        try refuse(
          64, ["--euler", "degrees"], ["rotate", map, "--euler", wrong] + out, in: folder)
      }
      try refuse(
        64, ["resample", "gauss-legendre:LMAX"],
        ["resample", map, "--to", "mercator", "--method", "nearest"] + out, in: folder)
      try refuse(
        64, ["Q and U", "harmonic", "--temperature-only"],
        ["resample", map, "--to", "nside8", "--method", "nearest"] + out, in: folder)
      try refuse(
        64, ["harmonic"],
        ["resample", map, "--to", "nside8", "--method", "nearest", "--lmax", "4"] + out,
        in: folder)
    }
  }

  /// A map of nside 2 with columns of these names.
  private func write(
    _ names: [String], convention: String? = nil, to name: String, in folder: URL
  ) throws {
    let columns = names.map {
      HealpixMapFile.Column(name: $0, values: .init(repeating: 1, count: 48))
    }
    try HealpixMapFile(nside: 2, columns: columns, polarisationConvention: convention)
      .write(to: folder.appendingPathComponent(name))
  }

  @Test("Unusable input: 65")
  func badInput() throws {
    try withFolder { folder in
      try write(["TEMPERATURE", "Q_POLARISATION"], to: "q.fits", in: folder)
      try write(["A", "B", "C", "D"], to: "four.fits", in: folder)
      try write(["Q", "U"], convention: "HEALPIX", to: "sign.fits", in: folder)
      try write(["T"], to: "t.fits", in: folder)
      let alm = folder.appendingPathComponent("alm.fits")
      try Data(contentsOf: Self.fixture("alm_teb")).prefix(15000).write(to: alm)
      let cut = folder.appendingPathComponent("cut.fits")
      try Data(contentsOf: Self.fixture("map_1")).prefix(6000).write(to: cut)
      let out = ["--output", "x.fits"]
      for command in [["analyze"], ["spectrum"]] {
        let options = ["--lmax", "4"] + out
        func expect(_ file: String, _ words: [String]) throws {
          try refuse(65, [file] + words, command + [file] + options, in: folder)
        }
        try expect("q.fits", ["Q_POLARISATION", "U_POLARISATION", "expected"])
        try expect("four.fits", ["4 columns", "A, B, C, D"])
        try expect("sign.fits", ["POLCCONV is HEALPIX", "COSMO or IAU"])
        try expect("cut.fits", ["truncated"])
        try refuse(
          65, ["30 of 192", "--zero-masked"],
          command + [Self.fixture("map_partial").path] + options, in: folder)
      }
      let map = Self.fixture("map_1").path
      try refuse(
        65, ["t.fits", "nside is 2, expected 4"], ["spectrum", map, "t.fits"] + out, in: folder)
      try refuse(
        65, ["t.fits", "nside 2, expected 4"], ["spectrum", map, "--mask", "t.fits"] + out,
        in: folder)
      for file in ["alm.fits", map] {
        try refuse(65, [file], ["synthesize", file, "--nside", "4"] + out, in: folder)
      }
      try refuse(
        65, ["TEMPERATURE"],
        [
          "resample", Self.fixture("synth_eb").path, "--to", "nside2", "--method", "nearest",
          "--temperature-only",
        ] + out, in: folder)
      // A tolerance that is not reached is a failure, not a wrong input.
      try refuse(
        1, ["2 iterations", "--max-iterations"],
        ["analyze", map, "--lmax", "8", "--tolerance", "1e-12", "--max-iterations", "2"] + out,
        in: folder)
    }
  }

  @Test("Missing input: 66; output that cannot be written: 73")
  func files() throws {
    try withFolder { folder in
      let (map, alm) = (Self.fixture("map_1").path, Self.fixture("alm_t").path)
      try FileManager.default.createDirectory(
        at: folder.appendingPathComponent("there.fits"), withIntermediateDirectories: false)
      let commands = [
        ["synthesize", alm, "--nside", "4"], ["analyze", map, "--lmax", "4"],
        ["spectrum", map, "--lmax", "4"],
        ["resample", map, "--to", "nside2", "--method", "harmonic"],
        ["rotate", map, "--euler", "1,2,3"],
      ]
      for command in commands {
        var missing = command
        missing[1] = "none.fits"
        try refuse(66, ["none.fits"], missing + ["--output", "x.fits"], in: folder)
        try refuse(73, ["nowhere"], command + ["--output", "nowhere/x.fits"], in: folder)
        try refuse(73, ["folder"], command + ["--output", "there.fits"], in: folder)
      }
      try refuse(
        66, ["mask.fits"],
        ["spectrum", map, "--mask", "mask.fits", "--output", "x.fits"], in: folder)
    }
  }
}
