import ArgumentParser
import Baselines
import FileFormats
import Foundation
import LinearAlgebra
import Tasks

/// `sphere limits`: the least error that any estimator can reach.
struct Limits: SphereCommand {
  static let configuration = CommandConfiguration(
    abstract: "Simulate the least possible error.",
    discussion: """
      On the full sky skies are drawn as coefficients with ideal white noise; on a cut sky with \
      f_sky up to 0.2 as maps, whose observed pixels have an exact posterior. No network is asked. \
      The optimal estimate is the median of the exact posterior weighted by one over the \
      parameter. On larger cut skies only the Cramer-Rao bound of the pixels is given, and up to \
      f_sky 0.5 the rest if --count asks for it. With --fiducials also the error of \
      the linear \
      combination of all powers behind a bank of filters that is best at each value of the \
      parameters: what \
      the filters lose.
      """)

  @OptionGroup var taskOptions: TaskOptions
  @OptionGroup var threadOptions: ThreadOptions

  @Option(
    parsing: .unconditional,
    help: """
      Number of skies; default: 10,000, on a cut sky 1,000, and none above f_sky 0.2.
      """)
  var count: Int?

  @Option(parsing: .unconditional, help: "Seed.")
  var seed: UInt64 = 1

  @Option(
    parsing: .unconditional,
    help: """
      Cut sky: standard deviation that is added to Q and U, as a share of the sky's rms; default: \
      \(NumberText.short(PixelFloor.standard)).
      """)
  var floor: Double?

  @Option(
    parsing: .unconditional,
    help: """
      Cut sky: points of the Cramer-Rao bound's mean over the prior, per parameter; default: 3.
      """)
  var points: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Cut sky: values of every parameter that filters assume, with --floor as theirs; adds the "
        + "error of the "
        + "best linear combination of their powers. Minutes at f_sky 0.1, hours at 0.5.",
      valueName: "\(TaskSettings.fiducialCounts)"))
  var fiducials: Int?

  @Option(
    help: ArgumentHelp(
      "Tasks of a table: parameters that all skies have, and where the Cramer-Rao bound is that "
        + "of; default: drawn from the prior, and its middle.", valueName: "name=value,..."))
  var at: String?

  @Option(help: "What to print: text or json (one object).")
  var format: OutputFormat = .text

  func validate() throws {
    try requireRange("--count", count, OptionRange.testMaps, " skies, two for an error bar")
    try requireRange("--points", points, 1...100)
    try requireRange("--floor", floor, PixelFloor.fractions)
    try requireRange("--fiducials", fiducials, TaskSettings.fiducialCounts)
    guard
      taskOptions.sky.isCut
        || (floor == nil && points == nil && fiducials == nil)
    else {
      throw ValidationError("--floor, --points and --fiducials belong to a cut sky")
    }
  }

  func execute() throws {
    let settings = try taskOptions.settings()
    Interruption.shared.watch()
    let progress = ProgressReporter()
    defer { progress.finish() }
    if settings.task.table != nil { return try showTableLimits(settings, progress) }
    guard at == nil else {
      throw ProgramError.optionWithoutUse(
        options: "--at", reason: "it belongs to tasks of a table of spectra")
    }
    let found = try limits(settings, progress)
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

  private func limits(_ settings: TaskSettings, _ progress: ProgressReporter) throws -> Found {
    let (model, threads) = (settings.model(), threadOptions.threads)
    func stage(_ name: String, _ unit: String) -> WorkProgress {
      progress.work(name, unit: unit, threads: threads, showsShort: true)
    }
    guard let mask = settings.mask else {
      if floor != nil || points != nil || fiducials != nil {
        throw ProgramError.optionWithoutUse(
          options: "--floor, --points and --fiducials", reason: "the mask hides nothing")
      }
      return Found(
        limits: try SkyLimits.fullSky(
          model, noise: settings.noise, pixelCount: settings.pixelCount, skies: count ?? 10_000,
          seed: seed, threads: threads, progress: stage("limits", "skies")),
        bounds: try SkyLimits.fullSkyCramerRao(
          model, noise: settings.noise, pixelCount: settings.pixelCount))
    }
    let pixels = mask.observedPixels.count
    if count != nil, pixels > TaskSettings.mostEvaluatedPixels {
      throw ProgramError.optionWithoutUse(
        options: "--count",
        reason: "the mask has \(pixels) pixels, more than "
          + "\(TaskSettings.mostEvaluatedPixels), and no sky is simulated")
    }
    try announce(
      PixelLikelihood.workEstimate(
        pixels: pixels, lmax: model.lmax, parameters: model.parameters.count,
        points: points ?? 3),
      threads: threads)
    let floor = try PixelFloor(fraction: floor ?? PixelFloor.standard)
    let likelihood = try PixelLikelihood(
      model, mask: mask, noise: settings.noise, floor: floor, threads: threads,
      progress: stage("harmonics", "columns").stopOnly)
    var found = Found(
      limits: [],
      bounds: try likelihood.cramerRaoPercentErrors(
        points: points ?? 3, threads: threads, progress: stage("Cramer-Rao bound", "points")))
    if let fiducials {
      found.filterErrors = try FilterInformation(
        likelihood, fiducials: settings.fiducialPoints(perParameter: fiducials), threads: threads,
        progress: stage("filters", "filters")
      ).linearPercentErrors(
        points: points ?? 3, threads: threads, progress: stage("powers of filters", "points"))
    }
    guard settings.hasPixelPosterior || count != nil else { return found }
    try announce(
      CutSkyEstimator.workEstimate(
        pixels: pixels, maps: count ?? 1_000, atOnce: count ?? 1_000,
        parameters: model.parameters.count, threads: threads),
      threads: threads)
    found.limits = try SkyLimits.cutSky(
      model, mask: mask, noise: settings.noise, floor: floor, skies: count ?? 1_000, seed: seed,
      threads: threads, progress: stage("limits", "nodes"))
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
      "\(settings.line), \(found.limits.first?.limit.skyCount ?? 0) skies, mean |error| in percent"
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
      let bound = NumberText.fixed(found.bounds[index], decimals: 4) + " %"
      lines.append("  Cramer-Rao bound    \(bound)   (unbiased estimators only)")
      if let filters = found.filterErrors {
        let count = settings.fiducialPoints(perParameter: fiducials ?? 1).count
        let bound = NumberText.fixed(filters[index], decimals: 4) + " %"
        let name = "linear, \(count) filters".padding(toLength: 20, withPad: " ", startingAt: 0)
        lines.append("  \(name)\(bound)   (best combination at each point)")
      }
    }
    return lines.joined(separator: "\n")
  }
}
