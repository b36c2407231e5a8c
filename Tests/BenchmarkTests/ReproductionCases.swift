import Foundation
import Tasks
import TrainingRuns
import Verification

@testable import Benchmark

/// A score of synthetic maps: predictions of 3 %, an optimum of 2 % on the first ones.
func syntheticScore(
  _ name: String, settings: TaskSettings, maps: Int = 200, optimalMaps: Int = 200, seed: UInt64 = 1
) throws -> ModelScore {
  var numbers = TestNumbers(seed: seed)
  let parameters = try settings.parameterNames.map { parameter in
    let prior = settings.priorRange
    let truths = (0..<maps).map { _ in numbers.uniform(prior.lowerBound, prior.upperBound) }
    let optimal = truths.prefix(optimalMaps).map { $0 * (1 + 0.02 * numbers.normal()) }
    return try ParameterScore(
      parameter: parameter, prior: prior, truths: truths,
      predictions: truths.map { $0 * (1 + 0.03 * numbers.normal()) },
      errorBars: truths.map { 0.03 * $0 }, optimal: optimal, maximumLikelihood: optimal)
  }
  return ModelScore(
    name: name, settings: settings, architecture: "isotropic", parameterCount: 1234567,
    mapsSeen: 300_000, parameters: parameters)
}

/// The record of a shipped model.
func shippedRecord(_ name: String) throws -> RunRecord {
  try RunRecord(contentsOf: FixtureStore.url("models/\(name).json"))
}

/// Copies a shipped model, its record or both into a folder, under another name if one is given.
func copyShipped(
  _ name: String, to folder: URL, endings: [String] = ["safetensors", "json"],
  as other: String? = nil
) throws {
  for ending in endings {
    try FileManager.default.copyItem(
      at: FixtureStore.url("models/\(name).\(ending)"),
      to: folder.appendingPathComponent("\(other ?? name).\(ending)"))
  }
}
