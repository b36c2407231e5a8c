import Models
import Tasks
import Training

/// What maps that a model was not trained on say of it: its error bars, and what good maps look
/// like to it.
///
/// Checked by: DrawnMapsTests, ModelCalibrationTests; the bars themselves by ErrorCalibrationTests,
///             the comparison of maps by MapLikenessTests.
public struct ModelCalibration: Sendable {
  /// The error bars, one set per parameter.
  public let errors: [ErrorCalibration]
  /// How maps are compared with these; nil if they are too few for it.
  public let likeness: MapLikeness?

  /// Measures both on the same maps.
  ///
  /// - Parameters:
  ///   - model: the model, weights as its file has them.
  ///   - maps: maps that are used for nothing else.
  ///   - threads: any number gives the same bits.
  ///   - interruption: looked at before every block of maps.
  ///   - progress: receives the number of maps done.
  /// - Throws: `TaskError.tooFewMaps`, `.interrupted`, `.predictionNotFinite`; `HealpixError`,
  ///   `HarmonicTransformError`, `LinearAlgebraError`, what reading the maps throws.
  public init(
    _ model: TrainedModel, on maps: TestMaps, threads: Int,
    interruption: InterruptionFlag = InterruptionFlag(),
    progress: (_ done: Int) -> Void = { _ in }
  ) throws {
    let least = ErrorCalibration.leastMapsPerNode
    guard maps.count >= least else {
      throw TaskError.tooFewMaps(
        found: maps.count, least: least, use: "the calibration of error bars")
    }
    let n = maps.parameters.count
    let channels = model.network.inputChannels
    var samples = [[ErrorCalibration.Sample]](repeating: [], count: n)
    var collector = try LikenessCollector(model)
    try maps.forEachBlock(interruption: interruption, progress: progress) { block, truths in
      let count = truths.count / n
      let values = try collector.add(block, count: count, threads: threads)
      let variances = pixelVariances(
        block, count: count, channels: channels, fields: channels == 1 ? 1 : 2,
        mask: model.description.mask)
      for (element, truth) in truths.enumerated() {
        let index = element % n
        samples[index].append(
          ErrorCalibration.Sample(
            prediction: values[element], truth: truth, pixelVariance: variances[element / n],
            other: n == 2 ? values[element + 1 - 2 * index] : nil))
      }
    }
    errors = try samples.map { try ErrorCalibration($0) }
    likeness = try collector.likeness()
  }
}

extension TrainedModel {
  /// The same model with error bars measured anew, and their coverage of its test maps among its
  /// figures. How maps are compared stays as it is, and is measured where there is nothing.
  ///
  /// - Parameters:
  ///   - count: number of maps for it, the first of the calibration split of the model's own seed;
  ///     nil: as many as the model's error bars had, 10,000 if it has none.
  ///   - threads: any number gives the same bits.
  ///   - interruption: looked at before every block of maps.
  ///   - progress: receives the number of maps done and the number of all.
  /// - Returns: the calibrated model.
  /// - Throws: as `ModelCalibration`; `ModelError.noTask`.
  public func recalibrated(
    count: Int? = nil, threads: Int, interruption: InterruptionFlag = InterruptionFlag(),
    progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws -> TrainedModel {
    let source = try SkyMapSource(
      settings(), channels: network.inputChannels, seed: description.seed ?? 0)
    let maps = TestMaps(
      source, split: .calibration, count: count ?? calibration?.first?.mapCount ?? 10_000,
      threads: threads)
    let tested = Int(description.result["test_maps"] ?? 0)
    let total = maps.count + tested
    let measured = try ModelCalibration(
      self, on: maps, threads: threads, interruption: interruption
    ) { progress($0, total) }
    var model = self
    model.calibration = measured.errors
    model.likeness = likeness ?? measured.likeness
    guard tested > 0 else { return model }
    let testMaps = TestMaps(source, count: tested, threads: threads)
    let done: @Sendable (Int) -> Void = { progress(maps.count + $0, total) }
    let figures =
      try settings().task.table != nil && !givesPosteriors
      ? PointEvaluation(
        model, on: testMaps, estimator: nil, threads: threads, interruption: interruption,
        progress: done
      ).figures
      : Evaluation(
        model, on: testMaps, estimator: nil, threads: threads, interruption: interruption,
        progress: done
      ).figures
    for (key, value) in figures where key.hasPrefix("coverage") {
      model.description.result[key] = value
    }
    return model
  }
}
