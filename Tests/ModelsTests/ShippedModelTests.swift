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
  /// The largest mean error (percent) that each model may have in any parameter.
  static let models: [(name: String, bound: Double)] = [
    ("t1-physical-isotropic-noise0", 0.70), ("t1-physical-isotropic-noise5", 2.65),
    ("t1-physical-isotropic-noise10", 4.80), ("t1-physical-isotropic-noise15", 7.40),
    ("t2-physical-isotropic", 0.75), ("t2-physical-isotropic-fsky0.1", 2.30),
    ("t2-published-isotropic", 1.60), ("t3-physical-isotropic", 3.15),
    ("t1-physical-published-noise0", 1.334), ("t3-published-isotropic", 0.005),
    ("t2-physical-isotropic-fsky0.05", 2.85), ("t2-physical-isotropic-fsky0.2", 1.45),
    ("t2-physical-isotropic-fsky0.5", 0.95), ("t3-published-published", 3.95),
    ("t2-published-published", 1.69),
    ("t1-physical-pixel-noise0", 1.55), ("t1-physical-pixel-noise15", 8.20),
    ("t2-physical-pixel", 2.30), ("t2-physical-pixel-fsky0.1", 5.60),
  ]

  private static func url(_ name: String, _ ending: String) -> URL {
    FixtureStore.url("models/\(name).\(ending)")
  }

  /// On 4000 fresh maps a mean percentage error is known to 1.6 %; one standard error is allowed
  /// above the bound, since the seed is fixed. A damaged model is far beyond (the control).
  /// Blind to: changes below the scatter; `Tests/regression.sh` compares predictions digit by
  /// digit.
  @Test("Mean error on fresh maps", arguments: models.map(\.name))
  func meanError(name: String) throws {
    let bound = try #require(Self.models.first { $0.name == name }).bound
    let model = try ShippedModels.read(name)
    let settings = try model.settings()
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
    for parameter in 0..<n {
      let mean = errors[parameter].reduce(0, +) / Double(count)
      var squares = 0.0
      for error in errors[parameter] { squares += (error - mean) * (error - mean) }
      let standardError = (squares / Double(count * (count - 1))).squareRoot()
      #expect(mean <= bound + standardError, "\(mean) +- \(standardError) % of \(name)")
      #expect(shifted[parameter] > bound + 5 * standardError)
    }
  }

  private func percentError(_ value: Double, _ truth: Double) -> Double {
    100 * abs(value - truth) / truth
  }

  /// No model beats the optimal estimator on its own test maps by more than four paired standard
  /// errors: if one did, the truth would have leaked into its input.
  @Test("No ratio to the optimum below 1", arguments: models.map(\.name))
  func noLeak(name: String) throws {
    let model = try ShippedModels.read(name)
    let result = model.description.result
    let names = model.description.parameterNames
    for parameter in names {
      guard let ratio = result[figureName("ratio_to_optimal", parameter, of: names.count)] else {
        // No optimum to compare with: the published sky, or too many pixels for the posterior.
        let settings = try model.settings()
        let isPublishedSky = settings.skyProtocol == .published && settings.task != .t1
        #expect(isPublishedSky || (settings.mask != nil && !settings.hasPixelPosterior))
        continue
      }
      let error = try #require(
        result[figureName("ratio_standard_error", parameter, of: names.count)])
      #expect(ratio >= 1 - 4 * error, "\(parameter): \(ratio) +- \(error)")
    }
  }

  @Test(
    "A model states its task, its noise, its mask and its prior, and has a record beside it",
    arguments: models.map(\.name))
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
