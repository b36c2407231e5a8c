import Foundation
import Testing
import Training
import Verification

@testable import Models
@testable import Tasks
@testable import TrainingRuns

/// Training runs read back from records.
@Suite("Recorded runs")
struct RecordedRunTests {
  private static func shipped() throws -> [(name: String, record: RunRecord)] {
    let folder = FixtureStore.url("models")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
      .filter { $0.hasSuffix(".json") && !$0.hasSuffix(".likeness.json") }
    return try names.map { ($0, try RunRecord(contentsOf: folder.appendingPathComponent($0))) }
  }

  /// Every shipped record gives the row and the sizes that its model has, and all its maps.
  /// Blind to: settings that neither file nor record tells, as the weighting of the last fit.
  @Test("Shipped records")
  func shippedRecords() throws {
    let records = try Self.shipped()
    try #require(!records.isEmpty)
    for (name, record) in records {
      let run = try RecordedRun(record, file: name)
      #expect("\(run.recipe.totalMaps)" == record.task["maps_total"], "\(name)")
      #expect(run.recipe.training == record.configuration, "\(name)")
      let modelName = name.replacing(".json", with: "")
      let url = FixtureStore.url("models/\(modelName).safetensors")
      guard FileManager.default.fileExists(atPath: url.path) else { continue }
      let model = try ModelFile.summary(url)
      #expect(try run.settings == model.description.settings(nside: model.nside), "\(name)")
      #expect(run.recipe.architecture == model.architecture, "\(name)")
    }
  }

  /// The record of a run gives its recipe back, stage by stage.
  @Test("A run and its record")
  func roundTrip() throws {
    let settings = try TaskSettings(noise: 5)
    let recipe = try TrainingRecipe.standard(.isotropic, settings: settings, maps: 600, seed: 8)
    let run = try TrainingRun(
      settings: settings, recipe: recipe, execution: TrainingExecution(threads: 2))
    guard case .completed(_, let record) = try run.run() else {
      Issue.record("the run was interrupted")
      return
    }
    let found = try RecordedRun(record, file: "r.json")
    #expect(found.settings == settings && found.recipe == recipe)
  }

  /// Numbers of maps that no run has are refused and not converted.
  @Test("Absurd numbers of maps", arguments: [0, -1, 0.5, 1e19, 1e308, -1e308])
  func absurdMaps(value: Double) throws {
    var record = try #require(try Self.shipped().first?.record)
    record.result["test_maps"] = value
    let error = thrown { try RecordedRun(record, file: "r.json") } as? ModelError
    guard case .badMetadata("r.json", "test_maps", _, _)? = error else {
      Issue.record("\(value): \(String(describing: error))")
      return
    }
    record.result["test_maps"] = 100
    record.configuration.maps = .max
    #expect(thrown { try RecordedRun(record, file: "r.json") } is ModelError)
    record.configuration.maps = 1000
    record.configuration.mapsPerEpoch = 0
    #expect(thrown { try RecordedRun(record, file: "r.json") } is ModelError)
  }

  /// A record with one label changed is refused by that label's name.
  @Test(
    "Labels that cannot be read",
    arguments: [
      ("task", "t9"), ("protocol", "x"), ("noise", "loud"), ("nside", ""), ("mask", "half"),
      ("mask", "f_sky 0.5"), ("maps_total", "many"), ("maps_total", "100000"),
    ])
  func badLabel(key: String, value: String) throws {
    var record = try #require(try Self.shipped().first?.record)
    record.task[key] = value
    guard
      case .badMetadata(let file, let found, _, _)? = thrown({
        try RecordedRun(record, file: "r.json")
      }) as? ModelError
    else {
      Issue.record("\(key) = '\(value)' was accepted")
      return
    }
    #expect(file == "r.json" && found.hasSuffix(key == "mask" && value != "half" ? "mask" : key))
  }

  @Test("Labels that are missing")
  func missingLabels() throws {
    let record = try #require(try Self.shipped().first?.record)
    for key in ["task", "protocol", "noise", "nside", "mask", "maps_total"] {
      var own = record
      own.task[key] = nil
      #expect(thrown { try RecordedRun(own, file: "r.json") } is ModelError, "\(key)")
    }
    for key in ["network", "maps"] {
      var own = record
      own.configuration.labels[key] = nil
      #expect(thrown { try RecordedRun(own, file: "r.json") } is ModelError, "\(key)")
      own.configuration.labels[key] = "whitening 3"
      #expect(thrown { try RecordedRun(own, file: "r.json") } is ModelError, "\(key)")
    }
  }
}
