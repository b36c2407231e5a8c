import Benchmark
import FileFormats
import Foundation
import Tasks
import Testing
import Verification

/// The subcommands as a user calls them, with the smallest sizes that mean something.
/// Blind to: the accuracy of the numbers, which other suites and the records of models cover.
@Suite("Subcommands")
struct WorkflowTests {
  private let sphere: Program

  init() throws { sphere = try Program() }

  /// A small model in the folder, and eight maps for it.
  private func prepare(_ folder: URL) throws {
    let training = try sphere(
      "train", "--task", "t1", "--maps", "1000", "--seed", "4", "--output", "m.safetensors",
      in: folder)
    try #require(training.status == 0, "\(training)")
    let maps = try sphere(
      "simulate", "--task", "t1", "--count", "8", "--seed", "2", "--output", "maps", in: folder)
    try #require(maps.status == 0, "\(maps)")
  }

  @Test("Version and help")
  func version() throws {
    try withFolder { folder in
      let version = try sphere("--version", in: folder)
      #expect(version.status == 0)
      #expect(version.output.firstMatch(of: /^[0-9]+\.[0-9]+\.[0-9]+\n$/) != nil)
      #expect(try sphere("--help", in: folder).output.contains("quickstart"))
      #expect(try sphere("train", "--help", in: folder).output.contains("--checkpoints"))
      #expect(try folder.snapshot().isEmpty)
    }
  }

  @Test("Train, predict, evaluate, inspect, convert")
  func network() throws {
    try withFolder { folder in
      try prepare(folder)
      let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
      #expect(files == ["m.json", "m.safetensors", "maps"], "and no checkpoint is left")
      try predict(folder)
      try evaluate(folder)

      let inspected = try sphere("inspect", "m.safetensors", in: folder)
      #expect(inspected.output.contains("architecture  isotropic"))
      #expect(inspected.output.contains("readout.bias  F32  [1]"))
      #expect(try sphere("inspect", "m.json", in: folder).output.contains("completed after"))
      #expect(
        try sphere("inspect", "maps/m0.fits", in: folder).output.contains("nside 16  3072 pixels"))

      let models = try sphere("models", "--models", ".", "--format", "json", in: folder)
      #expect(try object(models.lines[0])["file"] as? String == "m.safetensors")
      #expect(try object(models.lines[0])["path"] as? String == "m.safetensors")
      let table = try sphere("models", "--models", ".", in: folder)
      #expect(table.output.contains("5...20") && table.lines.count == 2)
      // Aligned: the second column begins at the same place in every line.
      #expect(
        table.lines[0].range(of: "task")?.lowerBound == table.lines[1].range(of: "t1")?.lowerBound)

