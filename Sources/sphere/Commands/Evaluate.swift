import ArgumentParser
import Baselines
import Benchmark
import FileFormats
import Foundation
import Models
import Tasks
import TrainingRuns

/// `sphere evaluate`: a model's mean error beside the optimal one on the same maps.
struct Evaluate: SphereCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure a model's error on maps with known parameters.",
    discussion: """
      The optimal error is that of the exact posterior of the same maps (of their coefficients on \
      the \
      full sky, of the observed pixels on a cut sky with f_sky up to 0.5), and the ratio is \
      paired with \
      it map by map. Elsewhere, and on the published sky of t2 and t3, it is null.
      Exit code 1: the model is better than possible by more than four paired standard errors, so \
      that its input has the truth in it, or maps and likelihood differ.
      """)

  @OptionGroup var modelOptions: ModelOptions
  @OptionGroup var mapOptions: MapOptions
  @OptionGroup var threadOptions: ThreadOptions

  @Option(
    parsing: .unconditional,
    help: "Noise per pixel of the maps; default: that of the model, or 0 if it says none.")
  var noise: Double?

  @Option(
    parsing: .unconditional,
    help: """
      Cut sky: white noise that the optimum assumes beside the model's, as a fraction of the rms; \
      default: \(NumberText.short(PixelFloor.standard)).
      """)
  var floor: Double?

  @Option(
    help: ArgumentHelp(
      "Tasks of a table: parameters that all simulated maps have, instead of those of the prior.",
      valueName: "name=value,..."))
  var at: String?

  @Flag(help: "Tasks of a table: without the exact posteriors.")
  var withoutExact = false

  @Option(help: "What to print: text or json (one object).")
  var format: OutputFormat = .text

  func validate() throws {
    try requireRange("--noise", noise, 0...TaskSettings.largestNoise)
    try requireRange("--floor", floor, PixelFloor.fractions)
  }

  func execute() throws {
    let progress = ProgressReporter()
    let model = try modelOptions.read(progress)
    let settings = try model.settings(noise: noise)
    if settings.task.table != nil { return try evaluateTable(model, settings, progress) }
    guard at == nil, !withoutExact else {
      throw ProgramError.optionWithoutUse(
        options: "--at and --without-exact", reason: "they belong to tasks of a table of spectra")
    }
    try announce(
      settings.testEstimate(maps: mapOptions.count ?? TestMaps.blockLength),
      threads: threadOptions.threads)
    let estimator = try settings.announcedEstimator(
      maps: mapOptions.count ?? TestMaps.blockLength, floor: floor,
      threads: threadOptions.threads)
    if floor != nil, settings.mask == nil || estimator == nil {
      throw ProgramError.optionWithoutUse(
        options: "--floor",
        reason: settings.mask == nil
          ? "the model reads the full sky" : "this row has no posterior of its pixels")
    }
    let maps = try mapOptions.testMaps(
      settings, channels: model.network.inputChannels, threads: threadOptions.threads)
    let evaluation = try Evaluation(
      model, on: maps, estimator: estimator,
      threads: threadOptions.threads,
      interruption: Interruption.shared.flag
    ) { progress.update("evaluating", done: $0, total: maps.count) }
    progress.finish()
    show(format == .json ? json(evaluation, settings, model) : text(evaluation, settings, model))
    let leaks = evaluation.parameters.compactMap { own in
      own.comparison.flatMap { Leak(model: model.name, parameter: own.parameter, $0) }
    }
    guard leaks.isEmpty else {
      for leak in leaks { say("Error: \(leak)") }
      throw ExitCode(Status.failure)
    }
  }

  private func json(
    _ evaluation: Evaluation, _ settings: TaskSettings, _ model: TrainedModel
  ) -> String {
    let own = evaluation.parameters
    func values(_ value: (ParameterEvaluation) -> Double?) -> [(String, Double?)] {
      own.map { ($0.parameter, value($0)) }
    }
    var line = JSONLine()
    line.add("task", settings.task.rawValue)
    line.add("protocol", settings.skyProtocol.rawValue)
    line.add("architecture", model.network.architecture.rawValue)
    line.add("noise", settings.noise)
    line.add("fsky", settings.skyFraction)
    line.add("count", evaluation.mapCount)
    line.add("mean_absolute_percent_error", values { $0.error.percent })
    line.add("standard_error", values { $0.error.standardError })
    line.add("optimal", values { $0.comparison?.optimal.percent })
    line.add("optimal_standard_error", values { $0.comparison?.optimal.standardError })
    line.add("ratio_to_optimal", values { $0.comparison?.ratio })
    line.add("ratio_standard_error", values { $0.comparison?.ratioStandardError })
    line.add("coverage", values { $0.coverage?.share })
    line.add(
      "coverage_by_prediction",
      own.map { ($0.parameter, $0.coverageByPrediction?.parts.map(\.share)) })
    line.add("maps_with_warnings", evaluation.warningCount)
    line.add("maps_without_estimate", evaluation.refusedCount)
    return line.text
  }

  private func text(
    _ evaluation: Evaluation, _ settings: TaskSettings, _ model: TrainedModel
  ) -> String {
    var lines = [
      "\(settings.line), \(evaluation.mapCount) maps, "
        + "\(model.network.architecture.rawValue) network"
    ]
    for own in evaluation.parameters {
      let coverage = own.coverage.map { share($0) } ?? "no error bars"
      lines.append("\(own.parameter)  mean |error|  \(percent(own.error))")
      if let comparison = own.comparison {
        lines.append("  optimal   \(percent(comparison.optimal))   (exact posterior, same maps)")
        lines.append("  ratio     \(ratio(comparison))")
      }
      lines.append("  coverage  \(coverage)   (68.3 % expected)")
      if let parts = own.coverageByPrediction?.parts {
        lines.append("  coverage by prediction")
        for (name, part) in zip(CoverageByPrediction.names, parts) {
          let name = name.padding(toLength: 14, withPad: " ", startingAt: 0)
          lines.append("    \(name)  \(share(part))")
        }
      }
    }
    lines.append(
      "warnings    \(evaluation.warningCount) maps, \(evaluation.refusedCount) without an estimate")
    return lines.joined(separator: "\n")
  }
}

/// The share of maps within the error bar, with its standard error if the bars are right.
private func share(_ coverage: Coverage) -> String {
  NumberText.fixed(100 * coverage.share, decimals: 1) + " +- "
    + NumberText.fixed(100 * coverage.standardError, decimals: 1) + " %"
}

/// A mean error with its standard error.
func percent(_ error: MeanPercentError) -> String {
  NumberText.fixed(error.percent, standardError: error.standardError, decimals: 4) + " %"
}

/// The paired ratio to the optimal estimates with its standard error.
func ratio(_ comparison: PairedComparison) -> String {
  "\(NumberText.short(comparison.ratio)) +- \(NumberText.short(comparison.ratioStandardError))"
}
