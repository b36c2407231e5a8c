import ArgumentParser
import BenchmarkTasks
import FileFormats
import Foundation
import Training

/// `sphere train`: from nothing to a model with error bars.
struct Train: SphereCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train a network on simulated maps.",
    discussion: """
      Writes MODEL.safetensors and beside it MODEL.json, the record of the run. An interrupted run \
      (Ctrl-C, a lost terminal) writes a checkpoint first and says how to resume; the model is then \
      the same, to the last bit, as without the interruption. Both files appear at the very end.
      """)

  @OptionGroup var taskOptions: TaskOptions
  @OptionGroup var threadOptions: ThreadOptions

  @Option(
    help: "The network: isotropic (weights per degree), published, or pixel (neighbouring pixels).")
  var architecture: Architecture = .isotropic

  @OptionGroup(title: "Published network") var publishedOptions: PublishedOptions

  @OptionGroup(title: "Isotropic network") var isotropicOptions: IsotropicOptions

  @Option(
    parsing: .unconditional,
    help: "Maps in all: gradient steps, validation, readout fit and error bars.")
  var maps: Int?

  @Option(parsing: .unconditional, help: "Maps per optimiser step.")
  var batch: Int = 32

  @Option(parsing: .unconditional, help: "Seed of initial weights and maps.")
  var seed: UInt64 = 0

  @Option(help: "Folder of the checkpoint; default: MODEL.checkpoints, removed at the end.")
  var checkpoints: String?

  @Flag(help: "Go on from the checkpoint.")
  var resume = false

  @Flag(help: "Store spectral weights, or all weights of a network of pixels, as float16.")
  var float16 = false

  @Option(help: "The model to write, a .safetensors file.")
  var output: String

  func validate() throws {
    try requireRange("--batch", batch, TrainingRecipe.batches)
    try requireRange("--maps", maps, 1...TrainingRecipe.mostMaps)
    guard URL(fileURLWithPath: output).pathExtension == "safetensors" else {
      throw ValidationError("--output is \(output), expected a name ending in .safetensors")
    }
    for (owner, given) in [
      (Architecture.published, publishedOptions.given), (.isotropic, isotropicOptions.given),
    ] where architecture != owner && !given.isEmpty {
      throw ValidationError(
        errorText(
          ProgramError.optionWithoutUse(
            options: given.joined(separator: ", "),
            reason:
              "they belong to the \(owner.rawValue) network, this is the \(architecture.rawValue) network"
          )))
    }
    if taskOptions.mask == nil { _ = try asUsage { try recipe(taskOptions.settings()) } }
  }

  private func recipe(_ settings: TaskSettings) throws -> TrainingRecipe {
    try .standard(
      architecture, settings: settings, maps: maps, batch: batch, seed: seed,
      published: publishedOptions.variant, isotropic: isotropicOptions.variant)
  }

  func execute() throws {
    let settings = try taskOptions.settings()
    let job = TrainingJob(
      settings: settings, recipe: try recipe(settings),
      output: URL(fileURLWithPath: output),
      checkpoints: checkpoints.map(URL.init(fileURLWithPath:)),
      threads: threadOptions.threads, precision: float16 ? .float16 : .float32)
    let (model, record) = try job.run(resuming: resume)
    say(summary(model, record))
  }
}

/// The words that a finished training ends with.
func summary(_ model: TrainedModel, _ record: RunRecord) -> String {
  let result = model.description.result
  let names = model.description.parameterNames
  func figure(_ key: String) -> String { result[key].map { short($0) } ?? "unknown" }
  let errors = names.map { name in
    func own(_ key: String) -> String { figure(figureName(key, name, of: names.count)) }
    let error =
      "\(name): mean error on \(figure("test_maps")) test maps "
      + "\(own("mean_absolute_percent_error")) +- \(own("standard_error")) %"
    guard result[figureName("optimal", name, of: names.count)] != nil else { return error }
    return error + ", optimal on the same maps \(own("optimal")) %, "
      + "ratio \(own("ratio_to_optimal")) +- \(own("ratio_standard_error"))"
  }
  return
    ([
      "\(model.name): \(model.network.architecture.rawValue), \(model.network.parameterCount) "
        + "parameters, \(model.description.mapsSeen ?? 0) maps, \(clock(record.seconds))"
    ] + errors).joined(separator: "\n")
}

/// A training run with its files.
struct TrainingJob {
  let settings: TaskSettings
  let recipe: TrainingRecipe
  let output: URL
  /// Folder of the checkpoint; nil: beside the model, removed at the end.
  let checkpoints: URL?
  let threads: Int
  var precision: ModelFile.Precision = .float32
  /// Whether the command trains further models, so that --resume makes sense without a checkpoint.
  var isPartOfMany = false

