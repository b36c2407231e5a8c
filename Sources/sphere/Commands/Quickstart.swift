import ArgumentParser
import Benchmark
import FileFormats
import Foundation
import Models
import SkyMaps
import Tasks
import TrainingRuns

/// `sphere quickstart`: the whole way once, in about a minute.
struct Quickstart: SphereCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train a small network for task t1, read shipped maps with it, print its table row.")

  @OptionGroup var threadOptions: ThreadOptions

  @Option(parsing: .unconditional, help: "Maps to train with.")
  var maps: Int = 50_000

  @Option(help: "The model to write; default: in the folder for temporary files.")
  var output: String?

  func validate() throws {
    try requireRange("--maps", maps, 1...TrainingRecipe.mostMaps)
    _ = try asUsage { try recipe() }
    if let output, URL(fileURLWithPath: output).pathExtension != "safetensors" {
      throw ValidationError("--output is \(output), expected a name ending in .safetensors")
    }
  }

  private func recipe() throws -> TrainingRecipe {
    try .standard(.isotropic, settings: TaskSettings(), maps: maps, seed: 0)
  }

  func execute() throws {
    let settings = try TaskSettings()
    let examples = try ShippedFolder.url("maps/t1")
    let truth = try TruthTable(
      contentsOf: examples.appendingPathComponent("truth.csv"), parameters: ["ell_peak"])
    let modelURL = try output.map { URL(fileURLWithPath: $0) } ?? Self.temporaryModel()
    say("1. training an isotropic network on \(maps) simulated maps")
    let job = TrainingJob(
      settings: settings, recipe: try recipe(), output: modelURL, checkpoints: nil,
      threads: threadOptions.threads)
    let (model, record) = try job.run(resuming: false)

    say("2. reading \(truth.rows.count) maps written by healpy (\(examples.path))")
    let images = try truth.rows.map {
      try SkyMap(
        contentsOf: examples.appendingPathComponent($0.file), isPolarised: false,
        nside: settings.nside)
    }
    let predictions = try model.predict(
      interleaved(images), count: images.count, threads: threadOptions.threads)
    for (row, prediction) in zip(truth.rows, predictions.map { $0[0] }) {
      let error = prediction.standardError ?? .nan
      show(
        String(
          format: "%@  ell_peak %.3f +- %.3f   true %.3f", row.file, prediction.value, error,
          row.truths[0]))
      for warning in prediction.warnings + [prediction.reason].compactMap({ $0 }) {
        say("\(row.file): warning: \(warning)")
      }
    }
    let program = CommandLine.arguments[0]
    say("3. the row of the benchmark table")
    show(try row(model, settings, seconds: record.seconds))
    say(
      """
      The model is \(modelURL.path). What to do next:
        \(program) predict --model \(modelURL.path) --format json MAP.fits    read your own map \
        (nside 16)
        \(program) train --task t1 --output t1.safetensors                    train longer, \
        closer to optimal
        \(program) evaluate --model t1.safetensors --count 10000 --seed 1     know its error to 1 %
      """)
  }

  /// The model's mean error in percent, the published network's and the least possible one.
  private func row(
    _ model: TrainedModel, _ settings: TaskSettings, seconds: Double
  ) throws -> String {
    let result = model.description.result
    let parameter = settings.parameterNames[0]
    let published = try PublishedResults.result(settings, parameter: parameter)?.spectralNetwork
    let optimal = try RecordedLimits.limit(settings, parameter: parameter)?.optimal?.value
    return String(
      format: """
        T1, noise 0, mean error in percent (maps; time)
          this network    %.3f +- %.3f   (%d maps; %@)
          published       %.2f             (8.6 million maps)
          optimal         %.3f            (exact posterior; %.3f on the same maps)
        """,
      result["mean_absolute_percent_error"] ?? .nan, result["standard_error"] ?? .nan,
      model.description.mapsSeen ?? 0, clock(seconds), published ?? .nan, optimal ?? .nan,
      result["optimal"] ?? .nan)
  }

  /// A file in a folder of the user's own, which earlier quickstarts may have written.
  private static func temporaryModel() throws -> URL {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("sphere-quickstart-\(getuid())")
    if !OutputFile.isFolder(folder) {
      try systemCall(mkdir(folder.path, 0o700)) {
        .folderNotWritable(
          path: folder.path, folder: folder.deletingLastPathComponent().path, reason: $0)
      }
    }
    let model = folder.appendingPathComponent("t1.safetensors")
    // A checkpoint left by an interrupted quickstart is worth less than a fresh start.
    let checkpoint = folder.appendingPathComponent("t1.checkpoints/checkpoint.safetensors")
    try? FileManager.default.removeItem(at: checkpoint)
    return model
  }
}
