import ArgumentParser
import Benchmark
import FileFormats
import Foundation
import Studies
import Tasks
import TrainingRuns

/// `sphere study`: the measurements behind the pages on exactness, equivariance and ablation.
struct Study: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure errors of analysis, of equivariance and of training: tables and figures.",
    subcommands: [
      ExactnessStudyCommand.self, EquivarianceStudyCommand.self, AblationStudyCommand.self,
      DetectionStudyCommand.self,
    ])
}

/// Where the files of a study go, and how much is measured.
struct StudyOptions: ParsableArguments {
  @Option(help: "The folder to make; it must be new or empty.")
  var output: String

  @Option(parsing: .unconditional, help: "Seed; the same seed gives the same files.")
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
          throw TaskError.interrupted
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
      exactness-published-grid as PNG and SVG. With --largest-nside it measures large maps \
      instead, the table behind 'sphere expect', and writes exactness-large.csv and the figures \
      exactness-large and exactness-large-resolution. \
      Docs/Exactness.md explains them.
      """)

  @OptionGroup var options: StudyOptions

  @Option(
    parsing: .unconditional,
    help: """
      Large maps: nside 16, 32 and so on up to this, 512 at most (an hour there, minutes at 128).
      """)
  var largestNside: Int?

  @Option(
    help: """
      Measure nothing: take the numbers from this table, which the study wrote with the same \
      options, and draw the figures again.
      """)
  var table: String?

  func validate() throws {
    let nsides = ExactnessStudy.Configuration.largeNsides
    try requireRange("--largest-nside", largestNside, nsides[0]...nsides[nsides.count - 1])
    guard largestNside == nil || !options.quick else {
      throw ValidationError("--quick has small maps only; leave --largest-nside out")
    }
  }

  private var study: ExactnessStudy.Configuration {
    let seed = options.seed
    if let largestNside { return .large(largestNside: largestNside, seed: seed) }
    return options.quick ? .quick(seed: seed) : .full(seed: seed)
  }

  func execute() throws {
    try options.run("exactness") { folder, progress in
      let results: ExactnessStudy
      if let table {
        results = try ExactnessStudy(study, table: URL(fileURLWithPath: table))
      } else {
        results = try ExactnessStudy(
          study, threads: options.threadOptions.threads, progress: progress)
      }
      try results.write(to: folder)
    }
  }
}

/// `sphere study equivariance`.
struct EquivarianceStudyCommand: SphereCommand {
  static let configuration = CommandConfiguration(
    commandName: "equivariance",
    abstract: "What rotations of the sky change in layers and in whole networks.",
    discussion: """
      Writes equivariance.csv and the figure equivariance as PNG and SVG. Docs/Equivariance.md \
      explains them.
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

/// `sphere study detection`.
struct DetectionStudyCommand: SphereCommand {
  static let configuration = CommandConfiguration(
    commandName: "detection",
    abstract: "How often models notice maps that are unlike their training.",
    discussion: """
      Writes detection.csv and prints a table in Markdown: of every contamination the percentage \
      of \
      maps without an estimate and the median shift of the predictions in error bars; of good maps \
      the number without an estimate. Docs/Results.md explains it.
      """)

  @OptionGroup var options: StudyOptions

  @Option(help: "Folder of the models; default: the shipped ones.")
  var models: String?

  @Option(help: "Only models whose name contains this.")
  var only: String = ""

  @Option(parsing: .unconditional, help: "Maps of every contamination.")
  var count: Int = 1000

  @Option(parsing: .unconditional, help: "Good maps.")
  var good: Int = 10_000

  func validate() throws {
    try requireRange("--count", count, 1...TrainingRecipe.mostMaps)
    try requireRange("--good", good, 1...TrainingRecipe.mostMaps)
  }

  func execute() throws {
    let folder = try models.map { URL(fileURLWithPath: $0) } ?? ShippedFolder.url("models")
    let entries = try ModelFolder(contentsOf: folder) { only.isEmpty || $0.contains(only) }.models
    let interruption = Interruption.shared
    interruption.watch()
    let progress = ProgressReporter()
    try NewFolder.make(URL(fileURLWithPath: options.output).resolvingSymlinksInPath()) { folder in
      let study = try DetectionStudy(
        entries, count: options.quick ? min(count, 64) : count,
        goodCount: options.quick ? min(good, 256) : good, seed: options.seed,
        threads: options.threadOptions.threads, interruption: interruption.flag
      ) { progress.update($0, done: $1, total: $2) }
      progress.finish()
      try Data(study.csv.utf8).write(to: folder.appendingPathComponent("detection.csv"))
      show(study.markdown)
    }
  }
}
