import Foundation
import Tasks
import Testing
import TrainingRuns
import Verification

@testable import Benchmark

@Suite("Plan of training again")
struct RetrainingPlanTests {
  /// Every shipped model is in the plan, with the maps and, but for the published network, the time
  /// of its record.
  @Test("Shipped models")
  func shipped() throws {
    let folder = try ModelFolder(contentsOf: FixtureStore.url("models"))
    let plan = try RetrainingPlan(folder)
    #expect(
      plan.rows.map(\.name).sorted()
        == (folder.models.map(\.name) + folder.records.map(\.name)).sorted())
    for row in plan.rows {
      let record = try shippedRecord(row.name)
      #expect(row.maps == record.recipe.totalMaps, "\(row.name)")
      if row.run.recipe.architecture != .published { #expect(row.seconds == record.seconds) }
    }
    #expect(abs(plan.seconds - plan.rows.map(\.seconds).reduce(0, +)) == 0)
  }

  /// The published network takes its maps over a rate: 8.6 million maps of t1 are 3.7 hours.
  @Test("Time of the published network")
  func published() throws {
    try withTemporaryFolder { folder in
      let settings = try TaskSettings()
      let recipe = try TrainingRecipe.standard(.published, settings: settings, seed: 1)
      var record = try shippedRecord("t1-physical-isotropic-noise0")
      record.recipe = recipe
      try record.write(to: folder.appendingPathComponent("t1-physical-published-noise0.json"))
      let row = try #require(try RetrainingPlan(ModelFolder(contentsOf: folder)).rows.first)
      #expect(row.run.recipe.network == recipe.network && row.maps == recipe.totalMaps)
      #expect(row.seconds == Double(recipe.totalMaps) / 650)
    }
  }

  @Test("A model without record")
  func noRecord() throws {
    try withTemporaryFolder { folder in
      try copyShipped("t1-physical-isotropic-noise0", to: folder, endings: ["safetensors"])
      let models = try ModelFolder(contentsOf: folder)
      #expect(
        thrown { try RetrainingPlan(models) } as? ModelFolderError
          == .noRecord(
            model: "t1-physical-isotropic-noise0", file: "t1-physical-isotropic-noise0.json"))
    }
  }
}
