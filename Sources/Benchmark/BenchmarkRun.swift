import FileFormats
import Foundation
import Models
import SkyModels
import Tasks
import Training

/// Evaluates the models of a folder on fresh maps.
///
/// Maps:       the first `mapCount` of the test split of `seed`. Models of one row see the same
///             maps, and so do rows that differ in noise or mask only.
/// Optimum:    once per row, whatever the number of models: on all maps of the full sky, and on the
///             first `optimalMapCount(for:)` of a cut sky. Rows without an optimal estimator have
///             none.
/// Cost:       on a cut sky 10 ms per map at f_sky 0.1, nside 16, on two cores; elsewhere mostly
///             that of the posteriors of the full sky, 1 ms per map and parameter.
/// Bits:       the number of threads changes none.
/// Checked by: BenchmarkRunTests, ReproduceTests.
package struct BenchmarkRun: Sendable {
  /// The models.
  package let folder: ModelFolder
  /// Maps per model.
  package let mapCount: Int
  /// Maps for the optimum of a cut sky; nil: a number that takes about half a minute.
  package let cutSkyMaps: Int?
  /// The seed of the maps.
  package let seed: UInt64
  /// Threads to use at most.
  package let threads: Int

  /// The seed unless another is asked for.
  package static let standardSeed: UInt64 = 2
  /// The number of maps unless another is asked for.
  package static let standardMapCount = 2_000

  /// A run.
  ///
  /// - Throws: `TaskError.tooFewMaps` below two maps.
  package init(
    _ folder: ModelFolder, mapCount: Int = standardMapCount, cutSkyMaps: Int? = nil,
    seed: UInt64 = standardSeed, threads: Int
  ) throws(TaskError) {
    for count in [mapCount, cutSkyMaps ?? mapCount] where count < 2 {
      throw .tooFewMaps(found: count, least: 2, use: "an error with an error bar")
    }
    self.folder = folder
    self.mapCount = mapCount
    self.cutSkyMaps = cutSkyMaps
    self.seed = seed
    self.threads = threads
  }

  /// Number of maps on which the optimum of a row is computed if it has one.
  ///
  /// On a cut sky of n observed pixels a map costs in proportion to n²: 10⁸/n² maps, at least 200
  /// and at most 1,000, unless `cutSkyMaps` says how many. At nside 16 these are 268 maps at f_sky
  /// 0.2 and 1,000 below.
  package func optimalMapCount(for settings: TaskSettings) -> Int {
    guard let mask = settings.mask else { return mapCount }
    let pixels = mask.observedPixels.count
    return min(mapCount, cutSkyMaps ?? min(1_000, max(200, 100_000_000 / (pixels * pixels))))
  }

  /// Evaluates all models.
  ///
  /// - Parameters:
  ///   - interruption: looked at before every block of maps.
  ///   - progress: told after every block.
  /// - Returns: the report.
  /// - Throws: `TaskError.interrupted`, `.predictionNotFinite`; `BaselineError`.
  package func report(
    interruption: InterruptionFlag = InterruptionFlag(),
    progress: @escaping @Sendable (BenchmarkProgress) -> Void = { _ in }
  ) throws -> BenchmarkReport {
    var scores: [ModelScore] = []
    let models = folder.models.sorted {
      $0.settings.tableOrder(name: $0.name) < $1.settings.tableOrder(name: $1.name)
    }
    var rows: [TaskSettings] = []
    for entry in models where !rows.contains(entry.settings) { rows.append(entry.settings) }
    for settings in rows {
      let reference = try reference(settings, interruption, progress)
      for entry in models where entry.settings == settings {
        scores.append(try score(entry, reference, interruption, progress))
      }
    }
    return BenchmarkReport(
      scores: scores, records: folder.records, mapCount: mapCount, seed: seed)
  }

  /// The estimates of a row that need no network; they are empty where there is no estimator.
  private func reference(
    _ settings: TaskSettings, _ interruption: InterruptionFlag,
    _ progress: @escaping @Sendable (BenchmarkProgress) -> Void
  ) throws -> ReferenceEstimates {
    var reference = ReferenceEstimates(parameterCount: settings.parameterNames.count)
    if interruption.isRaised { throw TaskError.interrupted }
    guard let estimator = try settings.estimator(threads: threads) else { return reference }
    let count = optimalMapCount(for: settings)
    let stage = "optimum of \(settings.rowName)"
    progress(BenchmarkProgress(stage: stage, done: 0, total: count))
    try TestMaps(try SkyMapSource(settings, seed: seed), count: count, threads: threads)
      .forEachBlock(
        of: estimator.batchSize, interruption: interruption,
        progress: { progress(BenchmarkProgress(stage: stage, done: $0, total: count)) },
        { maps, truths in
          let (before, blockCount) = (
            reference.mapCount, truths.count / settings.parameterNames.count
          )
          reference.append(
            try estimator.estimates(
              maps, count: blockCount, channels: nil, threads: threads, interruption: interruption,
              progress: { done, total in
                let share = before + blockCount * done / (total + 1)
                progress(BenchmarkProgress(stage: stage, done: share, total: count))
              }))
        })
    return reference
  }

  private func score(
    _ entry: ModelFolder.Entry, _ reference: ReferenceEstimates, _ interruption: InterruptionFlag,
    _ progress: (BenchmarkProgress) -> Void
  ) throws -> ModelScore {
    let (model, settings) = (entry.model, entry.settings)
    let names = settings.parameterNames
    let source = try SkyMapSource(settings, channels: model.network.inputChannels, seed: seed)
    var predictions = ModelPredictions(parameters: names)
    try TestMaps(source, count: mapCount, threads: threads).forEachBlock(
      interruption: interruption,
      progress: {
        progress(BenchmarkProgress(stage: entry.name, done: $0, total: mapCount))
      },
      { maps, truths in
        predictions.append(
          try model.predict(maps, count: truths.count / names.count, threads: threads),
          truths: truths)
      })
    return ModelScore(
      name: entry.name, settings: settings, architecture: model.network.architecture.rawValue,
      parameterCount: model.network.parameterCount, mapsSeen: model.description.mapsSeen,
      record: entry.record,
      parameters: try names.indices.map { index in
        try ParameterScore(
          parameter: names[index], prior: settings.priorRange, truths: predictions.truths[index],
          predictions: predictions.values[index], errorBars: predictions.standardErrors[index],
          optimal: reference.optimal[index],
          maximumLikelihood: reference.maximumLikelihood[index])
      },
      warningCount: predictions.warningCount)
  }
}

extension TaskSettings {
  /// The row in a few words: "t2, f_sky 0.1", "t1, noise 5", "t3, published sky".
  var rowName: String { "\(task.rawValue), \(skyName)" }

  /// What is special about the sky; "noise 0" or "full sky" if there is nothing special.
  package var skyName: String {
    var parts: [String] = []
    if !task.isPolarisation {
      parts.append("noise \(NumberText.short(noise))")
    } else {
      parts.append(mask == nil ? "full sky" : "f_sky \(NumberText.short(skyFraction))")
      if noise > 0 { parts.append("noise \(NumberText.short(noise))") }
    }
    if isPublishedSky { parts.append("published protocol") }
    if nside != 16 { parts.append("nside \(nside)") }
    return parts.joined(separator: ", ")
  }
}
