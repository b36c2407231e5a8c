import Foundation
import Models
import SkyModels
import Tasks

/// What a training run was, read back from its record: enough to run it again.
///
/// Source:     the labels of the record and of its configuration, as `TrainingRun` and
///             `TrainingRecipe` write them: task, protocol, noise, nside, the mask's pixels, the
///             network's sizes, the maps of every stage. What no record tells is taken from
///             `TrainingRecipe.standard`: the weighting of the last fit, and the options of
///             iterative ones.
/// Checked by: RecordedRunTests.
public struct RecordedRun: Sendable, Equatable {
  /// The row of the benchmark.
  public let settings: TaskSettings
  /// The stages with their maps.
  public let recipe: TrainingRecipe

  /// Reads a record.
  ///
  /// - Parameters:
  ///   - record: the record.
  ///   - file: what messages call it.
  /// - Throws: `ModelError.badMetadata` for a label that is missing or cannot be understood.
  public init(_ record: RunRecord, file: String) throws {
    let labels = RecordLabels(record: record, file: file)
    let settings = try labels.settings()
    self.settings = settings
    let architecture = try labels.value(record.architecture["name"], "name", Architecture.self)
    let stages = try labels.stages()
    let total = try labels.number(record.task["maps_total"], "maps_total")
    var recipe: TrainingRecipe
    do {
      recipe = try .standard(
        architecture, settings: settings, maps: total, batch: record.configuration.batch,
        seed: record.configuration.seed)
    } catch {
      throw labels.fault("maps_total", "\(total) (\(error))", "enough maps for a run")
    }
    recipe.network = try labels.network()
    recipe.training = record.configuration
    recipe.whiteningMaps = stages.whitening
    recipe.firstFitMaps = stages.firstFit
    recipe.refitMaps = stages.fit
    recipe.calibrationMaps = stages.calibration
    if let maps = record.result["test_maps"] {
      guard let count = Int(exactly: maps), (1...TrainingRecipe.mostMaps).contains(count) else {
        throw labels.fault("test_maps", "\(maps)", "a whole number, 1...\(TrainingRecipe.mostMaps)")
      }
      recipe.testMaps = count
    }
    // The sums below are of numbers in the file.
    for maps in [
      stages.whitening, stages.firstFit, stages.fit, stages.calibration, recipe.training.maps,
      recipe.training.validationMaps, recipe.training.mapsPerEpoch,
    ] where !(0...TrainingRecipe.mostMaps).contains(maps) {
      throw labels.fault("maps", "\(maps)", "0...\(TrainingRecipe.mostMaps) maps per stage")
    }
    do {
      try recipe.training.validate()
    } catch {
      throw labels.fault("configuration", "\(error)", "a training that can be carried out")
    }
    guard recipe.totalMaps == total, recipe.architecture == architecture else {
      throw labels.fault(
        "maps_total", "\(total)", "\(recipe.totalMaps), the sum of the stages' maps")
    }
    self.recipe = recipe
  }

  /// The row of the benchmark that a record belongs to, without looking at how its model was
  /// trained.
  ///
  /// - Throws: `ModelError.badMetadata`.
  public static func settings(of record: RunRecord, file: String) throws -> TaskSettings {
    try RecordLabels(record: record, file: file).settings()
  }
}
