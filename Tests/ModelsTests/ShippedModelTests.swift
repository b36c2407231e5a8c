import FileFormats
import Foundation
import RandomFields
import TestSupport
import Testing
import Training
import Verification

@testable import Tasks
@testable import TrainingRuns

/// The models in `Fixtures/models` do what their records say.
@Suite("Shipped models")
struct ShippedModelTests {
  /// The names of all of them: those of the presets whose weights are shipped.
  static let models = TrainingPreset.all.map(\.name).filter {
    FileManager.default.fileExists(atPath: url($0, "safetensors").path)
  }

  /// All models of `SHA256SUMS` are there and none besides.
  @Test("Names")
  func names() throws {
    let sums = try String(
      contentsOf: FixtureStore.url("models/SHA256SUMS"), encoding: .utf8)
    let listed = sums.split(separator: "\n").compactMap { $0.split(separator: " ").last }
    #expect(Set(listed.map { String($0.dropLast(".safetensors".count)) }) == Set(Self.models))
    #expect(listed.count == Self.models.count)
  }

  private static func url(_ name: String, _ ending: String) -> URL {
    FixtureStore.url("models/\(name).\(ending)")
  }

  /// The mean error on 4000 fresh maps is the recorded one, to five standard errors of the two, in
  /// either direction: a model that is better than its record is another model.
  /// Blind to: changes below the scatter of 1.6 %; `Tests/regression.sh` compares predictions digit
  /// by digit.
  @Test("Mean error on fresh maps", arguments: models)
  func meanError(name: String) throws {
    let recorded = try RecordedScore.of(name)
    let model = try ShippedModels.read(name)
    let settings = try model.settings()
    try #require(recorded.map(\.parameter) == settings.parameterNames)
    let source = try SkyMapSource(settings, channels: model.network.inputChannels, seed: 77)
    let (count, n) = (4000, settings.parameterNames.count)
    var errors = [[Double]](repeating: [], count: n)
    var shifted = [Double](repeating: 0, count: n)
    for first in stride(from: 0, to: count, by: 500) {
      let maps = first..<first + 500
      let batch = source.batch(maps: maps, split: .test, threads: 2)
      let predictions = model.network.predict(batch.maps, count: 500, threads: 2)
      for (element, truth) in batch.targets.enumerated() {
        let value = Double(predictions[element])
        errors[element % n].append(percentError(value, Double(truth)))
        // Negative control: the same predictions for the neighbouring maps.
        let neighbour = Double(batch.targets[(element + n) % batch.targets.count])
        shifted[element % n] += percentError(value, neighbour) / Double(count)
      }
    }
    for (own, (errors, shifted)) in zip(recorded, zip(errors, shifted)) {
      let mean = errors.reduce(0, +) / Double(count)
      var squares = 0.0
      for error in errors { squares += (error - mean) * (error - mean) }
      let variance =
        squares / Double(count * (count - 1)) + own.standardError * own.standardError
      let score = (mean - own.error) / variance.squareRoot()
      #expect(abs(score) <= 5, "\(name), \(own.parameter): \(mean) %, recorded \(own.error)")
      #expect((shifted - own.error) / variance.squareRoot() > 25)
    }
  }

  private func percentError(_ value: Double, _ truth: Double) -> Double {
    100 * abs(value - truth) / truth
  }

  /// The record of every model has a ratio to the optimum unless its row has none: the published
  /// sky, or too many pixels for the posterior. ShippedRatioSlowTests measures it again.
  @Test("Recorded ratios to the optimum", arguments: models)
  func recordedRatios(name: String) throws {
    let model = try ShippedModels.read(name)
    let result = model.description.result
    let names = model.description.parameterNames
    let settings = try model.settings()
    let hasNone =
      settings.isPublishedSky || (settings.mask != nil && !settings.hasPixelPosterior)
    for parameter in names {
      let ratio = result[figureName("ratio_to_optimal", parameter, of: names.count)]
      #expect((ratio == nil) == hasNone)
    }
  }

  @Test(
    "A model states its task, its noise, its mask and its prior, and has a record beside it",
    arguments: models)
  func description(name: String) throws {
    let model = try ShippedModels.read(name)
    let about = model.description
    let architecture = model.network.architecture.rawValue
    #expect(
      name.hasPrefix(
        "\(about.task?.rawValue ?? "")-\(about.skyProtocol.rawValue)-\(architecture)"))
    let noise = name.split(separator: "-").first { $0.hasPrefix("noise") }.map { $0.dropFirst(5) }
    #expect(about.noise == noise.flatMap { Double($0) } ?? 0)
    let fraction = name.split(separator: "-").first { $0.hasPrefix("fsky") }.map { $0.dropFirst(4) }
    #expect((about.mask != nil) == (fraction != nil))
    #expect(about.skyFraction == fraction.flatMap { Double($0) } ?? 1)
    #expect(about.priorRange == (about.task == .t3 ? 0.03...0.08 : 5...20))
    #expect(model.calibration?.count == about.parameterNames.count)
    let record = try Data(contentsOf: Self.url(name, "json"))
    #expect(try JSONSerialization.jsonObject(with: record) is [String: Any])
  }
}