      #expect(try sphere("convert", "m.safetensors", "m.pt", in: folder).status == 0)
      let converted = try PyTorchStateDict(contentsOf: folder.appendingPathComponent("m.pt"))
      let original = try SafetensorsFile(
        contentsOf: folder.appendingPathComponent("m.safetensors"))
      for (name, tensor) in original.tensors { #expect(converted.tensors[name] == tensor) }
    }
  }

  private func predict(_ folder: URL) throws {
    let maps = (0..<3).map { "maps/m\($0).fits" }
    let json = try sphere(
      "predict", "--model", "m.safetensors", "--format", "json", maps[0], maps[1], maps[2],
      in: folder)
    #expect(json.status == 0 && json.lines.count == 3, "\(json)")
    let truths = try String(
      contentsOf: folder.appendingPathComponent("maps/truth.csv"), encoding: .utf8
    )
    .split(separator: "\n").dropFirst().map { Double($0.split(separator: ",")[1]) }
    for (k, line) in json.lines.enumerated() {
      #expect(line.hasPrefix("{\"file\":\"\(maps[k])\",\"ell_peak\":"), "\(line)")
      let result = try object(line)
      #expect(Set(result.keys) == ["file", "ell_peak", "ell_peak_error", "warnings"])
      let value = try #require(result["ell_peak"] as? Double)
      let error = try #require(result["ell_peak_error"] as? Double)
      // Six error bars: once in 500 million maps of a normal network.
      #expect(abs(value - (truths[k] ?? .nan)) <= 6 * error, "\(line)")
    }
    let csv = try sphere(
      "predict", "--model", "m.safetensors", "--format", "csv", maps[0], in: folder)
    #expect(csv.lines[0] == "file,ell_peak,ell_peak_error,warnings")
    #expect(csv.lines[1].hasPrefix("maps/m0.fits,"))
    #expect(csv.lines[1].split(separator: ",", omittingEmptySubsequences: false).count == 4)
    let text = try sphere("predict", "--model", "m.safetensors", maps[0], in: folder)
    #expect(text.output.contains("ell_peak") && text.output.contains("+-"))
  }

  /// The maps of a folder are those of the same seed, so both ways give the same figures, to the
  /// rounding of the network's last bits and of the table.
  private func evaluate(_ folder: URL) throws {
    let made = try sphere(
      "evaluate", "--model", "m.safetensors", "--count", "8", "--seed", "2", "--format", "json",
      in: folder)
    let read = try sphere(
      "evaluate", "--model", "m.safetensors", "--maps", "maps", "--truth", "maps/truth.csv",
      "--format", "json", in: folder)
    let (a, b) = (try object(made.output), try object(read.output))
    #expect(a["task"] as? String == "t1" && a["protocol"] as? String == "physical")
    #expect(a["count"] as? Int == 8)
    for key in [
      "mean_absolute_percent_error", "standard_error", "optimal", "ratio_to_optimal",
      "ratio_standard_error",
    ] {
      let (x, y) = (try #require(figure(a, key)), try #require(figure(b, key)))
      #expect(abs(x - y) <= 1e-4 * abs(x), "\(key): \(x) against \(y)")
    }
    let text = try sphere("evaluate", "--model", "m.safetensors", "--count", "8", in: folder)
    #expect(text.output.contains("optimal") && text.output.contains("coverage"))
  }

  @Test("Simulate, baseline, limits")
  func sky() throws {
    try withFolder { folder in
      let arguments = ["simulate", "--task", "t1", "--noise", "5", "--count", "3", "--seed", "7"]
      for (output, threads) in [("a", "1"), ("b", "2")] {
        let result = try sphere.run(
          arguments + ["--threads", threads, "--output", output], in: folder)
        #expect(result.status == 0 && result.output.isEmpty, "\(result)")
      }
      let a = try folder.appendingPathComponent("a").snapshot()
      #expect(Set(a.keys) == ["m0.fits", "m1.fits", "m2.fits", "truth.csv"])
      #expect(try folder.appendingPathComponent("b").snapshot() == a, "threads change no byte")

      let baseline = try sphere(
        "baseline", "--task", "t1", "--noise", "5", "--maps", "a", "--format", "json", in: folder)
      #expect(figure(try object(baseline.output), "optimal") ?? -1 > 0, "\(baseline)")
      let limits = try sphere(
        "limits", "--task", "t1", "--count", "500", "--format", "json", in: folder)
      let found = try #require(figure(try object(limits.output), "optimal"))
      let error = try #require(figure(try object(limits.output), "optimal_standard_error"))
      let settings = try TaskSettings()
      let recorded = try RecordedLimits.limit(settings, parameter: settings.parameterNames[0])
      let optimum = try #require(recorded?.optimal?.value)
      #expect(abs(found - optimum) <= 5 * error, "\(optimum) percent of 100,000 skies")
      #expect(
        try sphere("limits", "--task", "t1", "--count", "50", in: folder).output.contains("optimal")
      )
    }
  }

  /// Maps that healpy drew and wrote, NESTED, in kelvin and in double precision among them, are
  /// predicted to within five error bars by a model trained in seconds.
  @Test("Quickstart on the shipped maps")
  func quickstart() throws {
    try withFolder { folder in
      let result = try sphere(
        "quickstart", "--maps", "2000", "--output", "q.safetensors", in: folder)
      #expect(result.status == 0, "\(result)")
      let predictions = result.lines.filter { $0.hasPrefix("map") }
      #expect(predictions.count == 8)
      for line in predictions {
        let match = try #require(
          line.firstMatch(of: /ell_peak ([0-9.]+) \+- ([0-9.]+) +true ([0-9.]+)/), "\(line)")
        let numbers = [match.1, match.2, match.3].map { Double($0) ?? .nan }
        #expect(abs(numbers[0] - numbers[2]) <= 5 * numbers[1], "\(line)")
      }
      // The figures are those of the record, as Docs/Results.md has them.
      #expect(result.output.contains("published       1.27"))
      #expect(result.output.contains("optimal         0.538"))
    }
  }

  /// A published state dict goes to safetensors and back without a changed bit, and predicts alike.
  @Test("Convert a published state dict")
  func convert() throws {
    try withFolder { folder in
      try FileManager.default.copyItem(
        at: FixtureStore.url("networks/tiny_plain.pt"),
        to: folder.appendingPathComponent("torch.pt"))
      for (from, to) in [
        ("torch.pt", "p.safetensors"), ("p.safetensors", "p.pt"), ("p.pt", "q.safetensors"),
      ] {
        let result = try sphere("convert", from, to, in: folder)
        #expect(result.status == 0, "\(result)")
      }
      #expect(try folder.bytes("p.safetensors") == folder.bytes("q.safetensors"))
      _ = try sphere("simulate", "--task", "t1", "--count", "1", "--output", "maps", in: folder)
      let predictions = try ["p.safetensors", "p.pt", "torch.pt"].map { model in
        try object(
          sphere("predict", "--model", model, "--format", "json", "maps/m0.fits", in: folder).output
        )
      }
      // Two blocks are no published test's, so the output has no name of its own.
      let values = predictions.map { $0["output_1"] as? Double }
      #expect(values[0] != nil && values[1] == values[0] && values[2] == values[0])
      #expect(predictions[1]["output_1_error"] is NSNull)
      #expect("\(predictions[1]["warnings"] ?? "")".contains("no calibration"))
    }
  }
}
