import FileFormats
import Foundation
import Models
import Tasks
import Testing

import Verification

@testable import TrainingRuns

@Suite("Runs of the benchmark by name")
struct TrainingPresetTests {
  /// A preset is the run of its record: same row, same recipe, same rounding of the weights. The
  /// number of test maps is left out, which touches no weight.
  @Test("Presets and records", arguments: TrainingPreset.all)
  func records(_ preset: TrainingPreset) throws {
    let record = try RunRecord(contentsOf: FixtureStore.url("models/\(preset.name).json"))
    #expect(try preset.settings() == record.settings)
    var recipe = try preset.recipe()
    recipe.testMaps = record.recipe.testMaps
    #expect(recipe == record.recipe)
    let model = FixtureStore.url("models/\(preset.name).safetensors")
    if FileManager.default.fileExists(atPath: model.path) {
      let isRounded = try ModelFile.file(model).tensors.contains { $0.1.dtype == .float16 }
      #expect((preset.precision == .float16) == isRounded)
    } else {
      #expect(preset.precision == record.precision)
    }
  }

  /// Every shipped record has a preset, and no two have a name.
  @Test("Names")
  func names() throws {
    let names = TrainingPreset.all.map(\.name)
    #expect(Set(names).count == names.count)
    let files = try FileManager.default.contentsOfDirectory(
      atPath: FixtureStore.url("models").path)
    let records = files.filter { $0.hasSuffix(".json") && !$0.hasSuffix(".likeness.json") }
      .map { $0.replacing(".json", with: "") }
    #expect(Set(records) == Set(names))
    for name in names { #expect(TrainingPreset(name: name)?.name == name) }
    #expect(TrainingPreset(name: "t1") == nil)
  }

  /// Another seed makes another run of the same numbers of maps.
  @Test("Seeds")
  func seeds() throws {
    let preset = try #require(TrainingPreset(name: "t1-physical-isotropic-noise5"))
    let (own, other) = (try preset.recipe(), try preset.recipe(seed: 2))
    #expect(own.training.seed == TrainingPreset.standardSeed && other.training.seed == 2)
    #expect(own.totalMaps == other.totalMaps && own != other)
  }
}
