import Tasks
import TestSupport
import FileFormats
import Foundation
import Testing
import TrainingRuns
import Verification

@Suite("Run records")
struct RunRecordPropertyTests {
  private func record() throws -> RunRecord {
    let run = try ToyRun.train(ToyRun.configuration())
    let settings = try TaskSettings(noise: 2.5)
    var recipe = try TrainingRecipe.standard(.isotropic, settings: settings, maps: 600, seed: 8)
    recipe.training = ToyRun.configuration()
    var record = RunRecord(
      settings: settings, recipe: recipe, training: run.result, threads: 1, parameterCount: 42,
      revision: "0123abc")
    record.result = ["percentError": 1.0 / 3]
    return record
  }

  /// What is written is read back equal, doubles to the bit, and equal records are equal bytes.
  @Test("Round trip")
  func roundTrip() throws {
    let folder = try ScratchFolder()
    let record = try record()
    try record.write(to: folder.file("a.json"))
    try record.write(to: folder.file("b.json"))
    #expect(try RunRecord(contentsOf: folder.file("a.json")) == record)
    let bytes = try Data(contentsOf: folder.file("a.json"))
    #expect(try bytes == Data(contentsOf: folder.file("b.json")))
    let text = String(decoding: bytes, as: UTF8.self)
    for key in [
      "recipe", "settings", "seed", "lossCurve", "validationCurve", "machine", "processor",
    ] {
      #expect(text.contains("\"\(key)\""), "\(key)")
    }
  }

  @Test("Refusals")
  func refusals() throws {
    let folder = try ScratchFolder()
    let url = folder.file("record.json")
    #expect(throws: FileError.missing(path: url.path)) { try RunRecord(contentsOf: url) }
    try Data("{}".utf8).write(to: url)
    #expect(throws: RunRecordError.self) { try RunRecord(contentsOf: url) }
    var record = try record()
    record.format = "another"
    try record.write(to: url)
    #expect(throws: RunRecordError.self) { try RunRecord(contentsOf: url) }
    let before = try Data(contentsOf: url)
    record.result["bad"] = .infinity
    #expect(throws: RunRecordError.notFinite(key: "bad", value: .infinity)) {
      try record.write(to: url)
    }
    #expect(try Data(contentsOf: url) == before)
  }
}
