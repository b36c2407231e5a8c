import ArgumentParser
import Baselines
import BenchmarkTasks
import FileFormats
import Foundation

/// `sphere limits`: the least error that any estimator can reach.
struct Limits: SphereCommand {
  static let configuration = CommandConfiguration(
    abstract: "Simulate the least possible error.",
    discussion: """
      On the full sky skies are drawn as coefficients with ideal white noise; on a cut sky with f_sky up \
      to 0.2 as maps, whose observed pixels have an exact posterior. No network is asked. The optimal \
      estimate is the median of the exact posterior weighted by one over the parameter. On larger cut \
      skies only the Cramer-Rao bound of the pixels is given. With --fiducials also the error of the linear \
      combination of all powers behind a bank of filters that is best at each value of the parameters: what \
      the filters lose.
      """)

  @OptionGroup var taskOptions: TaskOptions
  @OptionGroup var threadOptions: ThreadOptions

  @Option(help: "Number of skies; default: 10,000, on a cut sky 1,000.")
  var count: Int?

  @Option(help: "Seed.")
  var seed: UInt64 = 1

  @Option(
    help: """
      Cut sky: standard deviation that is added to Q and U, as a share of the sky's rms; default: 0.0001.
      """)
  var floor: Double?

  @Option(
    help: """
      Cut sky: points of the Cramer-Rao bound's mean over the prior, per parameter; default: 3.
      """)
  var points: Int?

  @Option(
    help: ArgumentHelp(
      "Cut sky: values of every parameter that filters assume, with --floor as theirs; adds the error of the "
        + "best linear combination of their powers. Minutes at f_sky 0.1, hours at 0.5.",
      valueName: "\(TaskSettings.fiducialCounts)"))
  var fiducials: Int?

  @Option(help: "What to print: text or json (one object).")
  var format: OutputFormat = .text

  func validate() throws {
    if let count, count < 2 {
      throw ValidationError("--count is \(count), expected at least 2 skies for an error bar")
    }
    if let points, points < 1 {
      throw ValidationError("--points is \(points), expected at least 1")
    }
    if let floor, !(floor > 0 && floor.isFinite) {
      throw ValidationError("--floor is \(floor), expected a number above 0")
    }
    if let fiducials, !TaskSettings.fiducialCounts.contains(fiducials) {
      throw ValidationError(
        "--fiducials is \(fiducials), expected \(TaskSettings.fiducialCounts)")
    }
    guard
      taskOptions.mask != nil || taskOptions.fsky < 1
        || (floor == nil && points == nil && fiducials == nil)
    else {
      throw ValidationError("--floor, --points and --fiducials belong to a cut sky")
    }
  }

  func execute() throws {
    let settings = try taskOptions.settings()
    Interruption.shared.watch()
    let progress = ProgressReporter()
    let flag = Interruption.shared.flag
    let found: Found
    do {
      found = try limits(
        settings,
        LimitProgress(isStopped: { flag.isRaised }) { done, total in
          progress.update("limits", done: done, total: total)
        })
    } catch BaselineError.interrupted {
      progress.finish()
      throw BenchmarkError.interrupted
    }
    progress.finish()
    show(format == .json ? json(found, settings) : text(found, settings))
  }

  /// What is printed.
  private struct Found {
    var limits: [ParameterLimit]
    var bounds: [Double]
    /// Errors of the best linear combinations of the powers behind filters.
    var filterErrors: [Double]?
  }

