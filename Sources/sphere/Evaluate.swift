import ArgumentParser
import Baselines
import BenchmarkTasks
import Foundation

/// `sphere evaluate`: a model's mean error beside the optimal one on the same maps.
struct Evaluate: SphereCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure a model's error on maps with known parameters.",
    discussion: """
      The optimal error is that of the exact full-sky posterior of the same maps, and the ratio is \
      paired with it map by map.
      """)

  @Option(help: "The model: .safetensors, or a published .pt.")
  var model: String

  @OptionGroup var mapOptions: MapOptions
  @OptionGroup var threadOptions: ThreadOptions

  @Option(
    parsing: .unconditional,
    help: "Noise per pixel of the maps; default: that of the model, or 0 if it says none.")
  var noise: Double?

  @Option(help: "What to print: text or json (one object).")
  var format: OutputFormat = .text

  func execute() throws {
    let model = try ModelFile.read(URL(fileURLWithPath: model))
    let trained = try model.settings()
    let settings = try TaskSettings(
      task: trained.task, skyProtocol: trained.skyProtocol, nside: trained.nside,
      noise: noise ?? trained.noise)
    let maps = try mapOptions.testMaps(settings, threads: threadOptions.threads)
    Interruption.shared.watch()
    let progress = ProgressReporter()
    let evaluation = try Evaluation(
      model, on: maps, estimator: FullSkyEstimator(settings), threads: threadOptions.threads,
      interruption: Interruption.shared.flag
    ) { progress.update("evaluating", done: $0, total: maps.count) }
    progress.finish()
    show(format == .json ? json(evaluation, settings, model) : text(evaluation, settings, model))
  }

  private func json(
    _ evaluation: Evaluation, _ settings: TaskSettings, _ model: TrainedModel
  ) -> String {
    let parameter = settings.parameterNames[0]
    let comparison = evaluation.comparison
    var line = JSONLine()
    line.add("task", settings.task.rawValue)
    line.add("protocol", settings.skyProtocol.rawValue)
    line.add("architecture", model.network.architecture.rawValue)
    line.add("noise", settings.noise)
    line.add("count", comparison.mapCount)
    line.add("mean_absolute_percent_error", [(parameter, comparison.predicted.percent)])
    line.add("standard_error", [(parameter, comparison.predicted.standardError)])
    line.add("optimal", [(parameter, comparison.optimal.percent)])
    line.add("optimal_standard_error", [(parameter, comparison.optimal.standardError)])
    line.add("ratio_to_optimal", [(parameter, comparison.ratio)])
    line.add("ratio_standard_error", [(parameter, comparison.ratioStandardError)])
    line.add("coverage", [(parameter, evaluation.coverage)])
    line.add("maps_with_warnings", evaluation.warningCount)
    return line.text
  }

  private func text(
    _ evaluation: Evaluation, _ settings: TaskSettings, _ model: TrainedModel
  ) -> String {
    let comparison = evaluation.comparison
    let coverage =
      evaluation.coverage.map { String(format: "%.1f %%", 100 * $0) } ?? "no error bars"
    return """
      \(settings.task.rawValue) \(settings.skyProtocol.rawValue), noise \(short(settings.noise)), \
      \(comparison.mapCount) maps, \(model.network.architecture.rawValue) network
      mean |error|     \(percent(comparison.predicted))
      optimal          \(percent(comparison.optimal))   (exact posterior, same maps)
      ratio            \(short(comparison.ratio)) +- \(short(comparison.ratioStandardError))
      coverage         \(coverage)   (68.3 % expected)
      warnings         \(evaluation.warningCount) maps
      """
  }
}

/// A mean error with its standard error.
func percent(_ error: MeanPercentError) -> String {
  String(format: "%.4f +- %.4f %%", error.percent, error.standardError)
}
