import Foundation
import SkyModels
import Training

/// What a training run was, read back from its record: enough to run it again.
///
/// Source:     the labels of the record and of its configuration, as `TrainingRun` and `TrainingRecipe`
///             write them: task, protocol, noise, nside, the mask's pixels, the network's sizes, the
///             maps of every stage. What no record tells is taken from `TrainingRecipe.standard`:
///             the weighting of the last fit, and the options of iterative ones.
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

  /// The row of the benchmark that a record belongs to, without looking at how its model was trained.
  ///
  /// - Throws: `ModelError.badMetadata`.
  public static func settings(of record: RunRecord, file: String) throws -> TaskSettings {
    try RecordLabels(record: record, file: file).settings()
  }
}

/// Reads the labels of a record.
private struct RecordLabels {
  let record: RunRecord
  let file: String

  func fault(_ key: String, _ found: String?, _ expected: String) -> ModelError {
    .badMetadata(file: file, key: key, found: found ?? "missing", expected: expected)
  }

  func value<Value: RawRepresentable & CaseIterable>(
    _ text: String?, _ key: String, _ type: Value.Type
  ) throws(ModelError) -> Value where Value.RawValue == String {
    guard let value = text.flatMap({ Value(rawValue: $0) }) else {
      let known = Value.allCases.map(\.rawValue).joined(separator: " or ")
      throw fault(key, text.map { "'\($0)'" }, known)
    }
    return value
  }

  func number<Value: LosslessStringConvertible>(
    _ text: String?, _ key: String, _ type: Value.Type = Int.self
  ) throws(ModelError) -> Value {
    guard let value = text.flatMap({ Value($0) }) else {
      throw fault(key, text.map { "'\($0)'" }, "a number")
    }
    return value
  }

  func settings() throws(ModelError) -> TaskSettings {
    let task = try value(record.task["task"], "task", BenchmarkTask.self)
    let skyProtocol = try value(record.task["protocol"], "protocol", SkyProtocol.self)
    let nside = try number(record.task["nside"], "nside")
    let noise = try number(record.task["noise"], "noise", Double.self)
    let (fraction, mask) = try sky(nside: nside)
    do {
      var settings = try TaskSettings(
        task: task, skyProtocol: skyProtocol, nside: nside, noise: noise, mask: mask)
      settings.skyFraction = fraction
      return settings
    } catch {
      throw fault("task", "unusable (\(error))", "a task, resolution and noise that exist")
    }
  }

  /// f_sky as it was asked for, and the pixels; 1 and nil for the full sky.
  private func sky(nside: Int) throws(ModelError) -> (Double, SkyMask?) {
    guard let text = record.task["mask"] else { throw fault("mask", nil, "none or f_sky F") }
    guard text != "none" else { return (1, nil) }
    guard text.hasPrefix("f_sky "), let fraction = Double(text.dropFirst(6)) else {
      throw fault("mask", "'\(text)'", "none or f_sky F")
    }
    let pixels = record.configuration.labels["mask"] ?? ""
    let mask: SkyMask?
    do {
      mask = try SkyMask(hexadecimal: pixels, nside: nside)
    } catch {
      throw fault("labels.mask", "unusable (\(error))", "a mask")
    }
    guard let mask else {
      throw fault(
        "labels.mask", "\(pixels.count) characters", "\(3 * nside * nside) hexadecimal digits")
    }
    return (fraction, mask)
  }

  func network() throws(ModelError) -> TrainingRecipe.Network {
    guard let text = record.configuration.labels["network"] else {
      throw fault("labels.network", nil, "the sizes of a network")
    }
    do {
      return try JSONDecoder().decode(TrainingRecipe.Network.self, from: Data(text.utf8))
    } catch {
      throw fault("labels.network", "unreadable (\(error))", "the sizes of a network")
    }
  }

  /// Maps of the stages besides gradient training: the label "whitening 4096, first fit 20000, …".
  func stages() throws(ModelError) -> (whitening: Int, firstFit: Int, fit: Int, calibration: Int) {
    let text = record.configuration.labels["maps"]
    var counts: [String: Int] = [:]
    for part in (text ?? "").split(separator: ",") {
      let words = part.split(separator: " ")
      counts[words.dropLast().joined(separator: " ")] = words.last.flatMap { Int($0) }
    }
    guard let whitening = counts["whitening"], let firstFit = counts["first fit"],
      let fit = counts["fit"], let calibration = counts["calibration"]
    else {
      throw fault(
        "labels.maps", text.map { "'\($0)'" }, "the maps of whitening, first fit, fit, calibration")
    }
    return (whitening, firstFit, fit, calibration)
  }
}
