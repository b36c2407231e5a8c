import ArgumentParser
import FileFormats
import Foundation
import Models
import Tasks
import Training
import TrainingRuns

/// A training run with its files.
struct TrainingJob {
  let settings: TaskSettings
  let recipe: TrainingRecipe
  let output: URL
  /// Folder of the checkpoint; nil: beside the model, removed at the end.
  let checkpoints: URL?
  let threads: Int
  var precision: ModelFile.Precision = .float32
  /// Whether the command trains further models, so that --resume makes sense without a checkpoint.
  var isPartOfMany = false

  /// The record beside the model.
  var recordURL: URL {
    output.deletingPathExtension().appendingPathExtension("json")
  }

  private var folder: URL {
    checkpoints ?? output.deletingPathExtension().appendingPathExtension("checkpoints")
  }

  /// Where gradient training keeps its state.
  var checkpoint: URL { folder.appendingPathComponent("checkpoint.safetensors") }

  /// Trains, and writes model and record.
  func run(resuming: Bool) throws -> (TrainedModel, RunRecord) {
    try requireOutputs()
    try prepareFolder(resuming: resuming)
    let interruption = Interruption.shared
    interruption.watch()
    let progress = ProgressReporter()
    let outcome: TrainingOutcome
    do {
      let run = try TrainingRun(
        settings: settings, recipe: recipe,
        execution: TrainingExecution(threads: threads, checkpoint: checkpoint),
        precision: precision)
      outcome = try run.run(resuming: resuming, interruption: interruption.flag) {
        progress.report($0)
      }
    } catch {
      progress.finish()
      // A refused run leaves nothing behind, except a folder with a checkpoint.
      if checkpoints == nil { rmdir(folder.path) }
      throw error
    }
    progress.finish()
    guard case .completed(var model, let record) = outcome else {
      sayHowToResume()
      throw interruption.exitCode
    }
    model.name = output.relativePath
    let file = try ModelFile.safetensors(model, precision: precision)
    try AtomicFile.writeTogether([
      (try file.data(name: output.path), output), (try record.data(), recordURL),
    ])
    if checkpoints == nil { removeCheckpoint() }
    return (model, record)
  }

  /// Removes the checkpoint of a run that is finished, and its folder if nothing else is in it.
  private func removeCheckpoint() {
    // A run without gradient steps has none.
    if recipe.training.maps > 0, unlink(checkpoint.path) != 0 {
      let reason = systemErrorText(errno)
      say(
        "\(checkpoint.relativePath): warning: the run is finished and its checkpoint cannot be "
          + "removed (\(reason)); remove it by hand")
    }
    rmdir(folder.path)
  }

  private func requireOutputs() throws {
    try OutputFile.requireWritable(output)
    try OutputFile.requireWritable(recordURL)
    // A file that cannot be read is not a record either; the system's error says why.
    if FileManager.default.fileExists(atPath: recordURL.path), try !isRecord(recordURL) {
      throw ProgramError.recordInTheWay(path: recordURL.relativePath)
    }
  }

  private func isRecord(_ url: URL) throws -> Bool {
    do {
      _ = try RunRecord(contentsOf: url)
      return true
    } catch is RunRecordError {
      return false
    }
  }

  private func prepareFolder(resuming: Bool) throws {
    if resuming {
      guard FileManager.default.fileExists(atPath: checkpoint.path) else {
        throw FileError.missing(path: checkpoint.relativePath)
      }
    } else if FileManager.default.fileExists(atPath: checkpoint.path) {
      throw TrainingError.checkpointExists(path: checkpoint.relativePath)
    }
    if !OutputFile.isFolder(folder) {
      try systemCall(mkdir(folder.path, 0o777)) {
        .folderNotWritable(
          path: checkpoint.path, folder: folder.deletingLastPathComponent().path, reason: $0)
      }
    }
    try OutputFile.requireWritable(checkpoint)
  }

  private func sayHowToResume() {
    guard FileManager.default.fileExists(atPath: checkpoint.path) else {
      rmdir(folder.path)
      if isPartOfMany {
        sayCommandToResume("interrupted before the first checkpoint of \(output.relativePath).")
      } else {
        say("interrupted before the first checkpoint; start again with the same command")
      }
      return
    }
    guard isPartOfMany || CommandLine.arguments.dropFirst().first == "train" else {
      try? FileManager.default.removeItem(at: checkpoint)
      rmdir(folder.path)
      say("interrupted; start again with the same command")
      return
    }
    sayCommandToResume("interrupted; the checkpoint is \(checkpoint.relativePath).")
  }
}
