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

      --preset NAME is a run of the benchmark, with task, sky, network, numbers of maps and \
      precision of its record, and seed 1 unless --seed gives another. About how long it takes on \
      two cores:

      \(TrainingPreset.all.map { "  \($0.name)  \($0.minutes) min" }.joined(separator: "\n"))
      """)

  @Option(help: ArgumentHelp("A run of the benchmark, instead of --task.", valueName: "name"))
  var preset: String?

  @Option(help: ArgumentHelp(TaskOptions.taskHelp))
  var task: BenchmarkTask?

  @OptionGroup(title: "Tasks of a table of spectra") var tableOptions: TableTaskOptions
  @OptionGroup var sky: SkyOptions
  @OptionGroup var threadOptions: ThreadOptions

  @Option(
    help: """
      The network: isotropic (weights per degree; the default), published, or pixel (neighbouring \
      pixels).
      """)
  var architecture: Architecture?

  @OptionGroup(title: "Published network") var publishedOptions: PublishedOptions

  @OptionGroup(title: "Isotropic network") var isotropicOptions: IsotropicOptions

  @Option(
    parsing: .unconditional,
    help: "Maps in all: gradient steps, validation, readout fit and error bars.")
  var maps: Int?

  @Option(parsing: .unconditional, help: "Maps per optimiser step; default: 32.")
  var batch: Int?

  @Option(
    parsing: .unconditional,
    help: "Seed of initial weights and maps; default: 0, that of a preset 1.")
  var seed: UInt64?

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
    if let preset {
      _ = try named(preset)
      try requirePresetAlone()
      return
    }
    guard task != nil || tableOptions.isGiven else {
      throw ValidationError(
        "give --task, --spectra TABLE.fits, --task-file or --preset: what is to be trained?")
    }
    try TaskOptions.requireOne(task, tableOptions)
    if let task { try sky.requireUsable(task) }
    let network = architecture ?? .isotropic
    for (owner, given) in [
      (Architecture.published, publishedOptions.given), (.isotropic, isotropicOptions.given),
    ] where network != owner && !given.isEmpty {
      throw ValidationError(
        errorText(
          ProgramError.optionWithoutUse(
            options: given.joined(separator: ", "),
            reason:
              "they belong to the \(owner.rawValue) network, this is the "
              + "\(network.rawValue) network"
          )))
    }
    if let task, sky.mask == nil { _ = try asUsage { try run(sky.settings(task)) } }
  }

  /// The preset of a name.
  private func named(_ name: String) throws -> TrainingPreset {
    guard let found = TrainingPreset(name: name) else {
      throw ValidationError(
        errorText(
          ProgramError.unknownPreset(
            name: name, similar: ShippedModel.similar(name, in: TrainingPreset.all.map(\.name)))))
    }
    return found
  }

  /// Refuses options that a preset has set already.
  private func requirePresetAlone() throws {
    let own = [
      ("--task", task != nil), ("--architecture", architecture != nil), ("--maps", maps != nil),
      ("--batch", batch != nil), ("--float16", float16),
    ].filter(\.1).map(\.0)
    let given =
      own + tableOptions.given + sky.given + publishedOptions.given + isotropicOptions.given
    guard given.isEmpty else {
      throw ValidationError(
        "\(given.joined(separator: ", ")): the preset has that already, expected beside --preset "
          + "only --seed, --threads, --checkpoints, --resume and --output; "
          + "leave it out, or leave out --preset")
    }
  }

  /// What is trained, and how the file stores it.
  private struct Run {
    var settings: TaskSettings
    var recipe: TrainingRecipe
    var precision: ModelFile.Precision
  }

  private func run(_ settings: TaskSettings) throws -> Run {
    Run(
      settings: settings,
      recipe: try .standard(
        architecture ?? .isotropic, settings: settings, maps: maps, batch: batch ?? 32,
        seed: seed ?? 0, published: publishedOptions.variant,
        isotropic: isotropicOptions.variant),
      precision: float16 ? .float16 : .float32)
  }

  private func run(_ preset: TrainingPreset) throws -> Run {
    Run(
      settings: try preset.settings(),
      recipe: try preset.recipe(seed: seed ?? TrainingPreset.standardSeed),
      precision: preset.precision)
  }

  private func asked() throws -> Run {
    if let preset { return try run(named(preset)) }
    if let own = try tableOptions.settings(sky) { return try run(own) }
    guard let task else { preconditionFailure("neither --task nor --preset, after validation") }
    return try run(sky.settings(task))
  }

  func execute() throws {
    let run = try asked()
    let job = TrainingJob(
      settings: run.settings, recipe: run.recipe,
      output: URL(fileURLWithPath: output),
      checkpoints: checkpoints.map(URL.init(fileURLWithPath:)),
      threads: threadOptions.threads, precision: run.precision)
    let (model, record) = try job.run(resuming: resume)
    say(summary(model, record))
  }
}

/// The words that a finished training ends with.
func summary(_ model: TrainedModel, _ record: RunRecord) -> String {
  let result = model.description.result
  let names = model.description.parameterNames
  func figure(_ key: String) -> String { result[key].map { NumberText.short($0) } ?? "unknown" }
  if model.description.settings != nil {
    let maps = result["test_maps"].map { "\(Int($0))" } ?? "unknown"
    let errors = names.map { name in
      let error = "\(name): rms error on \(maps) test maps \(figure("rmse_\(name)"))"
      let slope = model.givesPosteriors ? "" : ", slope \(figure("slope_\(name)"))"
      guard result["exact_rmse_\(name)"] != nil else { return error + slope }
      return error + ", exact posterior on the "
        + "same maps \(figure("exact_rmse_\(name)")), ratio \(figure("rmse_ratio_\(name)")) +- "
        + figure("rmse_ratio_standard_error_\(name)") + slope
    }
    let divergence =
      result["divergence"] == nil
      ? [] : ["divergence from the exact posterior \(figure("divergence")) nats"]
    return ([head(model, record)] + errors + divergence).joined(separator: "\n")
  }
  let errors = names.map { name in
    func own(_ key: String) -> String { figure(figureName(key, name, of: names.count)) }
    let maps = result["test_maps"].map { "\(Int($0))" } ?? "unknown"
    let error =
      "\(name): mean error on \(maps) test maps "
      + "\(own("mean_absolute_percent_error")) +- \(own("standard_error")) %"
    guard result[figureName("optimal", name, of: names.count)] != nil else { return error }
    return error + ", optimal on the same maps \(own("optimal")) %, "
      + "ratio \(own("ratio_to_optimal")) +- \(own("ratio_standard_error"))"
  }
  return ([head(model, record)] + errors).joined(separator: "\n")
}

/// What was trained, on how much, for how long.
private func head(_ model: TrainedModel, _ record: RunRecord) -> String {
  "\(model.name): \(model.network.architecture.rawValue), \(model.network.parameterCount) "
    + "parameters, \(model.description.mapsSeen ?? 0) maps, \(clock(record.seconds))"
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
