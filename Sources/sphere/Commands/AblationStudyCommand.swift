import ArgumentParser
import Benchmark
import FileFormats
import Foundation
import Studies
import Tasks
import TrainingRuns

/// `sphere study ablation`.
struct AblationStudyCommand: SphereCommand {
  static let configuration = CommandConfiguration(
    commandName: "ablation",
    abstract: "Train networks that differ in one thing each from the published one.",
    discussion: """
      Writes the record of every run as soon as it is finished, then ablation.csv and the figure \
      ablation as PNG \
      and SVG, and prints a table in Markdown. An interrupted study keeps the records of finished \
      runs; the \
      same command with --resume does the others. Docs/Ablation.md explains the runs.
      """)

  @Option(help: "The folder to make, new or empty; with --resume that of the interrupted study.")
  var output: String

  @Option(
    parsing: .unconditional,
    help: "Seed of initial weights and maps; the same seed gives the same figures.")
  var seed: UInt64 = 1

  @Flag(help: "A few maps per run: to see that everything works, minutes instead of an hour.")
  var quick = false

  @OptionGroup var threadOptions: ThreadOptions

  @Option(
    parsing: .unconditional, help: "Maps of every run; default: 60,000, with --quick 1,024.")
  var maps: Int?

  @Option(
    parsing: .upToNextOption,
    help: "Only these runs, by their names in ablation.csv; default: all.")
  var only: [String] = []

  @Flag(help: "Keep the finished runs of the folder and do the others.")
  var resume = false

  func validate() throws {
    try requireRange("--maps", maps, 1...TrainingRecipe.mostMaps)
    _ = try asUsage { try study() }
  }

  private func study() throws -> AblationStudy {
    var amount =
      quick
      ? AblationStudy.Configuration.quick(seed: seed) : .full(seed: seed)
    amount.maps = maps ?? amount.maps
    return try AblationStudy(amount, runs: try AblationStudy.runs(named: only))
  }

  func execute() throws {
    let study = try study()
    let folder = URL(fileURLWithPath: output).resolvingSymlinksInPath()
    if resume {
      guard OutputFile.isFolder(folder) else { throw FileError.missing(path: output) }
    } else {
      try NewFolder.make(folder) { _ in }
    }
    let interruption = Interruption.shared
    interruption.watch()
    let progress = ProgressReporter()
    defer { progress.finish() }
    let results: AblationResults
    do {
      results = try study.run(
        into: folder, threads: threadOptions.threads, interruption: interruption.flag
      ) { Self.report(progress, $0) }
    } catch TaskError.interrupted {
      progress.finish()
      sayCommandToResume("interrupted; finished runs are in \(output).")
      throw interruption.exitCode
    }
    try results.write(to: folder)
    show(results.markdown)
  }

  private static func report(_ reporter: ProgressReporter, _ progress: AblationStudy.Progress) {
    switch progress {
    case .begins(let run, let number, let count):
      reporter.finish()
      say("run \(number) of \(count), \(run.name): \(run.question.rawValue), \(run.label)")
    case .stage(let stage): reporter.report(stage)
    case .finished(let run, let record):
      reporter.finish()
      say("\(run.name): finished, \(clock(record.seconds))")
    }
  }
}