  /// The record beside the model.
  var recordURL: URL {
    output.deletingPathExtension().appendingPathExtension("json")
  }

  private var folder: URL {
    checkpoints ?? output.deletingPathExtension().appendingPathExtension("checkpoints")
  }

  /// Where gradient training keeps its state.
  var checkpoint: URL { folder.appendingPathComponent("checkpoint.safetensors") }

  /// Trains, and writes model and record.
  func run(resuming: Bool) throws -> (TrainedModel, RunRecord) {
    try requireOutputs()
    try prepareFolder(resuming: resuming)
    let interruption = Interruption.shared
    interruption.watch()
    let progress = ProgressReporter()
    let outcome: TrainingOutcome
    do {
      let run = try TrainingRun(
        settings: settings, recipe: recipe,
        execution: TrainingExecution(threads: threads, checkpoint: checkpoint),
        precision: precision)
      outcome = try run.run(resuming: resuming, interruption: interruption.flag) {
        progress.report($0)
      }
    } catch {
      progress.finish()
      // Of a run that was refused nothing stays; a folder with a checkpoint does.
      if checkpoints == nil { rmdir(folder.path) }
      throw error
    }
    progress.finish()
    guard case .completed(var model, let record) = outcome else {
      sayHowToResume()
      throw interruption.exitCode
    }
    model.name = output.relativePath
    let file = try ModelFile.safetensors(model, precision: precision)
    try AtomicFile.writeTogether([
      (try file.data(name: output.path), output), (try record.data(), recordURL),
    ])
    if checkpoints == nil { removeCheckpoint() }
    return (model, record)
  }

  /// Removes the checkpoint of a run that is finished, and its folder if nothing else is in it.
  private func removeCheckpoint() {
    if unlink(checkpoint.path) != 0 {
      let reason = systemErrorText(errno)
      say(
        "\(checkpoint.relativePath): warning: the run is finished and its checkpoint cannot be "
          + "removed (\(reason)); remove it by hand")
    }
    rmdir(folder.path)
  }

  private func requireOutputs() throws {
    try OutputFile.requireWritable(output)
    try OutputFile.requireWritable(recordURL)
    // One that cannot be read is none either: an error of the system tells why.
    if FileManager.default.fileExists(atPath: recordURL.path), try !isRecord(recordURL) {
      throw ProgramError.recordInTheWay(path: recordURL.relativePath)
    }
  }

  private func isRecord(_ url: URL) throws -> Bool {
    do {
      _ = try RunRecord(contentsOf: url)
      return true
    } catch is RunRecordError {
      return false
    }
  }

  private func prepareFolder(resuming: Bool) throws {
    if resuming {
      guard FileManager.default.fileExists(atPath: checkpoint.path) else {
        throw FileError.missing(path: checkpoint.relativePath)
      }
    } else if FileManager.default.fileExists(atPath: checkpoint.path) {
      throw TrainingError.checkpointExists(path: checkpoint.relativePath)
    }
    if !OutputFile.isFolder(folder) {
      try systemCall(mkdir(folder.path, 0o777)) {
        .folderNotWritable(
          path: checkpoint.path, folder: folder.deletingLastPathComponent().path, reason: $0)
      }
    }
    try OutputFile.requireWritable(checkpoint)
  }

  private func sayHowToResume() {
    guard FileManager.default.fileExists(atPath: checkpoint.path) else {
      rmdir(folder.path)
      if isPartOfMany {
        sayCommandToResume("interrupted before the first checkpoint of \(output.relativePath).")
      } else {
        say("interrupted before the first checkpoint; start again with the same command")
      }
      return
    }
    guard isPartOfMany || CommandLine.arguments.dropFirst().first == "train" else {
      try? FileManager.default.removeItem(at: checkpoint)
      rmdir(folder.path)
      say("interrupted; start again with the same command")
      return
    }
    sayCommandToResume("interrupted; the checkpoint is \(checkpoint.relativePath).")
  }
}

/// The words before it, and the present command with --resume.
func sayCommandToResume(_ words: String) {
  var command = CommandLine.arguments
  if !command.contains("--resume") { command.append("--resume") }
  say("\(words) To resume:")
  say("  " + command.map(shellQuoted).joined(separator: " "))
}

/// An argument as a shell reads it.
private func shellQuoted(_ argument: String) -> String {
  let isPlain = argument.unicodeScalars.allSatisfy {
    $0.properties.isAlphabetic || ("0"..."9").contains($0)
      || "-_./=,:+@".unicodeScalars.contains($0)
  }
  if isPlain, !argument.isEmpty { return argument }
  return "'" + argument.replacing("'", with: "'\\''") + "'"
}
