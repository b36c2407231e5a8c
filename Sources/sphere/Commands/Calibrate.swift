import ArgumentParser
import Foundation
import Models
import RandomFields
import Tasks
import TrainingRuns

/// `sphere calibrate`: what good maps look like to a model, and its error bars.
struct Calibrate: SphereCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure what good maps look like to a model, or its error bars anew.",
    discussion: """
      Simulates maps as the model was trained on and writes the distribution of their powers, \
      given what the model predicts, to MODEL.likeness.json beside the model, where predict finds \
      it and notices other ones. Models that sphere train writes contain it already.
      With --output it measures the error bars anew, on the maps that training takes for them, and \
      writes a copy of the model that has them: for models of earlier versions, whose bars are too \
      wide where the prior ends.
      """)

  @OptionGroup var modelOptions: ModelOptions

  @Option(
    parsing: .unconditional,
    help: """
      Number of simulated maps; default: 20000, with --output as many as the model's error bars \
      had.
      """)
  var count: Int?

  @Option(
    parsing: .unconditional,
    help: "Seed of the simulated maps; default: 1. With --output it is the model's own.")
  var seed: UInt64?

  @Option(help: "Write the model with new error bars to this file.")
  var output: String?

  @OptionGroup var threadOptions: ThreadOptions

  func validate() throws { try requireRange("--count", count, 1...MapLikeness.mostMaps) }

  func execute() throws {
    if output != nil, seed != nil {
      throw ProgramError.optionWithoutUse(
        options: "--seed", reason: "error bars are measured on maps of the model's own seed")
    }
    let url = try ShippedModel.url(modelOptions.model)
    if let output { return try writeCopy(of: url, to: URL(fileURLWithPath: output)) }
    let output = LikenessFile.url(besideModel: url)
    try OutputFile.requireWritable(output)
    let progress = ProgressReporter()
    let model = try modelOptions.read(progress)
    let maps = TestMaps(
      try SkyMapSource(
        try model.settings(), channels: model.network.inputChannels, seed: seed ?? 1),
      split: .calibration, count: count ?? 20_000, threads: threadOptions.threads)
    let likeness = try MapLikeness.calibrate(
      model, on: maps, threads: threadOptions.threads, interruption: Interruption.shared.flag
    ) { progress.update("calibrating", done: $0, total: maps.count) }
    progress.finish()
    guard let likeness else {
      throw TaskError.tooFewMaps(
        found: maps.count, least: 1000, use: "a description of good maps")
    }
    try LikenessFile(likeness.calibration, model: url).write(to: output)
    say(
      "\(output.relativePath): \(maps.count) maps, \(likeness.groupNames.joined(separator: ", "))")
  }

  /// A copy of the model with new error bars, its weights stored as before.
  private func writeCopy(of url: URL, to output: URL) throws {
    try OutputFile.requireWritable(output)
    let progress = ProgressReporter()
    let model = try modelOptions.read(progress)
    let precision = ModelFile.isStateDict(url) ? .float32 : try ModelFile.precision(of: url)
    let calibrated = try model.recalibrated(
      count: count, threads: threadOptions.threads, interruption: Interruption.shared.flag
    ) { progress.update("calibrating", done: $0, total: $1) }
    progress.finish()
    try ModelFile.write(calibrated, to: output, precision: precision)
    let maps = calibrated.calibration?.first?.mapCount ?? 0
    say("\(output.relativePath): error bars from \(maps) maps")
  }
}
