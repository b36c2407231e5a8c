import FileFormats
import Foundation
import SkyMaps
import Testing
import Verification

/// Smoothing, resolutions, dipoles, coordinates, factors, masks and band powers as a user calls
/// them, on files of healpy. The numbers are compared with healpy's in `MapFilterOracleTests` and
/// its neighbours; here the commands are: what they read, say, write and refuse.
@Suite("Sky tools")
struct SkyToolTests {
  private let sphere: Program

  init() throws { sphere = try Program() }

  private static func fixture(_ name: String) -> String {
    FixtureStore.url("formats/tools_\(name).fits").path
  }

  private static let map = fixture("map_1")
  private static let partial = fixture("map_partial")

  /// Runs a command that must succeed and prints nothing on standard output; returns its messages.
  @discardableResult
  private func run(
    _ arguments: [String], in folder: URL, at location: SourceLocation = #_sourceLocation
  ) throws -> String {
    let result = try sphere.run(arguments, in: folder)
    #expect(result.status == 0, "\(arguments): \(result)", sourceLocation: location)
    #expect(result.output.isEmpty, "\(arguments): \(result)", sourceLocation: location)
    return result.messages
  }

  private func fields(_ url: URL) throws -> [(name: String, values: [Double])] {
    try SkyMap(contentsOf: url).fields
  }

  @Test("smooth, and back")
  func smooth() throws {
    try withFolder { folder in
      let output = folder.appendingPathComponent("s.fits")
      // A map without degrees above 8, which smoothing leaves so.
      try run(
        ["synthesize", Self.fixture("alm_mmax"), "--nside", "4", "--output", "m.fits"], in: folder)
      let options = ["--lmax", "8", "--tolerance", "1e-13", "--fwhm", "600", "--pixel-window"]
      try run(["smooth", "m.fits"] + options + ["--output", "s.fits"], in: folder)
      let (sharp, smooth) = (
        try fields(folder.appendingPathComponent("m.fits")), try fields(output)
      )
      #expect(relativeError(smooth[0].values, sharp[0].values) > 0.1)
      let messages = try run(
        ["smooth", "s.fits"] + options + ["--inverse", "--output", "s.fits"], in: folder)
      #expect(messages.contains("the largest factor is"))
      #expect(relativeError(try fields(output)[0].values, sharp[0].values) <= 1e-10)

      // Coefficients times the same factors.
      try run(["analyze", "m.fits", "--lmax", "8", "--output", "a.fits"], in: folder)
      let window = ["--fwhm", "600", "--pixel-window", "--nside", "4"]
      try run(["almxfl", "a.fits"] + window + ["--output", "b.fits"], in: folder)
      try run(["almxfl", "b.fits"] + window + ["--inverse", "--output", "b.fits"], in: folder)
      let (a, b) = (
        try AlmFile(contentsOf: folder.appendingPathComponent("a.fits")),
        try AlmFile(contentsOf: folder.appendingPathComponent("b.fits"))
      )
      #expect(relativeError(b.fields[.t] ?? [], a.fields[.t] ?? []) <= 1e-15)
      // Factors of a text, and ones that are too short.
      let lines = (0...8).map { "\($0),\($0 == 2 ? 1 : 0)" }.joined(separator: "\n")
      try Data("l,T\n\(lines)\n".utf8).write(to: folder.appendingPathComponent("f.csv"))
      try run(["almxfl", "a.fits", "--by", "f.csv", "--output", "q.fits"], in: folder)
      let quadrupole = try AlmFile(contentsOf: folder.appendingPathComponent("q.fits"))
      #expect(quadrupole.fields[.t]?.count { $0 != 0 } == 5)
      try Data("l,T\n0,1\n1,1\n".utf8).write(to: folder.appendingPathComponent("f.csv"))
      try sphere.expectRefusal(
        64, ["end at l = 1", "lmax = 8"],
        ["almxfl", "a.fits", "--by", "f.csv", "--output", "q.fits"], in: folder)
      try sphere.expectRefusal(
        64, ["--pixel-window and --nside"],
        ["almxfl", "a.fits", "--pixel-window", "--output", "q.fits"], in: folder)

      // Holes.
      let holes = ["smooth", Self.partial, "--fwhm", "600", "--output", "h.fits"]
      try sphere.expectRefusal(65, ["30 of 192 pixels", "--zero-masked"], holes, in: folder)
      let said = try run(holes + ["--zero-masked"], in: folder)
      #expect(said.contains("30 unobserved pixels count as 0"))
      let written = try SkyMap(contentsOf: folder.appendingPathComponent("h.fits"))
      #expect(written.maskedCount == 30)
      try sphere.expectRefusal(
        64, ["nothing to smooth with"], ["smooth", Self.map, "--output", "h.fits"], in: folder)
      try sphere.expectRefusal(
        64, ["no pixel window for nside"],
        ["upgrade", Self.map, "--nside", "256", "--method", "harmonic", "--output", "h.fits"],
        in: folder)
    }
  }

