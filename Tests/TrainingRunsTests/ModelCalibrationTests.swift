import FileFormats
import Foundation
import Testing
import Training
import Verification

@testable import Models
@testable import Tasks
@testable import TrainingRuns

/// Error bars measured anew for a model that exists.
@Suite("Calibration of a trained model")
struct ModelCalibrationTests {
  /// A run's model calibrated again is the run's model, byte for byte: the same maps. From another
  /// number of maps it has other bars, and the same weights and figures but for the coverage.
  @Test("The calibration of a run, again")
  func again() throws {
    let settings = try TaskSettings()
    let run = try TrainingRun(
      settings: settings,
      recipe: try .standard(.isotropic, settings: settings, maps: 1_000, seed: 3),
      execution: TrainingExecution(threads: 2))
    guard case .completed(let model, _) = try run.run() else { throw TaskError.interrupted }
    let before = try ModelFile.safetensors(model).data()
    let again = try model.recalibrated(threads: 1)
    #expect(try ModelFile.safetensors(again).data() == before)

    var bare = model
    (bare.calibration, bare.likeness) = (nil, nil)
    bare.description.result["coverage"] = 0.1
    let other = try bare.recalibrated(count: 300, threads: 2)
    #expect(other.calibration?.first?.mapCount == 300 && other.calibration != model.calibration)
    #expect(other.description.result["coverage"] != 0.1)
    func figures(_ model: TrainedModel) -> [String: Double] {
      model.description.result.filter { $0.key != "coverage" }
    }
    #expect(figures(other) == figures(model))
    #expect(throws: TaskError.self) { try model.recalibrated(count: 63, threads: 1) }
  }

  /// A file is one of float16 if any of its weights is.
  @Test("Precision of shipped files")
  func precision() throws {
    for (name, expected) in [
      ("t1-physical-isotropic-noise0", ModelFile.Precision.float32),
      ("t1-physical-published-noise0", .float16),
    ] {
      #expect(
        try ModelFile.precision(of: FixtureStore.url("models/\(name).safetensors")) == expected)
    }
  }
}
