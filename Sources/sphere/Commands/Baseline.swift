import ArgumentParser
import Baselines
import FileFormats
import Foundation
import Tasks
import TrainingRuns

/// `sphere baseline`: maximum likelihood and the optimal estimator on maps.
struct Baseline: SphereCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure maximum likelihood and the exact posterior on maps.",
    discussion: """
      On the full sky both see the map's own least-squares coefficients, on a cut sky (f_sky up \
      to 0.5) the observed pixels. For maps of a folder, --noise says what noise they have.
      """)

  @OptionGroup var taskOptions: TaskOptions
  @OptionGroup var mapOptions: MapOptions
  @OptionGroup var threadOptions: ThreadOptions

  @Option(help: "What to print: text or json (one object).")
  var format: OutputFormat = .text

  func execute() throws {
    let settings = try taskOptions.settings()
    try announce(
      settings.testEstimate(maps: mapOptions.count ?? TestMaps.blockLength),
      threads: threadOptions.threads)
    let maps = try mapOptions.testMaps(settings, threads: threadOptions.threads)
    Interruption.shared.watch()
    let progress = ProgressReporter()
    guard
      let estimator = try settings.announcedEstimator(
        maps: mapOptions.count ?? TestMaps.blockLength, floor: nil,
        threads: threadOptions.threads)
    else {
      throw ProgramError.noEstimator(
        task: settings.task.rawValue, skyProtocol: settings.skyProtocol.rawValue,
        isCut: settings.mask != nil)
    }
    let baseline = try evaluation(estimator, maps, progress)
    progress.finish()
    show(format == .json ? json(baseline, settings) : text(baseline, settings))
  }

  private func evaluation(
    _ estimator: some SkyEstimator, _ maps: TestMaps, _ progress: ProgressReporter
  ) throws -> BaselineEvaluation {
    try BaselineEvaluation(
      estimator, on: maps, threads: threadOptions.threads,
      interruption: Interruption.shared.flag
    ) { progress.update("baseline", done: $0, total: maps.count) }
  }

  private func json(_ baseline: BaselineEvaluation, _ settings: TaskSettings) -> String {
    let pairs = Array(zip(settings.parameterNames, baseline.comparisons))
    func values(_ value: (PairedComparison) -> Double) -> [(String, Double?)] {
      pairs.map { ($0.0, value($0.1)) }
    }
    var line = JSONLine()
    line.add("task", settings.task.rawValue)
    line.add("protocol", settings.skyProtocol.rawValue)
    line.add("noise", settings.noise)
    line.add("fsky", settings.skyFraction)
    line.add("count", baseline.comparisons[0].mapCount)
    line.add("estimator", "maximum_likelihood")
    line.add("mean_absolute_percent_error", values { $0.predicted.percent })
    line.add("standard_error", values { $0.predicted.standardError })
    line.add("optimal", values { $0.optimal.percent })
    line.add("optimal_standard_error", values { $0.optimal.standardError })
    line.add("ratio_to_optimal", values(\.ratio))
    line.add("ratio_standard_error", values(\.ratioStandardError))
    if baseline.boundaryFractions.count == 1 {
      line.add("boundary_fraction", baseline.boundaryFractions[0])
    } else {
      line.add(
        "boundary_fraction",
        zip(settings.parameterNames, baseline.boundaryFractions).map { ($0.0, $0.1) })
    }
    return line.text
  }

  private func text(_ baseline: BaselineEvaluation, _ settings: TaskSettings) -> String {
    var lines = [
      "\(settings.line), \(baseline.comparisons[0].mapCount) maps"
    ]
    for (index, comparison) in baseline.comparisons.enumerated() {
      let atEnd = 100 * baseline.boundaryFractions[index]
      lines += [
        "\(settings.parameterNames[index])  maximum likelihood  \(percent(comparison.predicted))",
        "  optimal             \(percent(comparison.optimal))",
        "  ratio               \(ratio(comparison))",
        "  at the prior's end  \(NumberText.short(atEnd)) % of maps",
      ]
    }
    return lines.joined(separator: "\n")
  }
}
