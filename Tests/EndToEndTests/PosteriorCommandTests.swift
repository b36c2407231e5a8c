import Foundation
import Models
import SkyModels
import SpecialFunctions
import Testing
import Verification

/// Posteriors as a user meets them: pictures of a file, and what is refused.
@Suite("Posteriors on the command line")
struct PosteriorCommandTests {
  private let sphere: Program

  init() throws { sphere = try Program() }

  private static func file(maps: Int) -> PosteriorFile {
    let parameters = [
      ModelParameter(name: "r", prior: .uniform(0...0.1)),
      ModelParameter(name: "tau", prior: .uniform(0.02...0.1)),
    ]
    return PosteriorFile(
      parameters: parameters,
      entries: (1...maps).map { number in
        let posterior = PosteriorGrid.zoomed(parameters.map(\.prior)) { quantiles in
          quantiles[0].flatMap { a in
            quantiles[1].map { b in
              -100 * (a - 0.05 * Double(number)) * (a - 0.05 * Double(number))
                - 50 * (b - 0.5) * (b - 0.5)
            }
          }
        }
        return PosteriorFile.Entry(map: "map\(number).fits", number: number, posterior: posterior)
      })
  }

  @Test("Pictures of posteriors")
  func pictures() throws {
    try withFolder { folder in
      try Self.file(maps: 3).write(to: folder.appendingPathComponent("p.fits"))
      var pictures: [Data] = []
      for options in [
        [], ["--only", "2"], ["--only", "3,1"], ["--truth", "tau=0.06"], ["--title", "other"],
      ] {
        var copies: [Data] = []
        for name in ["x.png", "x.png", "x.svg"] {
          let result = try sphere.run(
            ["plot", "p.fits", "--output", name] + options, in: folder)
          #expect(result.status == 0 && result.output.isEmpty, "\(result)")
          copies.append(try folder.bytes(name))
        }
        #expect(copies[0] == copies[1] && copies[2].prefix(3) == Data("<?x".utf8))
        pictures.append(copies[0])
      }
      #expect(Set(pictures).count == pictures.count)
      let lines = try sphere("inspect", "p.fits", in: folder).lines
      #expect(lines.count == 6 && lines[0] == "posteriors  3 maps", "\(lines)")
      #expect(lines[1] == "parameter r  unit none  prior 0...0.1")
      #expect(lines[4].hasPrefix("map 2  map2.fits  r 0.0111"), "\(lines)")
    }
  }

  @Test("Refusals")
  func refusals() throws {
    try withFolder { folder in
      try Self.file(maps: 9).write(to: folder.appendingPathComponent("p.fits"))
      let map = FixtureStore.url("formats/tools_map_1.fits").path
      let model = FixtureStore.url("models/t1-physical-isotropic-noise0.safetensors").path
      let output = ["--output", "x.png"]
      for (words, arguments) in [
        (["9 maps", "--only"], ["plot", "p.fits"] + output),
        (["--only is 10", "numbers of maps"], ["plot", "p.fits", "--only", "10"] + output),
        (["--only has '0'"], ["plot", "p.fits", "--only", "0"] + output),
        (
          ["--truth names h", "r, tau"],
          ["plot", "p.fits", "--only", "1", "--truth", "h=1"] + output
        ),
        (["--truth has 'r=x'"], ["plot", "p.fits", "--truth", "r=x"] + output),
        (["--field", "posteriors"], ["plot", "p.fits", "--only", "1", "--field", "T"] + output),
        (["--truth", "no posteriors"], ["plot", map, "--truth", "r=1"] + output),
        (
          ["--posterior", "no posteriors"],
          ["predict", map, "--model", model, "--posterior", "q.fits"]
        ),
        (
          ["--samples", "no posteriors"], ["predict", map, "--model", model, "--samples", "s.csv"]
        ),
        (["--samples", "missing"], ["predict", map, "--model", model, "--seed", "3"]),
        (
          ["--sample-count", "expected"],
          ["predict", map, "--model", model, "--samples", "s.csv", "--sample-count", "0"]
        ),
      ] {
        let result = try sphere.run(arguments, in: folder)
        #expect(result.status == 64 && result.output.isEmpty, "\(arguments): \(result)")
        for word in words { #expect(result.messages.contains(word), "\(arguments): \(result)") }
      }
      #expect(try folder.snapshot().keys.sorted() == ["p.fits"])
    }
  }
}
