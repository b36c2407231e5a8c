import ArgumentParser
import FileFormats
import Foundation
import Models
import SkyModels
import Tasks
import TrainingRuns

/// `sphere evaluate` of models of tables of spectra: their posteriors or estimates beside the exact
/// posteriors.
extension Evaluate {
  /// Evaluates and prints.
  func evaluateTable(
    _ model: TrainedModel, _ settings: TaskSettings, _ progress: ProgressReporter
  ) throws {
    guard floor == nil || settings.mask != nil else {
      throw ProgramError.optionWithoutUse(
        options: "--floor", reason: "the model reads the full sky")
    }
    guard at == nil || mapOptions.maps == nil else {
      throw ProgramError.optionWithoutUse(
        options: "--at", reason: "the maps of a folder have their own parameters")
    }
    Interruption.shared.watch()
    let threads = threadOptions.threads
    let fixed = try at.map { try fixedParameters($0, settings.task.parameters) }
    let estimator =
      withoutExact
      ? nil
      : try settings.posteriorEstimator(
        threads: threads, most: TaskSettings.mostEvaluatedPixels, floor: floor)
    let maps = try mapOptions.testMaps(
      settings, channels: model.network.inputChannels, fixed: fixed, threads: threads)
    let done: @Sendable (Int) -> Void = {
      progress.update("evaluating", done: $0, total: maps.count)
    }
    if settings.isPublishedSky, !withoutExact {
      say(
        "there is no exact posterior on the published sky: E and B of a mode are one number times "
          + "known factors, so that the parameters follow exactly")
    }
    let ratios: [(name: String, ratio: Double?, error: Double?)]
    if model.givesPosteriors {
      let evaluation = try PosteriorEvaluation(
        model, on: maps, estimator: estimator, threads: threads,
        interruption: Interruption.shared.flag, progress: done)
      progress.finish()
      show(format == .json ? tableJSON(evaluation, settings) : tableText(evaluation, settings))
      ratios = evaluation.parameters.map { ($0.name, $0.ratio, $0.ratioStandardError) }
    } else {
      let evaluation = try PointEvaluation(
        model, on: maps, estimator: estimator, threads: threads,
        interruption: Interruption.shared.flag, progress: done)
      progress.finish()
      show(format == .json ? pointJSON(evaluation, settings) : pointText(evaluation, settings))
      ratios = evaluation.parameters.map { ($0.name, $0.ratio, $0.ratioStandardError) }
    }
    let leaks = ratios.filter { _, ratio, error in
      guard let ratio, let error else { return false }
      // At one point of the prior a biased estimate may beat the posterior mean.
      return fixed == nil && ratio < 1 - 4 * error
    }
    for own in leaks {
      say(
        "Error: the rms error of \(own.name) is below that of the exact posterior by more than "
          + "four standard errors: maps and likelihood differ, or the input has the truth in it")
    }
    if !leaks.isEmpty { throw ExitCode(Status.failure) }
  }

  private func pointJSON(_ evaluation: PointEvaluation, _ settings: TaskSettings) -> String {
    let own = evaluation.parameters
    func values(_ value: (PointEvaluation.Parameter) -> Double?) -> [(String, Double?)] {
      own.map { ($0.name, value($0)) }
    }
    var line = JSONLine()
    line.add("task", settings.task.rawValue)
    line.add("protocol", settings.skyProtocol.rawValue)
    line.add("nside", settings.nside)
    line.add("lmax", settings.lmax)
    line.add("noise", settings.noise)
    line.add("fsky", settings.skyFraction)
    line.add("count", evaluation.mapCount)
    line.add("rmse", values(\.rmse))
    line.add("mean", values(\.mean))
    line.add("bias", values(\.bias))
    line.add("exact_rmse", values(\.exactRMSE))
    line.add("ratio_to_exact", values(\.ratio))
    line.add("ratio_standard_error", values(\.ratioStandardError))
    line.add("slope", values(\.slope))
    line.add("coordinate_slope", values(\.coordinateSlope))
    line.add("exact_slope", values(\.exactSlope))
    line.add("coverage_68", values { $0.coverage?[0].share })
    line.add("coverage_95", values { $0.coverage?[1].share })
    line.add("maps_with_warnings", evaluation.warningCount)
    line.add("maps_without_estimate", evaluation.refusedCount)
    return line.text
  }

