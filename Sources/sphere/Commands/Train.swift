import ArgumentParser
import FileFormats
import Foundation
import Models
import Tasks
import TrainingRuns

/// `sphere train`: from nothing to a model with error bars.
struct Train: SphereCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train a network on simulated maps.",
    discussion: """
      Writes MODEL.safetensors and beside it MODEL.json, the record of the run. An interrupted run \
      (Ctrl-C, a lost terminal) writes a checkpoint first and says how to resume; the model is \
      then \
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
              "they belong to the \(owner.rawValue) network, this is the "
              + "\(architecture.rawValue) network"
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
  func figure(_ key: String) -> String { result[key].map { NumberText.short($0) } ?? "unknown" }
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

/// Prints `words`, and the present command with --resume.
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