  @Test("downgrade and upgrade")
  func grading() throws {
    try withFolder { folder in
      let output = folder.appendingPathComponent("g.fits")
      let pixel = ["--method", "pixel", "--output", "g.fits"]
      let said = try run(["downgrade", Self.partial, "--nside", "2"] + pixel, in: folder)
      #expect(said.contains("--method harmonic is right near the poles"))
      let optimist = try SkyMap(contentsOf: output)
      try run(["downgrade", Self.partial, "--nside", "2", "--pessimistic"] + pixel, in: folder)
      let pessimist = try SkyMap(contentsOf: output)
      #expect(optimist.nside == 2 && optimist.maskedCount < pessimist.maskedCount)
      try run(["upgrade", Self.map, "--nside", "8", "--power", "-2"] + pixel, in: folder)
      let fine = try SkyMap(contentsOf: output)
      let total = try SkyMap(contentsOf: URL(fileURLWithPath: Self.map)).requireTemperature()
        .reduce(0, +)
      #expect(abs(try fine.requireTemperature().reduce(0, +) - total) <= 1e-12)
      #expect(fine.coordinateSystem == "G")

      let harmonic = ["--method", "harmonic", "--output", "g.fits"]
      try run(["upgrade", Self.map, "--nside", "8"] + harmonic, in: folder)
      #expect(try SkyMap(contentsOf: output).fields.count == 3)
      let beam = try run(
        ["downgrade", Self.map, "--nside", "2", "--effective-beam"] + harmonic, in: folder)
      #expect(beam.contains("5120 arcmin"))
      for (words, arguments) in [
        (["nside 4", "smaller"], ["downgrade", Self.map, "--nside", "4"] + pixel),
        (["nside 4", "larger"], ["upgrade", Self.map, "--nside", "2"] + pixel),
        (["--lmax belongs to"], ["upgrade", Self.map, "--nside", "8", "--lmax", "3"] + pixel),
        (["--power"], ["upgrade", Self.map, "--nside", "8", "--power", "1"] + harmonic),
        (["powers of two"], ["downgrade", Self.map, "--nside", "3"] + pixel),
      ] {
        try sphere.expectRefusal(64, words, arguments, in: folder)
      }
    }
  }

