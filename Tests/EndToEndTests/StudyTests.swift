import Foundation
import Testing

/// `sphere study`: files, determinism and refusals.
/// Blind to: the numbers, which AccuracyStudiesTests check.
@Suite("Studies")
struct StudyTests {
  private func folder() throws -> URL {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("sphere-study-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
  }

  /// The same seed gives the same bytes with any number of threads; progress goes to standard error, and a
  /// folder that has something in it is refused before any work.
  @Test("Study of exactness")
  func exactness() throws {
    let (program, folder) = (try Program(), try folder())
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, threads) in [("a", "1"), ("b", "2")] {
      let result = try program(
        "study", "exactness", "--quick", "--output", name, "--threads", threads, in: folder)
      #expect(result.status == 0 && result.output.isEmpty, "\(result)")
      #expect(result.messages.contains("cases"))
    }
    let names = try FileManager.default
      .contentsOfDirectory(atPath: folder.appendingPathComponent("a").path).sorted()
    #expect(
      names == [
        "exactness-map.png", "exactness-map.svg", "exactness-published-grid.png",
        "exactness-published-grid.svg", "exactness-resolution.png", "exactness-resolution.svg",
        "exactness.csv", "exactness.png", "exactness.svg",
      ])
    for name in names {
      let files = try ["a", "b"].map {
        try Data(contentsOf: folder.appendingPathComponent("\($0)/\(name)"))
      }
      #expect(files[0] == files[1], "\(name)")
    }
    let refused = try program("study", "exactness", "--quick", "--output", "a", in: folder)
    #expect(refused.status == 73 && refused.messages.contains("a"), "\(refused)")
    try Data("x".utf8).write(to: folder.appendingPathComponent("file"))
    let foreign = try program("study", "equivariance", "--output", "file", in: folder)
    #expect(foreign.status == 73, "\(foreign)")
    #expect(try String(contentsOf: folder.appendingPathComponent("file"), encoding: .utf8) == "x")
  }

  @Test("Wrong usage")
  func usage() throws {
    let (program, folder) = (try Program(), try folder())
    defer { try? FileManager.default.removeItem(at: folder) }
    #expect(try program("study", "exactness", in: folder).status == 64)
    #expect(
      try program("study", "exactness", "--output", "x", "--threads", "0", in: folder).status == 64)
  }
}
