import Baselines
import TestSupport
import Testing
import Training
import Verification

@testable import Tasks
@testable import TrainingRuns

/// The headline of the benchmark, measured again on fresh maps.
@Suite("Shipped models beside the optimum")
struct ShippedRatioSlowTests {
  /// The models whose row has an optimal estimator.
  static let models = ShippedModelTests.models.filter {
    (try? ShippedModels.read($0).settings()).map {
      !$0.isPublishedSky && ($0.mask == nil || $0.hasPixelPosterior)
    } ?? true
  }

  /// The ratio to the optimum on 2,000 fresh maps, of a cut sky 200, whose posterior takes long, is
  /// the recorded one, to four paired standard errors of the two, in either direction: below lies a
  /// leak, above a model that has lost something. Control: predictions that know the truth to a
  /// hundredth of their error are found by this and by the rule for leaks.
  @Test("Paired ratios", arguments: models)
  func ratios(name: String) throws {
    let model = try ShippedModels.read(name)
    let settings = try model.settings()
    let estimator = try #require(try settings.estimator(threads: 2))
    let source = try SkyMapSource(settings, channels: model.network.inputChannels, seed: 78)
    let (count, names) = (settings.mask == nil ? 2_000 : 200, settings.parameterNames)
    let block = min(count, 500)
    let batch = source.batch(maps: 0..<count, split: .test, threads: 2)
    let predictions = stride(from: 0, to: count, by: block).flatMap { first in
      model.network.predict(
        source.batch(maps: first..<first + block, split: .test, threads: 2).maps, count: block,
        threads: 2)
    }
    let optimal = try estimator.estimates(
      batch.maps, count: count, channels: model.network.inputChannels, threads: 2,
      interruption: InterruptionFlag(), progress: { _, _ in })
    for (index, own) in try RecordedScore.of(name).enumerated() {
      let truths = (0..<count).map { Double(batch.targets[$0 * names.count + index]) }
      let values = (0..<count).map { Double(predictions[$0 * names.count + index]) }
      let best = optimal.map { $0[index].optimal }
      let found = try PairedComparison(truths: truths, predictions: values, optimal: best)
      let recorded = try #require(own.ratio)
      let recordedError = try #require(own.ratioStandardError)
      func deviations(_ comparison: PairedComparison) -> Double {
        let (a, b) = (comparison.ratioStandardError, recordedError)
        return (comparison.ratio - recorded) / (a * a + b * b).squareRoot()
      }
      #expect(abs(deviations(found)) <= 4, "\(name), \(own.parameter): \(found.ratio)")
      #expect(found.deviationsBelowOne <= 4)
      let near = truths.indices.map { truths[$0] + 0.01 * (values[$0] - truths[$0]) }
      let cheating = try PairedComparison(truths: truths, predictions: near, optimal: best)
      #expect(deviations(cheating) < -4 && cheating.deviationsBelowOne > 4)
    }
  }
}
