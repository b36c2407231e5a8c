import FileFormats
import Foundation
import Models
import ReadoutFits
import Tasks
import Training

/// A record of version 1, which tells task and recipe by labels.
///
/// What no label tells is taken from `TrainingRecipe.standard`: the weighting of the last fit, and
/// the options of iterative ones.
/// Checked by: RecordVersion1Tests.
struct RunRecordVersion1: Decodable {
  /// The entry `format`.
  static let format = "SpectralSphere run record, version 1"

  var configuration: TrainingConfiguration
  var architecture: [String: String]
  var parameterCount: Int
  var task: [String: String]
  var revision: String?
  var ending: String
  var steps: Int
  var mapsSeen: Int
  var lossCurve: [LossPoint]
  var validationCurve: [ValidationPoint]
  var bestEpoch: Int?
  var bestMetric: Double?
  var refit: [ClosedFormReport]
  var densityFit: DensityFitReport?
  var denseFit: DenseFitReport?
  var result: [String: Double]
  var seconds: Double
  var threads: Int
  var machine: MachineDescription
  var date: String?

  /// The same as a record of the current version.
  ///
  /// - Throws: `ModelError.badMetadata` for a label that is missing or cannot be understood.
  func current(file: String) throws -> RunRecord {
    let labels = RecordLabels(record: self, file: file)
    let settings = try labels.settings()
    let recipe = try recipe(settings, labels)
    var record = RunRecord(
      settings: settings, recipe: recipe,
      training: TrainingResult(
        ending: .completed, steps: steps, maps: mapsSeen, lossCurve: lossCurve,
        validationCurve: validationCurve, bestEpoch: bestEpoch, bestMetric: bestMetric,
        seconds: seconds),
      threads: threads, parameterCount: parameterCount, revision: revision, machine: machine)
    record.ending = ending
    record.program = try labels.text(task["program"], "program")
    for key in ["study", "run"] { record.notes[key] = task[key] }
    record.refit = refit
    record.densityFit = densityFit
    record.denseFit = denseFit
    record.result = result
    record.date = date
    return record
  }

  private func recipe(
    _ settings: TaskSettings, _ labels: RecordLabels
  ) throws -> TrainingRecipe {
    let architecture = try labels.value(self.architecture["name"], "name", Architecture.self)
    let stages = try labels.stages()
    let total = try labels.number(task["maps_total"], "maps_total")
    var recipe: TrainingRecipe
    do {
      recipe = try .standard(
        architecture, settings: settings, maps: total, batch: configuration.batch,
        seed: configuration.seed)
    } catch {
      throw labels.fault("maps_total", "\(total) (\(error))", "enough maps for a run")
    }
    recipe.network = try labels.network()
    recipe.training = configuration
    recipe.whiteningMaps = stages.whitening
    recipe.firstFitMaps = stages.firstFit
    recipe.refitMaps = stages.fit
    recipe.calibrationMaps = stages.calibration
    if let maps = result["test_maps"] {
      guard let count = Int(exactly: maps), (1...TrainingRecipe.mostMaps).contains(count) else {
        throw labels.fault("test_maps", "\(maps)", "a whole number, 1...\(TrainingRecipe.mostMaps)")
      }
      recipe.testMaps = count
    }
    guard recipe.architecture == architecture else {
      throw labels.fault(
        "labels.network", recipe.architecture.rawValue, "one of \(architecture.rawValue)")
    }
    try recipe.requireUsable(settings)
    guard recipe.totalMaps == total else {
      throw labels.fault(
        "maps_total", "\(total)", "\(recipe.totalMaps), the sum of the stages' maps")
    }
    // The recipe now says what a checkpoint must have in common with the run.
    recipe.training.labels = try recipe.labels(settings)
    return recipe
  }
}
