import Foundation
import Tasks
import Training
import TrainingRuns

/// Which part of the published system costs how much: training runs that differ in one thing each,
/// with the same number of maps.
///
/// Every run is a `TrainingRun` and leaves its record, from which alone tables and figures are
/// made.
/// Maps:       runs of one seed see the same maps, and on the same sky the same test maps.
/// Checked by: AblationStudyTests, AblationStudySlowTests, StudyTests.
package struct AblationStudy: Sendable {
  /// How much is done.
  package struct Configuration: Sendable, Equatable {
    /// Maps of every run, whatever they are used for; the published network may leave some unused,
    /// fewer than an epoch with its validation takes.
    package var maps: Int
    /// Maps on which every run is tested.
    package var testMaps: Int
    package var seed: UInt64

    /// An amount.
    package init(maps: Int, testMaps: Int, seed: UInt64) {
      self.maps = maps
      self.testMaps = testMaps
      self.seed = seed
    }

    /// The study of Docs/Ablation.md.
    package static func full(seed: UInt64) -> Configuration {
      Configuration(maps: 60_000, testMaps: 4_000, seed: seed)
    }

    /// Enough to see that everything runs, and no more.
    package static func quick(seed: UInt64) -> Configuration {
      Configuration(maps: 1_024, testMaps: 64, seed: seed)
    }
  }

  /// Where a study is.
  package enum Progress: Sendable {
    /// A run begins, the `number`-th of `count`.
    case begins(AblationRun, number: Int, count: Int)
    /// A stage of the present run.
    case stage(TrainingStage)
    /// A run is finished, now or before.
    case finished(AblationRun, RunRecord)
  }

  package let configuration: Configuration
  /// The runs, each name once.
  package let runs: [AblationRun]
  let recipes: [TrainingRecipe]

  /// Prepares the recipes of all runs.
  ///
  /// - Throws: `TaskError.tooFewMaps`, for less than two test maps as well, and what
  ///   `TrainingRecipe.standard` throws.
  package init(_ configuration: Configuration, runs: [AblationRun] = AblationStudy.runs) throws {
    precondition(Set(runs.map(\.name)).count == runs.count, "two runs of one name")
    let least = runs.map(\.leastMaps).max() ?? 0
    guard configuration.maps >= least else {
      throw TaskError.tooFewMaps(
        found: configuration.maps, least: least, use: "every run of the study")
    }
    guard configuration.testMaps >= 2 else {
      throw TaskError.tooFewMaps(
        found: configuration.testMaps, least: 2, use: "the standard error of a test")
    }
    self.configuration = configuration
    self.runs = runs
    recipes = try runs.map {
      try $0.recipe(
        maps: configuration.maps, testMaps: configuration.testMaps, seed: configuration.seed)
    }
  }

  /// The runs with these names, in the order of the study; without names all.
  ///
  /// - Throws: `AblationError.unknownRun`.
  package static func runs(named names: [String]) throws(AblationError) -> [AblationRun] {
    guard !names.isEmpty else { return runs }
    for name in names where !runs.contains(where: { $0.name == name }) {
      throw .unknownRun(found: name, expected: runs.map(\.name))
    }
    return runs.filter { names.contains($0.name) }
  }

  /// Where the record of a run is.
  package func recordURL(_ run: AblationRun, in folder: URL) -> URL {
    folder.appendingPathComponent("\(run.name).json")
  }

  /// The records of the runs that are finished, in a folder that a study has written to; nil for
  /// the others.
  ///
  /// - Throws: `RunRecordError`, `FileError`; `AblationError.otherRun` for the record of a run with
  ///   another budget, seed or network.
  package func finishedRecords(in folder: URL) throws -> [RunRecord?] {
    try zip(runs, recipes).map { run, recipe in
      let url = recordURL(run, in: folder)
      guard FileManager.default.fileExists(atPath: url.path) else { return nil }
      let record = try RunRecord(contentsOf: url)
      guard record.recipe.training == recipe.training,
        record.result["test_maps"] == Double(recipe.testMaps)
      else {
        throw AblationError.otherRun(path: url.path)
      }
      return record
    }
  }

  /// Carries out the runs whose records are not in the folder, one after the other, and writes the
  /// record of each as soon as it is finished.
  ///
  /// - Parameters:
  ///   - folder: an existing folder.
  ///   - threads: threads to use at most; figures do not depend on it.
  ///   - interruption: looked at after every step; the present run is then lost, the finished ones
  ///     stay.
  ///   - report: called on any thread.
  /// - Returns: all results.
  /// - Throws: `TaskError.interrupted`; as `finishedRecords` before any run begins; what
  ///   training and writing throw.
  package func run(
    into folder: URL, threads: Int, interruption: InterruptionFlag = InterruptionFlag(),
    report: @escaping @Sendable (Progress) -> Void = { _ in }
  ) throws -> AblationResults {
    let finished = try finishedRecords(in: folder)
    var results: [AblationResults.Entry] = []
    for (index, run) in runs.enumerated() {
      let record: RunRecord
      if let known = finished[index] {
        record = known
      } else {
        report(.begins(run, number: index + 1, count: runs.count))
        record = try carryOut(
          run, recipes[index], threads: threads, interruption: interruption, report)
        try record.write(to: recordURL(run, in: folder))
      }
      report(.finished(run, record))
      results.append(try AblationResults.Entry(run, record, file: "\(run.name).json"))
    }
    return AblationResults(maps: configuration.maps, entries: results)
  }

  private func carryOut(
    _ run: AblationRun, _ recipe: TrainingRecipe, threads: Int, interruption: InterruptionFlag,
    _ report: @escaping @Sendable (Progress) -> Void
  ) throws -> RunRecord {
    if interruption.isRaised { throw TaskError.interrupted }
    let training = try TrainingRun(
      settings: run.settings(), recipe: recipe, execution: TrainingExecution(threads: threads))
    let outcome = try training.run(interruption: interruption) { report(.stage($0)) }
    guard case .completed(_, var record) = outcome else { throw TaskError.interrupted }
    record.notes = ["study": "ablation", "run": run.name]
    return record
  }
}
