import Foundation
import Testing

/// `sphere reproduce` with a model that was trained in seconds.
/// Blind to: the figures, which BenchmarkRunTests checks.
@Suite("Reproduce")
struct ReproduceTests {
  private let sphere: Program

  init() throws { sphere = try Program() }

  private func prepare(_ folder: URL, maps: Int = 1_000) throws {
    let models = folder.appendingPathComponent("shipped")
    try FileManager.default.createDirectory(at: models, withIntermediateDirectories: true)
    let training = try sphere(
      "train", "--task", "t1", "--maps", "\(maps)", "--seed", "4", "--output",
      "shipped/m.safetensors", in: folder)
    try #require(training.status == 0, "\(training)")
  }

  /// The figures are those of `evaluate` on the same maps, and files hold what is printed.
  @Test("Table, files and figures")
  func table() throws {
    try withFolder { folder in
      try prepare(folder)
      let options = ["reproduce", "--models", "shipped", "--count", "20", "--seed", "6"]
      let json = try sphere.run(
        options + ["--format", "json", "--output", "out", "--threads", "1"], in: folder)
      #expect(json.status == 0 && json.lines.count == 1, "\(json)")
      let evaluated = try sphere(
        "evaluate", "--model", "shipped/m.safetensors", "--count", "20", "--seed", "6",
        "--format", "json", in: folder)
      let (own, other) = (try object(json.output), try object(evaluated.output))
      for key in [
        "mean_absolute_percent_error", "standard_error", "optimal", "ratio_to_optimal",
        "ratio_standard_error",
      ] {
        #expect(figure(own, key) != nil && figure(own, key) == figure(other, key), "\(key)")
      }
      #expect(figure(own, "published") == 1.27 && own["count"] as? Int == 20)

      let files = try folder.appendingPathComponent("out").snapshot()
      #expect(Set(files.keys).isSuperset(of: ["table.md", "table.json", "predictions-m.csv"]))
      #expect(files["table.json"] == Data(json.output.utf8))
      let markdown = try sphere.run(options + ["--format", "markdown"], in: folder)
      #expect(markdown.output.contains("| noise 0 | isotropic | **"), "\(markdown)")
      #expect(files["table.md"] == Data(("# Benchmark\n\n" + markdown.output).utf8))
      let text = try sphere.run(options, in: folder)
      #expect(text.output.contains("ratio, paired") && text.messages.contains("20/20 maps"))
    }
  }

  @Test("Refusals")
  func refusals() throws {
    try withFolder { folder in
      try prepare(folder)
      func refuse(
        _ status: Int32, _ words: String, _ arguments: String...,
        at location: SourceLocation = #_sourceLocation
      ) throws {
        try sphere.expectRefusal(
          status, [words], ["reproduce"] + arguments, in: folder, at: location)
      }
      for count in ["0", "1", "-3"] {
        try refuse(64, "2...10000000", "--models", "shipped", "--count=\(count)")
      }
      try refuse(64, "2...10000000", "--models", "shipped", "--optimal-count", "1")
      try refuse(64, "--threads", "--models", "shipped", "--threads", "0")
      try refuse(64, "--output", "--models", "shipped", "--train")
      try refuse(64, "--train", "--models", "shipped", "--resume")
      try refuse(66, "none", "--models", "none")
      try refuse(73, "shipped", "--models", "shipped", "--count", "2", "--output", "shipped")
      try refuse(73, "shipped", "--models", "shipped", "--train", "--output", "shipped")
      try FileManager.default.createDirectory(
        at: folder.appendingPathComponent("empty"), withIntermediateDirectories: true)
      try refuse(66, "no model", "--models", "empty")
      try Data("{}".utf8).write(to: folder.appendingPathComponent("empty/r.json"))
      try refuse(65, "r.json", "--models", "empty")
    }
  }

  @Test("An interrupted evaluation leaves nothing")
  func interruption() throws {
    try withFolder { folder in
      try prepare(folder)
      let stopped = try sphere.interrupted(
        by: SIGINT, after: "optimum of",
        ["reproduce", "--models", "shipped", "--count", "20000", "--output", "out"], in: folder)
      #expect(stopped.status == 130 && !stopped.wasSignalled, "\(stopped)")
      #expect(stopped.output.isEmpty)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["shipped"])
    }
  }

  /// Training by the record gives the bytes of the model again, with an interruption in between,
  /// and a finished model is kept.
  @Test("Training again")
  func training() throws {
    try withFolder { folder in
      try prepare(folder, maps: 4_000)
      let options = [
        "reproduce", "--models", "shipped", "--count", "10", "--train", "--output", "out",
      ]
      let stopped = try sphere.interrupted(by: SIGINT, after: "training  ", options, in: folder)
      #expect(stopped.status == 130 && !stopped.wasSignalled, "\(stopped)")
      #expect(stopped.messages.contains("m  4000 maps  about"), "\(stopped)")
      let command = stopped.messages.split(separator: "\n").last.map(String.init) ?? ""
      #expect(command.hasSuffix("--output out --resume"), "\(stopped)")

      let words = command.split(separator: " ").dropFirst().map(String.init)
      let resumed = try sphere.run(words, in: folder)
      #expect(resumed.status == 0 && resumed.output.contains("noise 0"), "\(resumed)")
      let model = try folder.bytes("shipped/m.safetensors")
      #expect(try folder.bytes("out/models/m.safetensors") == model)
      let files = try Set(folder.appendingPathComponent("out").snapshot().keys)
      #expect(
        files.isSuperset(of: ["models/m.safetensors", "models/m.json", "table.md", "table.json"]))
      #expect(!files.contains("models/m.checkpoints"))

      let again = try sphere.run(words, in: folder)
      #expect(again.status == 0 && again.output == resumed.output, "\(again)")
      #expect(again.messages.contains("is there") && !again.messages.contains("training m"))
    }
  }
}