  private func pointText(_ evaluation: PointEvaluation, _ settings: TaskSettings) -> String {
    func number(_ value: Double?) -> String { value.map { NumberText.short($0) } ?? "unknown" }
    var lines = [
      "\(settings.task.rawValue), \(settings.skyProtocol.rawValue) sky, nside \(settings.nside), "
        + "lmax \(settings.lmax), noise \(NumberText.short(settings.noise)), "
        + "\(evaluation.mapCount) maps"
    ]
    for own in evaluation.parameters {
      lines.append(
        "\(own.name)  rms error  \(number(own.rmse)), bias \(number(own.bias)), mean "
          + number(own.mean))
      if let exact = own.exactRMSE {
        lines += [
          "  exact      \(number(exact))   (posterior mean, same maps)",
          "  ratio      \(number(own.ratio)) +- \(number(own.ratioStandardError))",
        ]
      }
      lines.append(
        "  slope      \(number(own.slope)), in the prior's coordinate "
          + number(own.coordinateSlope)
          + (own.exactSlope.map { ", exact \(NumberText.short($0))" } ?? ""))
      if let coverage = own.coverage {
        let shares = coverage.map { NumberText.fixed(100 * $0.share, decimals: 1) + " %" }
        lines.append(
          "  coverage   \(shares.joined(separator: " and "))   (68.3 and 95.5 % expected)")
      }
    }
    lines.append(
      "warnings    \(evaluation.warningCount) maps, \(evaluation.refusedCount) without an estimate")
    return lines.joined(separator: "\n")
  }

  private func tableJSON(_ evaluation: PosteriorEvaluation, _ settings: TaskSettings) -> String {
    let own = evaluation.parameters
    func values(_ value: (PosteriorEvaluation.Parameter) -> Double?) -> [(String, Double?)] {
      own.map { ($0.name, value($0)) }
    }
    var line = JSONLine()
    line.add("task", settings.task.rawValue)
    line.add("nside", settings.nside)
    line.add("lmax", settings.lmax)
    line.add("noise", settings.noise)
    line.add("count", evaluation.mapCount)
    line.add("rmse", values(\.rmse))
    line.add("bias", values(\.bias))
    line.add("exact_rmse", values(\.exactRMSE))
    line.add("ratio_to_exact", values(\.ratio))
    line.add("ratio_standard_error", values(\.ratioStandardError))
    line.add("slope", values(\.slope))
    line.add("exact_slope", values(\.exactSlope))
    line.add("coverage_68", values { $0.coverage[0] })
    line.add("coverage_95", values { $0.coverage[1] })
    line.add("rank_chi_square", values(\.rankChiSquare))
    line.add("region_coverage_68", evaluation.regionCoverage[0])
    line.add("region_coverage_95", evaluation.regionCoverage[1])
    line.add("tarp_chi_square", evaluation.tarpChiSquare)
    line.add("degrees_of_freedom", PosteriorEvaluation.rankFreedom)
    line.add("divergence", evaluation.divergence)
    line.add("divergence_standard_error", evaluation.divergenceStandardError)
    line.add("gain", evaluation.gain)
    line.add("exact_gain", evaluation.exactGain)
    line.add("maps_with_warnings", evaluation.warningCount)
    line.add("maps_without_estimate", evaluation.refusedCount)
    return line.text
  }

  private func tableText(_ evaluation: PosteriorEvaluation, _ settings: TaskSettings) -> String {
    func number(_ value: Double?) -> String { value.map { NumberText.short($0) } ?? "unknown" }
    func shares(_ values: [Double]) -> String {
      values.map { NumberText.fixed(100 * $0, decimals: 1) + " %" }.joined(separator: " and ")
    }
    var lines = [
      "\(settings.task.rawValue), nside \(settings.nside), lmax \(settings.lmax), noise "
        + "\(NumberText.short(settings.noise)), \(evaluation.mapCount) maps"
    ]
    for own in evaluation.parameters {
      lines += [
        "\(own.name)  rms error  \(number(own.rmse)), bias \(number(own.bias))"
      ]
      if let exact = own.exactRMSE {
        lines += [
          "  exact      \(number(exact))   (posterior mean, same maps)",
          "  ratio      \(number(own.ratio)) +- \(number(own.ratioStandardError))",
        ]
      }
      lines += [
        "  slope      \(number(own.slope))"
          + (own.exactSlope.map { ", exact \(NumberText.short($0))" } ?? ""),
        "  coverage   \(shares(own.coverage))   (68.3 and 95.5 % expected)",
        "  ranks      chi-square \(number(own.rankChiSquare))   (19 +- 6.2 expected)",
      ]
    }
    if let divergence = evaluation.divergence {
      lines.append(
        "divergence from the exact posterior  \(number(divergence)) +- "
          + "\(number(evaluation.divergenceStandardError)) nats")
    }
    lines += [
      "regions     \(shares(evaluation.regionCoverage))   (68.3 and 95.5 % expected)",
      "TARP        chi-square \(number(evaluation.tarpChiSquare))   (19 +- 6.2 expected)",
      "information \(number(evaluation.gain)) nats"
        + (evaluation.exactGain.map { ", exact \(NumberText.short($0))" } ?? ""),
      "warnings    \(evaluation.warningCount) maps, \(evaluation.refusedCount) without an estimate",
    ]
    return lines.joined(separator: "\n")
  }
}