  private func limits(_ settings: TaskSettings, _ progress: LimitProgress) throws -> Found {
    let (model, threads) = (settings.model(), threadOptions.threads)
    guard let mask = settings.mask else {
      if floor != nil || points != nil || fiducials != nil {
        throw ProgramError.optionWithoutUse(
          options: "--floor, --points and --fiducials", reason: "the mask hides nothing")
      }
      return Found(
        limits: try SkyLimits.fullSky(
          model, noise: settings.noise, pixelCount: settings.pixelCount, skies: count ?? 10_000,
          seed: seed, threads: threads, progress: progress),
        bounds: try SkyLimits.fullSkyCramerRao(
          model, noise: settings.noise, pixelCount: settings.pixelCount))
    }
    if count != nil, !settings.hasPixelPosterior {
      throw ProgramError.optionWithoutUse(
        options: "--count",
        reason: "the mask has \(mask.observedPixels.count) pixels, more than "
          + "\(TaskSettings.mostPosteriorPixels), and no sky is simulated")
    }
    let floor = try PixelFloor(fraction: floor ?? PixelFloor.standard)
    let likelihood = try PixelLikelihood(
      model, mask: mask, noise: settings.noise, floor: floor, threads: threads)
    var found = Found(
      limits: [],
      bounds: try likelihood.cramerRaoPercentErrors(
        points: points ?? 3, threads: threads, progress: progress))
    if let fiducials {
      found.filterErrors = try FilterInformation(
        likelihood, fiducials: settings.fiducialPoints(perParameter: fiducials), threads: threads,
        progress: progress
      ).linearPercentErrors(points: points ?? 3, threads: threads, progress: progress)
    }
    guard settings.hasPixelPosterior else { return found }
    found.limits = try SkyLimits.cutSky(
      model, mask: mask, noise: settings.noise, floor: floor, skies: count ?? 1_000, seed: seed,
      threads: threads, progress: progress)
    return found
  }

  private func json(_ found: Found, _ settings: TaskSettings) -> String {
    let names = settings.parameterNames
    func values(_ value: (BayesLimit) -> Double) -> [(String, Double?)] {
      names.indices.map { (names[$0], found.limits.isEmpty ? nil : value(found.limits[$0].limit)) }
    }
    var line = JSONLine()
    line.add("task", settings.task.rawValue)
    line.add("protocol", settings.skyProtocol.rawValue)
    line.add("noise", settings.noise)
    line.add("fsky", settings.skyFraction)
    line.add("count", found.limits.first?.limit.skyCount ?? 0)
    line.add("optimal", values { $0.optimal.percent })
    line.add("optimal_standard_error", values { $0.optimal.standardError })
    line.add("posterior_mean", values { $0.posteriorMean.percent })
    line.add("maximum_likelihood", values { $0.maximumLikelihood.percent })
    line.add("cramer_rao", zip(names, found.bounds).map { ($0, $1) })
    if let filters = found.filterErrors {
      line.add("filters", settings.fiducialPoints(perParameter: fiducials ?? 1).count)
      line.add("linear_of_filters", zip(names, filters).map { ($0, $1) })
    }
    if names.count == 1 {
      line.add("boundary_fraction", found.limits.first?.limit.boundaryFraction)
    } else {
      line.add("boundary_fraction", values { $0.boundaryFraction })
    }
    return line.text
  }

  private func text(_ found: Found, _ settings: TaskSettings) -> String {
    var lines = [
      "\(settings.task.rawValue) \(settings.skyProtocol.rawValue), noise \(short(settings.noise)), "
        + "f_sky \(short(settings.skyFraction)), \(found.limits.first?.limit.skyCount ?? 0) skies, "
        + "mean |error| in percent"
    ]
    for (index, name) in settings.parameterNames.enumerated() {
      lines.append(name)
      if !found.limits.isEmpty {
        let limit = found.limits[index].limit
        lines += [
          "  optimal             \(percent(limit.optimal))",
          "  posterior mean      \(percent(limit.posteriorMean))",
          "  maximum likelihood  \(percent(limit.maximumLikelihood))",
        ]
      }
      let bound = String(format: "%.4f %%", found.bounds[index])
      lines.append("  Cramer-Rao bound    \(bound)   (unbiased estimators only)")
      if let filters = found.filterErrors {
        let count = settings.fiducialPoints(perParameter: fiducials ?? 1).count
        let bound = String(format: "%.4f %%", filters[index])
        let name = "linear, \(count) filters".padding(toLength: 20, withPad: " ", startingAt: 0)
        lines.append("  \(name)\(bound)   (best combination at each point)")
      }
    }
    return lines.joined(separator: "\n")
  }
}
