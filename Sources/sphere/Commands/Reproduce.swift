import ArgumentParser
import Benchmark
import BenchmarkPages
import FileFormats
import Foundation
import Tasks

/// `sphere reproduce`: the benchmark table with every shipped model, beside what is possible and
/// what is published.
struct Reproduce: SphereCommand {
  /// What is printed.
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case text, markdown, json
  }

  static let configuration = CommandConfiguration(
    abstract: "Measure all shipped models on fresh maps and print the benchmark table.",
    discussion: """
      Without --models: Fixtures/models of the current folder, or else of the source tree that the \
      program was compiled from. Maps are those of the test split, which no training reads; \
      models of the \
      same row see the same maps. On a cut sky the optimal estimate is computed on the first maps \
      only, \
      and the table says on how many.
      --output DIR writes report.html, a page with tables and pictures that needs no other file, \
      figures, \
      table.md, table.json and predictions-MODEL.csv; the folder must be new or empty. \
      --train trains every model again as its record says, into DIR/models, and evaluates those; \
      an \
      interrupted run goes on with --resume.
      Exit code 1: a model is better than possible by more than four paired standard errors, so \
      that \
      something is wrong.
      """)

  @Option(help: "Folder of the models and their records.")
  var models: String?

  @Option(parsing: .unconditional, help: "Number of maps per model.")
  var count: Int = BenchmarkRun.standardMapCount

  @Option(
    parsing: .unconditional,
    help: """
      Number of maps for the optimum of a cut sky; default: 200 to 1,000, in about half a minute.
      """)
  var optimalCount: Int?

  @Option(parsing: .unconditional, help: "Seed of the maps.")
  var seed: UInt64 = BenchmarkRun.standardSeed

  @Option(help: "Folder for report, figures, tables and predictions.")
  var output: String?

  @Option(help: "What to print: text, markdown or json (an object per model and line).")
  var format: Format = .text

  @Flag(help: "Train all models again first.")
  var train = false

  @Flag(help: "Go on with an interrupted --train.")
  var resume = false

  @OptionGroup var threadOptions: ThreadOptions

  func validate() throws {
    try requireRange("--count", count, OptionRange.testMaps, " maps, two for an error bar")
    try requireRange(
      "--optimal-count", optimalCount, OptionRange.testMaps, " maps, two for an error bar")
    guard !train || output != nil else {
      throw ValidationError("--train needs --output DIR for the models")
    }
    guard train || !resume else { throw ValidationError("--resume belongs to --train") }
  }

  func execute() throws {
    let folder = try models.map { URL(fileURLWithPath: $0) } ?? ShippedFolder.url("models")
    let shipped = try ModelFolder(contentsOf: folder)
    for name in shipped.others {
      say("\(name): of no task of the benchmark, left out of the table")
    }
    Interruption.shared.watch()
    let report: BenchmarkReport
    if train {
      report = try trained(shipped)
    } else if let output = outputFolder {
      report = try NewFolder.make(output) { temporary in
        let report = try evaluate(shipped)
        try write(report, shipped, to: temporary)
        return report
      }
    } else {
      report = try evaluate(shipped)
    }
    show(text(try report.table))
    try requireNoLeak(report)
  }

  private var outputFolder: URL? {
    output.map { URL(fileURLWithPath: $0).resolvingSymlinksInPath() }
  }

  private func evaluate(_ folder: ModelFolder) throws -> BenchmarkReport {
    let run = try BenchmarkRun(
      folder, mapCount: count, cutSkyMaps: optimalCount, seed: seed,
      threads: threadOptions.threads)
    let progress = ProgressReporter()
    defer { progress.finish() }
    return try run.report(interruption: Interruption.shared.flag) {
      progress.update($0.stage, done: $0.done, total: $0.total)
    }
  }

  /// All files of the output folder.
  private func write(
    _ report: BenchmarkReport, _ models: ModelFolder, to folder: URL
  ) throws {
    try report.writeTables(to: folder)
    let progress = ProgressReporter()
    defer { progress.finish() }
    let page = try ReproductionReport(report, models: models, threads: threadOptions.threads) {
      done, total in
      if Interruption.shared.flag.isRaised { throw TaskError.interrupted }
      progress.update("exactness and equivariance", done: done, total: total, unit: "cases")
    }
    try page.write(to: folder)
  }

  private func trained(_ shipped: ModelFolder) throws -> BenchmarkReport {
    guard let output = outputFolder else { preconditionFailure("--train without --output") }
    let retraining = Retraining(
      plan: try RetrainingPlan(shipped), output: output, resumes: resume,
      threads: threadOptions.threads)
    let folder = try retraining.run()
    let models = try ModelFolder(contentsOf: folder)
    let report: BenchmarkReport
    do {
      report = try evaluate(models)
    } catch TaskError.interrupted {
      sayCommandToResume("interrupted; all models are trained.")
      throw Interruption.shared.exitCode
    }
    try write(report, models, to: output)
    return report
  }

  private func text(_ table: BenchmarkTable) -> String {
    switch format {
    case .text: return table.text
    case .markdown: return table.markdown
    case .json: return table.json
    }
  }

  private func requireNoLeak(_ report: BenchmarkReport) throws {
    let leaks = report.leaks
    guard !leaks.isEmpty else { return }
    for leak in leaks { say("Error: \(leak)") }
    throw ExitCode(Status.failure)
  }
}
