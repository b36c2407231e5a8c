import Foundation
import Testing
import SpectralNetworks
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
  @Test("Shipped records")
  func shippedRecords() throws {
    let records = try Self.shipped()
    try #require(!records.isEmpty)
    for (name, record) in records {
      let modelName = name.replacing(".json", with: "")
      let url = FixtureStore.url("models/\(modelName).safetensors")
      guard FileManager.default.fileExists(atPath: url.path) else { continue }
      let model = try ModelFile.summary(url)
      #expect(
        try record.settings == model.description.settings(nside: model.nside), "\(name)")
      #expect(record.recipe.architecture == model.architecture, "\(name)")
      #expect(record.recipe.totalMaps == model.description.mapsSeen || record.ending != "completed")
    }
  }

  /// The record of a run has its recipe, stage by stage.
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
    #expect(record.settings == settings && record.recipe == recipe)
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("r.json")
      try record.write(to: url)
      #expect(try RunRecord(contentsOf: url) == record)
    }
  }

  /// Numbers of maps that no run has, and sizes that no network has, are refused and not converted.
  @Test("Recipes that cannot be")
  func absurd() throws {
    let sound = try #require(try Self.shipped().first?.record)
    let changes: [(inout RunRecord) -> Void] = [
      { $0.recipe.testMaps = 0 }, { $0.recipe.testMaps = -1 }, { $0.recipe.refitMaps = .max },
      { $0.recipe.training.maps = .max }, { $0.recipe.training.mapsPerEpoch = 0 },
      { $0.recipe.network.update(IsotropicConfiguration.self) { $0.lmax = 1 << 60 } },
      { $0.recipe.network.update(IsotropicConfiguration.self) { $0.outputCount = 2 } },
      { $0.settings.nside = 32 },
    ]
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("r.json")
      try sound.write(to: url)
      #expect(try RunRecord(contentsOf: url) == sound)
      for (index, change) in changes.enumerated() {
        var record = sound
        change(&record)
        try record.write(to: url)
        #expect(throws: RunRecordError.self, "\(index)") { try RunRecord(contentsOf: url) }
      }
    }
  }
}
