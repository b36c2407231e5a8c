import FileFormats
import Foundation
import Tasks
import Testing
import TrainingRuns
import Verification

@testable import Benchmark

@Suite("Folders that cannot be evaluated")
struct ModelFolderErrorTests {
  private static let name = "t1-physical-isotropic-noise0"

  @Test("No folder, no models")
  func nothing() throws {
    try withTemporaryFolder { folder in
      let missing = folder.appendingPathComponent("none")
      #expect(thrown { try ModelFolder(contentsOf: missing) } is FileError)
      try Data("x".utf8).write(to: folder.appendingPathComponent("notes.txt"))
      guard
        case .noModels? = thrown({ try ModelFolder(contentsOf: folder) }) as? ModelFolderError
      else {
        Issue.record("an empty folder was accepted")
        return
      }
    }
  }

  @Test("Unreadable records", arguments: ["{", "{\"format\":\"another\"}", ""])
  func record(text: String) throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("\(Self.name).json")
      try Data(text.utf8).write(to: url)
      #expect(thrown { try ModelFolder(contentsOf: folder) } is RunRecordError, "alone")
      try copyShipped(Self.name, to: folder, endings: ["safetensors"])
      #expect(thrown { try ModelFolder(contentsOf: folder) } is RunRecordError, "beside a model")
    }
  }

  @Test("A damaged model")
  func damaged() throws {
    try withTemporaryFolder { folder in
      try copyShipped(Self.name, to: folder)
      let url = folder.appendingPathComponent("\(Self.name).safetensors")
      try Data(try Data(contentsOf: url).dropLast(1)).write(to: url)
      #expect(thrown { try ModelFolder(contentsOf: folder) } is SafetensorsError)
    }
  }

  @Test("Too few maps", arguments: [-1, 0, 1])
  func tooFewMaps(count: Int) throws {
    try withTemporaryFolder { folder in
      try copyShipped(Self.name, to: folder)
      let models = try ModelFolder(contentsOf: folder)
      let expected = TaskError.tooFewMaps(
        found: count, least: 2, use: "an error with an error bar")
      #expect(
        thrown { try BenchmarkRun(models, mapCount: count, threads: 1) } as? TaskError
          == expected)
      #expect(
        thrown { try BenchmarkRun(models, cutSkyMaps: count, threads: 1) } as? TaskError
          == expected)
      #expect(thrown { try BenchmarkRun(models, mapCount: 2, threads: 1) } == nil)
    }
  }

  /// Models with record, without record, records without model.
  @Test("What belongs together")
  func entries() throws {
    try withTemporaryFolder { folder in
      try copyShipped(Self.name, to: folder)
      try copyShipped(Self.name, to: folder, endings: ["safetensors"], as: "bare")
      try copyShipped("t2-physical-isotropic-fsky0.1", to: folder, endings: ["json"])
      let models = try ModelFolder(contentsOf: folder)
      #expect(models.models.map(\.name) == ["bare", Self.name])
      #expect(models.models.map { $0.record != nil } == [false, true])
      #expect(models.models.allSatisfy { $0.precision == .float32 })
      #expect(models.records.map(\.name) == ["t2-physical-isotropic-fsky0.1"])
      #expect(models.records.first?.settings == (try TaskSettings(task: .t2, skyFraction: 0.1)))
    }
  }
}
