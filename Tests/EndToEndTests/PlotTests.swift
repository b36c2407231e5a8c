import FileFormats
import Foundation
import SkyMaps
import Testing
import Verification

/// `sphere plot` as a user calls it.
@Suite("Plots")
struct PlotTests {
  private let sphere: Program

  init() throws { sphere = try Program() }

  /// Every kind of file as PNG and as SVG, twice the same bytes.
  @Test("Kinds of files")
  func kinds() throws {
    try withFolder { folder in
      try SpectraFile(spectra: [.init(name: "TT", values: [1, 2, 3, 2])])
        .write(to: folder.appendingPathComponent("cl.fits"))
      let map = try SkyMap(
        contentsOf: FixtureStore.url("formats/tools_map_1.fits")
      ).mapFile
      try map.write(to: folder.appendingPathComponent("map.fits"))
      for file in [
        "map.fits", "cl.fits", FixtureStore.url("models/t3-physical-isotropic.json").path,
        FixtureStore.url("models/t3-physical-isotropic.safetensors").path,
      ] {
        for (name, start) in [("x.png", [0x89, 0x50, 0x4E, 0x47]), ("x.svg", [0x3C, 0x3F, 0x78])] {
          var copies: [Data] = []
          for _ in 0..<2 {
            let result = try sphere("plot", file, "--output", name, in: folder)
            #expect(result.status == 0 && result.output.isEmpty, "\(file): \(result)")
            copies.append(try folder.bytes(name))
          }
          #expect(copies[0] == copies[1] && copies[0].prefix(start.count).map(Int.init) == start)
        }
      }
    }
  }

  /// The third and fourth bytes of the width in the header of a PNG file.
  @Test("Fields, forms, width and title")
  func options() throws {
    try withFolder { folder in
      let map = FixtureStore.url("formats/tools_map_1.fits").path
      var pictures: [Data] = []
      for options in [[], ["--field", "Q"], ["--field", "2"], ["--title", "other"]] {
        let result = try sphere.run(
          ["plot", map, "--output", "x.png", "--width", "500"] + options, in: folder)
        #expect(result.status == 0, "\(result)")
        pictures.append(try folder.bytes("x.png"))
        #expect(pictures.last.map { Int($0[18]) << 8 | Int($0[19]) } == 500)
      }
      #expect(Set(pictures).count == pictures.count)
    }
  }

  @Test("Refusals")
  func refusals() throws {
    try withFolder { folder in
      let map = FixtureStore.url("formats/tools_map_1.fits").path
      let record = FixtureStore.url("models/t3-physical-isotropic.json").path
      try SpectraFile(spectra: [.init(name: "TT", values: [1, 2])])
        .write(to: folder.appendingPathComponent("cl.fits"))
      try HealpixMapFile(
        nside: 1,
        columns: [.init(name: "T", values: [Double](repeating: .nan, count: 12))]
      ).write(to: folder.appendingPathComponent("masked.fits"))
      try Data("{}".utf8).write(to: folder.appendingPathComponent("other.json"))
      let output = ["--output", "x.png"]
      for (status, words, arguments) in [
        (Int32(64), [".png"], [map, "--output", "x.pdf"]),
        (64, ["map.txt", ".safetensors"], ["map.txt"] + output),
        (64, ["'X'"], [map, "--field", "X"] + output),
        (64, ["--width"], [map, "--width", "5"] + output),
        (64, ["--width"], [map, "--width", "500", "--output", "x.svg"]),
        (64, ["--field"], [record, "--field", "T"] + output),
        (64, ["--field", "spectra"], ["cl.fits", "--field", "T"] + output),
        (64, ["--form", "map"], [map, "--form", "cl"] + output),
        (64, ["printable ASCII"], [map, "--title", "\u{3b8}"] + output),
        (65, ["no field 9"], [map, "--field", "9"] + output),
        (65, ["observed part"], ["masked.fits"] + output),
        (65, ["run record"], ["other.json"] + output),
        (66, ["none.fits"], ["none.fits"] + output),
        (73, ["nowhere"], [map, "--output", "nowhere/x.png"]),
      ] {
        try sphere.expectRefusal(
          status, words, ["plot"] + arguments, in: folder, at: #_sourceLocation)
      }
    }
  }
}
