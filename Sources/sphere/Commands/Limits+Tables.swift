import ArgumentParser
import Baselines
import FileFormats
import Foundation
import LinearAlgebra
import Tasks

/// `sphere limits` of tasks of tables of spectra.
extension Limits {
  /// What is printed.
  private struct Found {
    var rmse: [Double]
    var bias: [Double]
    var gain: Double
    var skyCount: Int
    /// Cramér-Rao bounds.
    var bounds: [Double]
  }

  /// The errors of the exact posterior means of simulated pixels.
  private func cutSkyLimit(
    _ settings: TaskSettings, _ fixed: [Double]?, _ place: [Double], _ progress: ProgressReporter
  ) throws -> Found {
    let threads = threadOptions.threads
    guard
      let estimator = try settings.posteriorEstimator(
        threads: threads, most: TaskSettings.mostEvaluatedPixels, floor: floor)
    else {
      throw ProgramError.noEstimator(
        task: settings.task.rawValue, skyProtocol: settings.skyProtocol.rawValue, isCut: true)
    }
    var source = try SkyMapSource(settings, seed: seed)
    source.fixedParameters = fixed
    let maps = TestMaps(source, split: .limit, count: count ?? 1_000, threads: threads)
    let n = place.count
    var (squares, sums, gain) = (place.map { _ in 0.0 }, place.map { _ in 0.0 }, 0.0)
    try maps.forEachBlock(
      of: estimator.batchSize, interruption: Interruption.shared.flag
    ) { block, truths in
      let grids = try estimator.posteriors(
        block, count: truths.count / n, channels: nil, threads: threads,
        interruption: Interruption.shared.flag,
        progress: { progress.update("limits", done: $0, total: $1) })
      for (map, grid) in grids.enumerated() {
        let truth = Array(truths[map * n..<(map + 1) * n])
        for (i, mean) in grid.mean.enumerated() {
          squares[i] += (mean - truth[i]) * (mean - truth[i])
          sums[i] += mean - truth[i]
        }
        gain += grid.logDensity(at: truth)
      }
    }
    let total = Double(maps.count)
    return Found(
      rmse: squares.map { ($0 / total).squareRoot() }, bias: sums.map { $0 / total },
      gain: gain / total, skyCount: maps.count,
      bounds: try estimator.cramerRaoBounds(at: place, threads: threads))
  }

  /// Simulates and prints.
  func showTableLimits(_ settings: TaskSettings, _ progress: ProgressReporter) throws {
    guard points == nil, fiducials == nil else {
      throw ProgramError.optionWithoutUse(
        options: "--points and --fiducials", reason: "they belong to the tasks of the benchmark")
    }
    guard !settings.isPublishedSky else {
      throw ProgramError.noEstimator(
        task: settings.task.rawValue, skyProtocol: settings.skyProtocol.rawValue, isCut: false)
    }
    let parameters = settings.task.parameters
    let threads = threadOptions.threads
    let fixed = try at.map { try fixedParameters($0, parameters) }
    let place = fixed ?? parameters.map { $0.prior.value(at: 0.5) }
    let limit: Found
    if !settings.hasFilters {
      guard JointPosteriorEstimator.isExact(for: settings) else {
        throw ProgramError.correlatedNoise(lmax: settings.lmax, nside: settings.nside)
      }
      let estimator = try JointPosteriorEstimator(settings, threads: threads)
      let skies = try JointLimit(
        estimator.posterior, noise: estimator.noise, skies: count ?? 10_000, seed: seed,
        fixed: fixed, threads: threads,
        progress: progress.work("limits", unit: "skies", threads: threads))
      limit = Found(
        rmse: skies.rmse, bias: skies.bias, gain: skies.gain, skyCount: skies.skyCount,
        bounds: try estimator.cramerRaoBounds(at: place, threads: threads))
    } else {
      limit = try cutSkyLimit(settings, fixed, place, progress)
    }
    progress.finish()
    let errors = limit.bounds
    let names = parameters.map(\.name)
    guard format == .json else {
      let lines = names.indices.map { index in
        "\(names[index])  rms error of the posterior mean \(NumberText.short(limit.rmse[index])), "
          + "bias \(NumberText.short(limit.bias[index]))\n"
          + "  Cramer-Rao bound \(NumberText.short(errors[index])) at "
          + "\(NumberText.short(place[index]))   (unbiased estimators only)"
      }
      let head =
        "\(settings.task.rawValue), nside \(settings.nside), lmax \(settings.lmax), noise "
        + "\(NumberText.short(settings.noise)), \(limit.skyCount) skies"
        + (fixed == nil ? " of the prior" : "")
      show(
        ([head] + lines + ["information \(NumberText.short(limit.gain)) nats"])
          .joined(separator: "\n"))
      return
    }
    var line = JSONLine()
    line.add("task", settings.task.rawValue)
    line.add("nside", settings.nside)
    line.add("lmax", settings.lmax)
    line.add("noise", settings.noise)
    line.add("count", limit.skyCount)
    line.add("at", names.indices.map { (names[$0], fixed?[$0]) })
    line.add("rmse", names.indices.map { (names[$0], limit.rmse[$0]) })
    line.add("bias", names.indices.map { (names[$0], limit.bias[$0]) })
    line.add("cramer_rao", names.indices.map { (names[$0], errors[$0]) })
    line.add("cramer_rao_at", names.indices.map { (names[$0], place[$0]) })
    line.add("gain", limit.gain)
    show(line.text)
  }
}
