import ArgumentParser
import BenchmarkTasks
import Foundation

/// `sphere baseline`: maximum likelihood and the optimal estimator on maps.
struct Baseline: SphereCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure maximum likelihood and the exact posterior on maps.",
    discussion: """
      Both see the map's own least-squares coefficients. For maps of a folder, --noise says what \
      noise they have.
      """)

  @OptionGroup var taskOptions: TaskOptions
  @OptionGroup var mapOptions: MapOptions
  @OptionGroup var threadOptions: ThreadOptions

  @Option(help: "What to print: text or json (one object).")
  var format: OutputFormat = .text

  func execute() throws {
    let settings = try taskOptions.settings()
    let maps = try mapOptions.testMaps(settings, threads: threadOptions.threads)
    Interruption.shared.watch()
    let progress = ProgressReporter()
    let baseline = try BaselineEvaluation(
      FullSkyEstimator(settings), on: maps, threads: threadOptions.threads,
      interruption: Interruption.shared.flag
    ) { progress.update("baseline", done: $0, total: maps.count) }
    progress.finish()
    let comparison = baseline.comparison
    switch format {
    case .json:
      let parameter = settings.parameterNames[0]
      var line = JSONLine()
      line.add("task", settings.task.rawValue)
      line.add("protocol", settings.skyProtocol.rawValue)
      line.add("noise", settings.noise)
      line.add("count", comparison.mapCount)
      line.add("estimator", "maximum_likelihood")
      line.add("mean_absolute_percent_error", [(parameter, comparison.predicted.percent)])
      line.add("standard_error", [(parameter, comparison.predicted.standardError)])
      line.add("optimal", [(parameter, comparison.optimal.percent)])
      line.add("optimal_standard_error", [(parameter, comparison.optimal.standardError)])
      line.add("ratio_to_optimal", [(parameter, comparison.ratio)])
      line.add("ratio_standard_error", [(parameter, comparison.ratioStandardError)])
      line.add("boundary_fraction", baseline.boundaryFraction)
      show(line.text)
    case .text:
      show(
        """
        \(settings.task.rawValue) \(settings.skyProtocol.rawValue), noise \(short(settings.noise)), \
        \(comparison.mapCount) maps
        maximum likelihood  \(percent(comparison.predicted))
        optimal             \(percent(comparison.optimal))
        ratio               \(short(comparison.ratio)) +- \(short(comparison.ratioStandardError))
        at the prior's end  \(short(100 * baseline.boundaryFraction)) % of maps
        """)
    }
  }
}
