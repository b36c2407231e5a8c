import FileFormats
import Foundation
import RandomFields
import Testing
import Verification

@testable import BenchmarkTasks

/// The models in `Fixtures/models` do what their records say.
@Suite("Shipped models")
struct ShippedModelTests {
  /// The largest mean error (percent) that each model may have, with the noise it is for.
  static let models: [(noise: String, bound: Double)] = [
    ("0", 0.70), ("5", 2.65), ("10", 4.80), ("15", 7.40),
  ]

  private static func url(_ noise: String, _ ending: String) -> URL {
    FixtureStore.url("models/t1-physical-isotropic-noise\(noise).\(ending)")
  }

  /// On 4000 fresh maps a mean percentage error is known to 1.6 %; one standard error is allowed
  /// above the bound, since the seed is fixed. A damaged model is far beyond (the control).
  /// Blind to: changes below the scatter; `Tests/regression.sh` compares predictions digit by digit.
  @Test("Mean error on fresh maps", arguments: models.map(\.noise))
  func meanError(noise: String) throws {
    let bound = try #require(Self.models.first { $0.noise == noise }).bound
    let model = try ModelFile.read(Self.url(noise, "safetensors"))
    let source = try SkyMapSource(model.settings(), seed: 77)
    let count = 4000
    let batch = try source.batch(maps: 0..<count, split: .test, threads: 2)
    let predictions = model.network.predict(batch.maps, count: count, threads: 2)
    let truths = batch.targets.map { Double($0) }
    let errors = (0..<count).map { percentError(Double(predictions[$0]), truths[$0]) }
    let mean = errors.reduce(0, +) / Double(count)
    var squares = 0.0
    for error in errors { squares += (error - mean) * (error - mean) }
    let standardError = (squares / Double(count * (count - 1))).squareRoot()
    #expect(mean <= bound + standardError, "\(mean) +- \(standardError) % at noise \(noise)")

    // Negative control: the same predictions for the neighbouring maps.
    var shifted = 0.0
    for map in 0..<count {
      let neighbour = truths[(map + 1) % count]
      shifted += percentError(Double(predictions[map]), neighbour) / Double(count)
    }
    #expect(shifted > bound + 5 * standardError)
  }

  private func percentError(_ value: Double, _ truth: Double) -> Double {
    100 * abs(value - truth) / truth
  }

  @Test(
    "A model states its task, its noise and its prior, and has a record beside it",
    arguments: models.map(\.noise))
  func description(noise: String) throws {
    let model = try ModelFile.read(Self.url(noise, "safetensors"))
    #expect(model.description.task == .t1)
    #expect(model.description.noise == Double(noise))
    #expect(model.description.priorRange == 5...20)
    #expect(model.calibration != nil)
    let record = try Data(contentsOf: Self.url(noise, "json"))
    #expect(try JSONSerialization.jsonObject(with: record) is [String: Any])
  }
}
