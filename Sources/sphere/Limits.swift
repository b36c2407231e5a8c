import ArgumentParser
import Baselines
import BenchmarkTasks
import Foundation

/// `sphere limits`: the least error that any estimator can reach.
struct Limits: SphereCommand {
  static let configuration = CommandConfiguration(
    abstract: "Simulate the least possible error.",
    discussion: """
      Skies are drawn as coefficients with ideal white noise; no map is made and no network asked. The \
      optimal estimate is the median of the exact posterior weighted by one over the parameter.
      """)

  @OptionGroup var taskOptions: TaskOptions
  @OptionGroup var threadOptions: ThreadOptions

  @Option(help: "Number of skies.")
  var count: Int = 10_000

  @Option(help: "Seed.")
  var seed: UInt64 = 1

  @Option(help: "What to print: text or json (one object).")
  var format: OutputFormat = .text

  func validate() throws {
    guard count >= 2 else {
      throw ValidationError("--count is \(count), expected at least 2 skies for an error bar")
    }
  }

  func execute() throws {
    let settings = try taskOptions.settings()
    let grid = try settings.likelihoodGrid()
    let limit = try BayesLimit.simulate(
      grid, skies: count, seed: seed, threads: threadOptions.threads)
    let bound = grid.likelihood.cramerRaoPercentError
    switch format {
    case .json:
      let parameter = settings.parameterNames[0]
      var line = JSONLine()
      line.add("task", settings.task.rawValue)
      line.add("protocol", settings.skyProtocol.rawValue)
      line.add("noise", settings.noise)
      line.add("count", limit.skyCount)
      line.add("optimal", [(parameter, limit.optimal.percent)])
      line.add("optimal_standard_error", [(parameter, limit.optimal.standardError)])
      line.add("posterior_mean", [(parameter, limit.posteriorMean.percent)])
      line.add("maximum_likelihood", [(parameter, limit.maximumLikelihood.percent)])
      line.add("cramer_rao", [(parameter, bound)])
      line.add("boundary_fraction", limit.boundaryFraction)
      show(line.text)
    case .text:
      show(
        """
        \(settings.task.rawValue) \(settings.skyProtocol.rawValue), noise \(short(settings.noise)), \
        \(limit.skyCount) skies, mean |error| in percent
        optimal             \(percent(limit.optimal))
        posterior mean      \(percent(limit.posteriorMean))
        maximum likelihood  \(percent(limit.maximumLikelihood))
        Cramer-Rao bound    \(String(format: "%.4f %%", bound))   (unbiased estimators only)
        """)
    }
  }
}
