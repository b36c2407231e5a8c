import ArgumentParser
import Foundation
import Models
import RandomFields
import Tasks

/// `sphere calibrate`: what good maps look like to a model.
struct Calibrate: SphereCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure what good maps look like to a model, so that predict notices other ones.",
    discussion: """
      Simulates maps as the model was trained on and writes the distribution of their powers, \
      given what \
      the model predicts, to MODEL.likeness.json beside the model, where predict finds it. Models \
      that sphere train writes contain it already.
      """)

  @OptionGroup var modelOptions: ModelOptions

  @Option(parsing: .unconditional, help: "Number of simulated maps.")
  var count: Int = 20_000

  @Option(parsing: .unconditional, help: "Seed of the simulated maps.")
  var seed: UInt64 = 1

  @OptionGroup var threadOptions: ThreadOptions

  func validate() throws {
    try requireRange("--count", count, 1...MapLikeness.mostMaps)
  }

  func execute() throws {
    let url = try ShippedModel.url(modelOptions.model)
    let output = LikenessFile.url(besideModel: url)
    try OutputFile.requireWritable(output)
    let progress = ProgressReporter()
    let model = try modelOptions.read(progress)
    let maps = TestMaps(
      try SkyMapSource(
        try model.settings(), channels: model.network.inputChannels, seed: seed),
      split: .calibration, count: count, threads: threadOptions.threads)
    let likeness = try MapLikeness.calibrate(
      model, on: maps, threads: threadOptions.threads, interruption: Interruption.shared.flag
    ) { progress.update("calibrating", done: $0, total: maps.count) }
    progress.finish()
    guard let likeness else {
      throw TaskError.tooFewMaps(
        found: count, least: 1000, use: "a description of good maps")
    }
    try LikenessFile(likeness.calibration, model: url).write(to: output)
    say("\(output.relativePath): \(count) maps, \(likeness.groupNames.joined(separator: ", "))")
  }
}
