import Foundation
import Models
import SpectralNetworks
import Tasks
import Testing
import Verification

@testable import TrainingRuns

/// Records of version 1, whose task and recipe are labels.
@Suite("Records of version 1")
struct RecordVersion1Tests {
  private static let url = FixtureStore.url("regression/record-version-1.json")

  private func record() throws -> RunRecordVersion1 {
    try JSONDecoder().decode(RunRecordVersion1.self, from: Data(contentsOf: Self.url))
  }

  /// The labels of the file by hand: 300,000 maps of t1, without noise, for 48 bands.
  @Test("An old record")
  func reading() throws {
    let record = try RunRecord(contentsOf: Self.url)
    #expect(record.format == RunRecord.currentFormat)
    #expect(try record.settings == TaskSettings())
    let recipe = record.recipe
    #expect(recipe.network.typed(IsotropicConfiguration.self) == .t1)
    #expect(recipe.totalMaps == 300_000 && recipe.training.maps == 50_000)
    #expect(recipe.whiteningMaps == 4096 && recipe.firstFitMaps == 20_000)
    #expect(recipe.refitMaps == 240_000 && recipe.calibrationMaps == 10_000)
    #expect(recipe.testMaps == 2_000 && recipe.training.seed == 1)
    #expect(record.parameterCount == 3769 && record.steps == 1563 && record.program == "0.1.0")
    #expect(record.result["mean_absolute_percent_error"] == 0.5543610391118529)
    #expect(record.refit.count == 1 && record.ending == "completed")
  }

  /// A label changed is refused by its name.
  @Test(
    "Labels that cannot be read",
    arguments: [
      ("task", "t9"), ("protocol", "x"), ("noise", "loud"), ("nside", ""), ("mask", "half"),
      ("mask", "f_sky 0.5"), ("maps_total", "many"), ("maps_total", "100000"),
    ])
  func badLabel(key: String, value: String) throws {
    var record = try record()
    record.task[key] = value
    guard
      case .badMetadata(let file, let found, _, _)? = thrown({
        try record.current(file: "r.json")
      }) as? ModelError
    else {
      Issue.record("\(key) = '\(value)' was accepted")
      return
    }
    #expect(file == "r.json" && found.hasSuffix(key == "mask" && value != "half" ? "mask" : key))
  }

  @Test("Labels that are missing")
  func missingLabels() throws {
    for key in ["task", "protocol", "noise", "nside", "mask", "maps_total", "program"] {
      var own = try record()
      own.task[key] = nil
      #expect(thrown { try own.current(file: "r.json") } is ModelError, "\(key)")
    }
    for key in ["network", "maps"] {
      var own = try record()
      own.configuration.labels[key] = nil
      #expect(thrown { try own.current(file: "r.json") } is ModelError, "\(key)")
      own.configuration.labels[key] = "whitening 3"
      #expect(thrown { try own.current(file: "r.json") } is ModelError, "\(key)")
    }
  }

  /// Numbers of maps that no run has are refused and not converted.
  @Test("Absurd numbers of maps", arguments: [0, -1, 0.5, 1e19, 1e308, -1e308])
  func absurdMaps(value: Double) throws {
    var record = try record()
    record.result["test_maps"] = value
    #expect(thrown { try record.current(file: "r.json") } != nil)
  }
}