  @Test("remove-dipole")
  func dipole() throws {
    try withFolder { folder in
      let start = ["remove-dipole", Self.map, "--output", "d.fits"]
      let first = try run(start, in: folder)
      #expect(
        first.contains("monopole") && first.contains("dipole") && first.contains("192 pixels"))
      // Nothing is left to remove.
      let second = try run(["remove-dipole", "d.fits", "--output", "d.fits"], in: folder)
      let number = try #require(second.firstMatch(of: /monopole (\S+) uK/)?.1)
      #expect(abs(try #require(Double(number))) <= 1e-14)
      let masked = try run(
        start + ["--mask", Self.fixture("mask"), "--gal-cut", "30", "--monopole-only"], in: folder)
      #expect(!masked.contains("dipole "))
      try sphere.expectRefusal(
        65, ["0 pixels", "a dipole"], start + ["--gal-cut", "85"], in: folder)
    }
  }

  @Test("coordinates, and rotate of coefficients")
  func coordinates() throws {
    try withFolder { folder in
      let output = folder.appendingPathComponent("c.fits")
      let fit = ["--lmax", "8", "--tolerance", "1e-13", "--output"]
      try run(
        ["synthesize", Self.fixture("alm_mmax"), "--nside", "4", "--output", "m.fits"], in: folder)
      try run(["coordinates", "m.fits", "--from", "E", "--to", "C"] + fit + ["c.fits"], in: folder)
      #expect(try SkyMap(contentsOf: output).coordinateSystem == "C")
      try run(["coordinates", "c.fits", "--to", "ecliptic"] + fit + ["c.fits"], in: folder)
      let sharp = try fields(folder.appendingPathComponent("m.fits"))[0].values
      #expect(relativeError(try fields(output)[0].values, sharp) <= 1e-10)
      try run(
        [
          "coordinates", Self.map, "--to", "C", "--method", "pixel", "--temperature-only",
          "--output", "p.fits",
        ], in: folder)
      for (status, words, arguments) in [
        (Int32(64), ["COORDSYS"], ["coordinates", "m.fits", "--to", "C"]),
        (64, ["COORDSYS is G"], ["coordinates", Self.map, "--from", "E", "--to", "C"]),
        (64, ["--to is 'Q7'"], ["coordinates", Self.map, "--to", "Q7"]),
        (64, ["the same"], ["coordinates", Self.map, "--from", "G", "--to", "galactic"]),
        (64, ["Q and U"], ["coordinates", Self.map, "--to", "C", "--method", "pixel"]),
      ] {
        try sphere.expectRefusal(status, words, arguments + ["--output", "x.fits"], in: folder)
      }
      // Coefficients turn as the map's do.
      let turn = ["--euler", "20,35,-50", "--output"]
      try run(["rotate", Self.fixture("alm_teb")] + turn + ["r.fits"], in: folder)
      try run(["synthesize", "r.fits", "--nside", "4", "--output", "r.fits"], in: folder)
      let rotated = try fields(URL(fileURLWithPath: Self.fixture("rotated")))
      for (a, b) in zip(try fields(folder.appendingPathComponent("r.fits")), rotated) {
        #expect(relativeError(a.values, b.values) <= 1e-12)
      }
      try sphere.expectRefusal(
        64, ["holds coefficients"],
        ["rotate", Self.fixture("alm_teb"), "--lmax", "3"] + turn + ["x.fits"], in: folder)
    }
  }

  @Test("apodize, and band powers")
  func bands() throws {
    try withFolder { folder in
      let mask = Self.fixture("mask")
      for method in ["c1", "c2"] {
        let said = try run(
          ["apodize", mask, "--width", "20", "--method", method, "--output", "w.fits"], in: folder)
        #expect(said.contains("mean square"))
      }
      let weights = try SkyMask(contentsOf: folder.appendingPathComponent("w.fits"), nside: 4)
      let before = try SkyMask(contentsOf: URL(fileURLWithPath: mask), nside: 4)
      #expect(zip(weights.weights, before.weights).allSatisfy { $0 <= $1 })

      let start = ["spectrum", Self.map, "--mask", mask, "--lmax", "8", "--output"]
      try run(start + ["b.csv", "--decouple", "--bins", "2,5,9", "--fwhm", "60"], in: folder)
      let text = try String(
        contentsOf: folder.appendingPathComponent("b.csv"), encoding: .utf8)
      let lines = text.split(separator: "\n")
      #expect(lines.count == 3)
      #expect(lines[0] == "first,last,l,TT,EE,BB,TE,EB,TB")
      #expect(lines[1].hasPrefix("2,4,3.0,") && lines[2].hasPrefix("5,8,6.5,"))
      try run(start + ["b.fits", "--decouple", "--bins", "3"], in: folder)
      // T with T, Q and U.
      try run(
        ["synthesize", Self.fixture("alm_t"), "--nside", "4", "--output", "t.fits"], in: folder)
      try run(["spectrum", "t.fits", Self.map, "--output", "x.csv"], in: folder)
      let cross = try String(
        contentsOf: folder.appendingPathComponent("x.csv"), encoding: .utf8)
      #expect(cross.hasPrefix("l,TT,TE,TB\n"))
      for (words, arguments) in [
        (["belong together"], start + ["b.fits", "--decouple"]),
        (["belong together"], start + ["b.fits", "--bins", "3"]),
        (["the bins 'x'"], start + ["b.fits", "--decouple", "--bins", "x"]),
        (["lmax + 1 = 9"], start + ["b.fits", "--decouple", "--bins", "2,20"]),
      ] {
        try sphere.expectRefusal(64, words, arguments, in: folder)
      }
    }
  }
}
