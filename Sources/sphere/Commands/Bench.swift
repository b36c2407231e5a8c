import ArgumentParser
import FileFormats
import Foundation
import HarmonicTransforms
import Models
import SphereGrids
import Tasks
import Timings
import TrainingRuns

extension TransformPath: ExpressibleByArgument {}

/// `sphere bench`: how long the main computations take on this machine.
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Time transforms and networks on this machine.",
    subcommands: [
      BenchTransforms.self, BenchScaling.self, BenchTraining.self, BenchInference.self,
    ])

  /// What the commands print.
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case text, json
  }
}

/// `sphere bench scaling`: how times grow with sizes, as a table and a figure.
struct BenchScaling: SphereCommand {
  static let configuration = CommandConfiguration(
    commandName: "scaling",
    abstract: "Time transforms against lmax, nside, fields and threads.",
    discussion: """
      Writes scaling.csv and the figure scaling as PNG and SVG, in a minute or two. --threads is \
      the largest number that is tried; all else runs in one.
      """)

  @Option(help: "The folder to make; it must be new or empty.")
  var output: String

  @Flag(help: "Fewer and smaller cases: seconds instead of minutes.")
  var quick = false

  @OptionGroup var threadOptions: ThreadOptions

  func execute() throws {
    let interruption = Interruption.shared
    interruption.watch()
    let progress = ProgressReporter()
    try NewFolder.make(URL(fileURLWithPath: output).resolvingSymlinksInPath()) { folder in
      let threads = threadOptions.threads
      let scaling = try ScalingTiming(quick ? .quick(threads: threads) : .full(threads: threads)) {
        done, total in
        if interruption.flag.isRaised {
          progress.finish()
          throw TaskError.interrupted
        }
        progress.update("scaling", done: done, total: total, unit: "cases")
      }
      try scaling.write(to: folder)
    }
    progress.finish()
  }
}

/// What `sphere bench training` and `sphere bench inference` share.
struct NetworkTimingOptions: ParsableArguments {
  @Option(
    parsing: .unconditionalSingleValue, help: "The tasks (t1, t2, t3); may be repeated.")
  var task: [BenchmarkTask] = [.t1, .t2]

  @Option(help: "The network: isotropic, published, or pixel.")
  var architecture: Architecture = .published

  @Option(parsing: .unconditional, help: "Maps at a time.")
  var batch: Int = 32

  @Option(parsing: .unconditional, help: "Seconds to run for every task.")
  var seconds: Double = 20

  @Option(help: "What to print: text or json (an object per line).")
  var format: Bench.Format = .text

  @OptionGroup var threadOptions: ThreadOptions

  func validate() throws {
    try requireRange("--batch", batch, TrainingRecipe.batches)
    try requireRange("--seconds", seconds, 1...3600)
  }

  /// Prints the maps per second of every task.
  func run(_ name: String, _ rate: (NetworkTiming) throws -> Double) throws {
    if format == .text { show("network    task  architecture  batch  threads  maps/s") }
    for task in task {
      let settings = try TaskSettings(task: task)
      let recipe = try TrainingRecipe.standard(
        architecture, settings: settings, maps: TrainingRecipe.mostMaps, batch: batch, seed: 0)
      let timing = NetworkTiming(
        settings: settings, recipe: recipe, threads: threadOptions.threads, seconds: seconds)
      let found = NumberText.fixed(try rate(timing), decimals: 1)
      switch format {
      case .json:
        show(
          "{\"name\":\"\(name)\",\"task\":\"\(task.rawValue)\",\"architecture\":"
            + "\"\(architecture.rawValue)\",\"batch\":\(batch),\"threads\":"
            + "\(threadOptions.threads),\"maps_per_second\":\(found)}")
      case .text:
        show(
          [
            name.padding(toLength: 10, withPad: " ", startingAt: 0),
            task.rawValue.padding(toLength: 5, withPad: " ", startingAt: 0),
            architecture.rawValue.padding(toLength: 12, withPad: " ", startingAt: 0),
            String(format: "%6d %8d %7@", batch, threadOptions.threads, found as NSString),
          ].joined(separator: " "))
      }
    }
  }
}

/// `sphere bench training`: maps per second of gradient steps.
struct BenchTraining: SphereCommand {
  static let configuration = CommandConfiguration(
    commandName: "training",
    abstract: "Time the training of a network.",
    discussion: """
      Gradient steps with fresh maps, for --seconds, without the first quarter of them. Nothing is \
      written.
      """)

  @OptionGroup var options: NetworkTimingOptions

  func execute() throws { try options.run("training") { try $0.trainingRate() } }
}

/// `sphere bench inference`: maps per second of predictions.
struct BenchInference: SphereCommand {
  static let configuration = CommandConfiguration(
    commandName: "inference",
    abstract: "Time the predictions of a network.",
    discussion: """
      Predictions of maps that are there, by a network with fresh weights, for --seconds.
      """)

  @OptionGroup var options: NetworkTimingOptions

  func execute() throws { try options.run("inference") { try $0.inferenceRate() } }
}
