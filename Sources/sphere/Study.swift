import AccuracyStudies
import ArgumentParser
import BenchmarkTasks
import Foundation

/// `sphere study`: the measurements behind the pages on exactness and equivariance.
struct Study: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure errors of analysis and of equivariance: tables and figures.",
    subcommands: [ExactnessStudyCommand.self, EquivarianceStudyCommand.self])
}

/// Where the files of a study go, and how much is measured.
struct StudyOptions: ParsableArguments {
  @Option(help: "The folder to make; it must be new or empty.")
  var output: String

  @Option(help: "Seed; the same seed gives the same files.")
  var seed: UInt64 = 1

  @Flag(help: "Fewer and smaller cases: seconds instead of minutes.")
  var quick = false

  @OptionGroup var threadOptions: ThreadOptions

  /// Makes the folder complete or not at all, with progress on standard error.
  func run(_ name: String, _ body: (URL, _ progress: StudyProgress) throws -> Void) throws {
    let interruption = Interruption.shared
    interruption.watch()
    let progress = ProgressReporter()
    try NewFolder.make(URL(fileURLWithPath: output).resolvingSymlinksInPath()) { folder in
      try body(folder) { done, total in
        if interruption.flag.isRaised {
          progress.finish()
          throw BenchmarkError.interrupted
        }
        progress.update(name, done: done, total: total, unit: "cases")
      }
    }
    progress.finish()
  }
}

/// `sphere study exactness`.
struct ExactnessStudyCommand: SphereCommand {
  static let configuration = CommandConfiguration(
    commandName: "exactness",
    abstract: "Errors of coefficients to field to coefficients, by method and lmax/nside.",
    discussion: """
      Writes exactness.csv and the figures exactness, exactness-map, exactness-resolution and \
      exactness-published-grid as PNG and SVG. \
      Docs/Exactness.md explains them.
      """)

  @OptionGroup var options: StudyOptions

  func execute() throws {
    try options.run("exactness") { folder, progress in
      let study = try ExactnessStudy(
        options.quick ? .quick(seed: options.seed) : .full(seed: options.seed),
        threads: options.threadOptions.threads, progress: progress)
      try study.write(to: folder)
    }
  }
}

/// `sphere study equivariance`.
struct EquivarianceStudyCommand: SphereCommand {
  static let configuration = CommandConfiguration(
    commandName: "equivariance",
    abstract: "What rotations of the sky change in layers and in whole networks.",
    discussion: """
      Writes equivariance.csv and the figure equivariance as PNG and SVG. Docs/Equivariance.md explains them.
      """)

  @OptionGroup var options: StudyOptions

  func execute() throws {
    try options.run("equivariance") { folder, progress in
      let study = try EquivarianceStudy(
        options.quick ? .quick(seed: options.seed) : .full(seed: options.seed),
        threads: options.threadOptions.threads, progress: progress)
      try study.write(to: folder)
    }
  }
}
