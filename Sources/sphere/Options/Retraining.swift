import Benchmark
import FileFormats
import Foundation
import TrainingRuns

/// The training of all models of a plan, one after the other, into a folder.
struct Retraining {
  let plan: RetrainingPlan
  /// Models go to its folder `models`.
  let output: URL
  /// Whether existing models are kept and checkpoints are resumed.
  let resumes: Bool
  let threads: Int

  /// Says what is going to be done, and does it.
  ///
  /// - Returns: the folder of the models.
  /// - Throws: `FileError.folderNotEmpty` without `resumes`, `ModelFolderError.otherRun`; what
  ///   training throws; an exit code when interrupted.
  func run() throws -> URL {
    let folder = output.appendingPathComponent("models")
    try prepare(folder)
    let isFinished = try plan.rows.map { try hasFinished($0, in: folder) }
    sayPlan(isFinished)
    for (row, isFinished) in zip(plan.rows, isFinished) where !isFinished {
      say("training \(row.name)")
      var job = job(row, in: folder)
      job.isPartOfMany = true
      let hasCheckpoint = FileManager.default.fileExists(atPath: job.checkpoint.path)
      let (model, record) = try job.run(resuming: resumes && hasCheckpoint)
      say(summary(model, record))
    }
    return folder
  }

  private func job(_ row: RetrainingPlan.Row, in folder: URL) -> TrainingJob {
    TrainingJob(
      settings: row.run.settings, recipe: row.run.recipe,
      output: folder.appendingPathComponent("\(row.name).safetensors"), checkpoints: nil,
      threads: threads, precision: row.precision)
  }

  private func prepare(_ folder: URL) throws {
    if !resumes { try NewFolder.make(output) { _ in } }
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw FileError.writeFailed(path: folder.relativePath, reason: error.localizedDescription)
    }
  }

  /// Whether the model exists already and comes from the run of the plan.
  private func hasFinished(_ row: RetrainingPlan.Row, in folder: URL) throws -> Bool {
    let job = job(row, in: folder)
    let files = [job.output, job.recordURL]
    guard files.allSatisfy({ FileManager.default.fileExists(atPath: $0.path) }) else {
      return false
    }
    guard try RunRecord(contentsOf: job.recordURL).recipe.training == row.run.recipe.training else {
      throw ModelFolderError.otherRun(path: job.output.relativePath)
    }
    return true
  }

  private func sayPlan(_ isFinished: [Bool]) {
    var left = 0.0
    for (row, isFinished) in zip(plan.rows, isFinished) {
      left += isFinished ? 0 : row.seconds
      say(
        "\(row.name)  \(row.maps) maps  "
          + (isFinished ? "is there" : "about \(clock(row.seconds))"))
    }
    say("in all about \(clock(left)) on two cores")
  }
}
