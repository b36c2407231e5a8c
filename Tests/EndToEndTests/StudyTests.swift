import Foundation
import Testing

/// `sphere study`: files, determinism and refusals.
/// Blind to: the numbers, which StudiesTests check.
@Suite("Studies")
struct StudyTests {
  private func folder() throws -> URL {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("sphere-study-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
  }

  /// The same seed gives the same bytes with any number of threads; progress goes to standard
  /// error, and a folder that has something in it is refused before any work.
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

  /// An interrupted study keeps the records of finished runs and says how to go on; without
  /// --resume its folder is refused, with other options it is not taken. Resumed to its end it has
  /// all files and prints the table.
  @Test("Study of ablation")
  func ablation() throws {
    let (program, folder) = (try Program(), try folder())
    defer { try? FileManager.default.removeItem(at: folder) }
    // The runs that take seconds; AblationStudySlowTests carries out others.
    let runs = [
      "t1-published", "t1-no-dropout", "t1-isotropic-gradients", "t1-isotropic-closed-form",
      "t1-noise15-isotropic",
    ]
    let arguments =
      ["study", "ablation", "--quick", "--seed", "3", "--output", "a", "--only"] + runs
    let stopped = try program.interrupted(
      by: SIGINT, after: "run 3 of", arguments, in: folder)
    #expect(stopped.status == 130 && !stopped.wasSignalled && stopped.output.isEmpty, "\(stopped)")
    #expect(stopped.messages.contains("t1-noise15-isotropic --resume"), "\(stopped)")
    let kept = try folder.snapshot()
    let names = Set(kept.keys)
    #expect(names == ["a", "a/t1-no-dropout.json", "a/t1-published.json"])

    let again = try program.run(arguments, in: folder)
    #expect(again.status == 73 && again.messages.contains("2 entries"), "\(again)")
    let other = try program(
      "study", "ablation", "--quick", "--seed", "4", "--output", "a", "--resume", in: folder)
    #expect(other.status == 73 && other.messages.contains("t1-published.json"), "\(other)")
    let nowhere = try program(
      "study", "ablation", "--quick", "--output", "b", "--resume", in: folder)
    #expect(nowhere.status == 66 && nowhere.messages.contains("b"), "\(nowhere)")
    let few = try program("study", "ablation", "--maps", "100", "--output", "b", in: folder)
    #expect(few.status == 64 && few.messages.contains("854"), "\(few)")
    let unknown = try program(
      "study", "ablation", "--output", "b", "--only", "t1-published", "t9", in: folder)
    #expect(unknown.status == 64 && unknown.messages.contains("'t9'"), "\(unknown)")
    #expect(unknown.messages.contains("t1-no-dropout"), "\(unknown)")
    #expect(try folder.snapshot() == kept)

    let resumed = try program.run(arguments + ["--resume"], in: folder)
    #expect(resumed.status == 0, "\(resumed)")
    let lines = resumed.lines
    #expect(lines.first?.hasPrefix("| question | run |") == true, "\(resumed)")
    let rows = try String(
      contentsOf: folder.appendingPathComponent("a/ablation.csv"), encoding: .utf8)
    for run in runs { #expect(rows.contains("\(run),"), "\(run)") }
    #expect(!rows.contains("t2-") && lines.count == rows.split(separator: "\n").count + 1)
    let all = try folder.snapshot()
    for (name, bytes) in kept { #expect(all[name] == bytes, "\(name)") }
    let written = Set(all.keys).subtracting(names)
    #expect(written.isSuperset(of: ["a/ablation.csv", "a/ablation.png", "a/ablation.svg"]))
    #expect(written.count == 3 + runs.count - 2)
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
