import Foundation
import Testing
import Training
import Verification

/// What `sphere bench` prints for programs: one object per line, with the names that the command
/// line promises.
@Suite("Timing commands")
struct BenchCommandTests {
  private func objects(_ words: [String]) throws -> [[String: Any]] {
    let result = try Program().run(
      ["bench"] + words + ["--format", "json", "--threads", "2"],
      in: FileManager.default.temporaryDirectory)
    #expect(result.status == 0, "\(result)")
    return try result.output.split(separator: "\n").map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
  }

  @Test("Transforms", arguments: ["gauss-legendre", "healpix"])
  func transforms(grid: String) throws {
    let lines = try objects(
      ["transforms", "--grid", grid, "--lmax", "8", "--repeat", "1", "--iter", "2"])
    #expect(lines.count == 4)
    for (index, line) in lines.enumerated() {
      #expect(line["name"] as? String == (index % 2 == 0 ? "synthesis" : "analysis"))
      #expect(line["grid"] as? String == grid)
      #expect(line["spin"] as? Int == (index < 2 ? 0 : 2))
      #expect(line["lmax"] as? Int == 8)
      #expect(line["nside"] as? Int == (grid == "healpix" ? 4 : nil))
      #expect(line["precision"] as? String == "f64")
      #expect(line["iterations"] as? Int == (index % 2 == 0 ? 0 : 2))
      #expect(line["lanes"] as? Int == 1 && line["threads"] as? Int == 2)
      #expect(try #require(line["milliseconds"] as? Double) > 0)
    }
  }

  @Test("Training and inference", arguments: ["training", "inference"])
  func networks(command: String) throws {
    let lines = try objects([command, "--task", "t1", "--batch", "16", "--seconds", "1"])
    let line = try #require(lines.first)
    #expect(lines.count == 1)
    #expect(line["name"] as? String == command && line["task"] as? String == "t1")
    #expect(line["architecture"] as? String == "published")
    #expect(line["batch"] as? Int == 16 && line["threads"] as? Int == 2)
    #expect(try #require(line["maps_per_second"] as? Double) > 0)
  }

  @Test("Scaling: a table and a figure, in a folder of their own")
  func scaling() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("sphere-scaling-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let words = ["bench", "scaling", "--quick", "--threads", "2", "--output", folder.path]
    let result = try Program().run(words, in: FileManager.default.temporaryDirectory)
    #expect(result.status == 0 && result.output.isEmpty, "\(result)")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    #expect(names == ["scaling.csv", "scaling.png", "scaling.svg"])
    let again = try Program().run(words, in: FileManager.default.temporaryDirectory)
    #expect(again.status == 73, "\(again)")
  }

  @Test("A transform that fits no memory is refused")
  func memory() throws {
    let result = try Program().run(
      ["bench", "transforms", "--lmax", "16384", "--lanes", "4096"],
      in: FileManager.default.temporaryDirectory)
    #expect(result.status == 64)
    #expect(result.messages.contains("of memory"), "\(result)")
  }

  /// With a limit of the address space, as a batch system sets it.
  @Test("A map that fits no memory is refused before it is made")
  func synthesis() throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = [
      "-c", "ulimit -v 4000000; exec \"$0\" \"$@\"", try Program().executable.path, "synthesize",
      FixtureStore.url("formats/tools_alm_t.fits").path, "--nside", "8192", "--output", "x.fits",
    ]
    process.currentDirectoryURL = FileManager.default.temporaryDirectory
    let messages = Pipe()
    process.standardError = messages
    try process.run()
    let text = String(
      decoding: messages.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 64, "\(text)")
    #expect(text.contains("32.2 GB of memory"), "\(text)")
    #expect(text.contains("the size of the map"), "\(text)")
  }
}
