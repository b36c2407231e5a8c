import ArgumentParser
import Baselines
import FileFormats
import Foundation
import LinearAlgebra
import Tasks

/// `sphere limits` of tasks of tables of spectra.
extension Limits {
  /// Simulates and prints.
  func showTableLimits(_ settings: TaskSettings, _ progress: ProgressReporter) throws {
    guard settings.mask == nil else {
      throw TaskError.maskNotSupported(task: settings.task.rawValue)
    }
    let parameters = settings.task.parameters
    let fixed = try at.map { try fixedParameters($0, parameters) }
    let estimator = try JointPosteriorEstimator(settings, threads: threadOptions.threads)
    let limit = try JointLimit(
      estimator.posterior, noise: estimator.noise, skies: count ?? 10_000, seed: seed,
      fixed: fixed, threads: threadOptions.threads,
      progress: progress.work("limits", unit: "skies", threads: threadOptions.threads))
    progress.finish()
    let place = fixed ?? parameters.map { $0.prior.value(at: 0.5) }
    let bounds = try CholeskyFactor(
      estimator.posterior.fisherInformation(at: place, noise: estimator.noise)
    ).inverse()
    let errors = parameters.indices.map { bounds[$0, $0].squareRoot() }
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
