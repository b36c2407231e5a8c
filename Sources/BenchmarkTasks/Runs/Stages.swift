import FileFormats
import Foundation
import FourierTransforms
import LinearAlgebra
import PixelNetworks
import SpectralNetworks
import Training

/// The stages of a run.
struct Stages {
  let start = ContinuousClock.now
  var secondsInLoop = 0.0
  let run: TrainingRun
  let source: SkyMapSource
  let interruption: InterruptionFlag
  let report: @Sendable (TrainingStage) -> Void

  private var recipe: TrainingRecipe { run.recipe }
  private var threads: Int { run.execution.threads }

  /// Stops long computations.
  private var stop: WorkProgress {
    WorkProgress(isStopped: { [interruption] in interruption.isRaised })
  }

  /// Says what a stage takes, if it is much.
  ///
  /// - Throws: `BenchmarkError.notEnoughMemory`.
  func announce(_ work: WorkEstimate) throws {
    try work.requireMemory()
    if let text = work.announcement(threads: threads) { report(.working(text)) }
  }

  /// Announces the making of a network's filters, and reports it if it takes long.
  func makingFilters(_ configuration: IsotropicConfiguration) -> WorkProgress {
    let work = configuration.polarisation?.filterBank?.workEstimate(
      nside: configuration.nside, lmax: configuration.lmax)
    let isLong = work?.isLong(threads: threads) ?? false
    let (interruption, report, threads) = (interruption, report, threads)
    return WorkProgress(
      announce: { work in
        try work.requireMemory()
        if let text = work.announcement(threads: threads) { report(.working(text)) }
      },
      isStopped: { interruption.isRaised },
      update: { done, _ in if isLong { report(.part(name: "filters", hundredths: done)) } })
  }

  /// The source for a stage without checkpoint.
  private func observed(_ name: String, total: Int) -> InterruptibleSource<SkyMapSource> {
    let counter = MapCounter()
    return InterruptibleSource(base: source, interruption: interruption) { [report] maps in
      report(.other(name: name, done: min(counter.add(maps), total), total: total))
    }
  }

  // MARK: - Isotropic

  private func whiten(_ network: inout IsotropicNetwork<Float>) throws {
    guard recipe.whiteningMaps > 0 else { return }
    try network.whiten(
      source: observed("whitening", total: recipe.whiteningMaps),
      purpose: recipe.refitMaps > 0 ? .refit : .training, maps: recipe.whiteningMaps,
      threads: threads, stop: stop)
  }

  /// Whitening and a first readout; without maps to fit it to, the prior's mean.
  func prepare(_ network: inout IsotropicNetwork<Float>) throws {
    try whiten(&network)
    let prior = run.settings.priorRange
    let width = network.configuration.readoutWidth
    // Natural parameters of 0 are the prior.
    let start =
      network.configuration.density == nil ? (prior.lowerBound + prior.upperBound) / 2 : 0
    network.installReadout(
      weights: [Double](repeating: 0, count: network.featureCount * width),
      bias: [Double](repeating: start, count: width))
    guard recipe.firstFitMaps > 0 else { return }
    if let family = network.configuration.density {
      _ = try fitDensity(&network, family, name: "first fit", maps: recipe.firstFitMaps)
      return
    }
    _ = try refitReadout(
      of: &network, source: observed("first fit", total: recipe.firstFitMaps),
      maps: recipe.firstFitMaps, options: ClosedFormOptions(absoluteIterations: 1),
      execution: run.execution, progress: solving("first solution"))
  }

  /// Reports the passes of a closed-form fit over its maps, and stops it.
  private func solving(_ name: String) -> WorkProgress {
    let (interruption, report) = (interruption, report)
    return WorkProgress(
      isStopped: { interruption.isRaised },
      update: { report(.other(name: name, done: $0, total: $1)) })
  }

  private func fitDensity(
    _ network: inout IsotropicNetwork<Float>, _ family: DensityFamily, name: String, maps: Int
  ) throws -> DensityFitReport {
    let options = recipe.densityFit
    return try refitDensity(
      of: &network, family: family, source: observed(name, total: maps), maps: maps,
      options: options, execution: run.execution, stop: stop
    ) { evaluations in
      if interruption.isRaised { throw BenchmarkError.interrupted }
      report(.fit(name: name, evaluations: evaluations, most: options.iterations))
    }.report
  }

  func refit(_ network: inout IsotropicNetwork<Float>) throws -> Refit {
    guard recipe.refitMaps > 0 else { return Refit() }
    try whiten(&network)
    if let family = network.configuration.density {
      return Refit(
        density: try fitDensity(&network, family, name: "readout fit", maps: recipe.refitMaps))
    }
    let reports = try refitReadout(
      of: &network,
      source: observed("readout fit", total: recipe.refitMaps), maps: recipe.refitMaps,
      options: recipe.refit, execution: run.execution,
      progress: solving("solving for \(network.featureCount + 1) coefficients")
    ).reports
    return Refit(closedForm: reports)
  }

  // MARK: - Published

  /// Fits the dense layers to maps of their own, above spectral weights as the file will have them.
  func refit(_ network: inout PublishedNetwork<Float>) throws -> Refit {
    guard recipe.refitMaps > 0 else { return Refit() }
    var stored = ModelNetwork.published(network)
    try stored.load(try ModelFile.stored(stored, precision: run.precision))
    guard case .published(let rounded) = stored else {
      preconditionFailure("loading changed the architecture")
    }
    network = rounded
    let options = recipe.denseFit
    let name = "readout fit"
    return Refit(
      dense: try refitDenseLayers(
        of: &network, source: observed(name, total: recipe.refitMaps), maps: recipe.refitMaps,
        options: options, execution: run.execution, stop: stop
      ) { evaluations in
        if interruption.isRaised { throw BenchmarkError.interrupted }
        report(.fit(name: name, evaluations: evaluations, most: options.iterations))
      })
  }

  // MARK: - Pixels

  /// The scale of the fields, 1/rms of the first training maps' observed pixels; the outputs run
  /// from the prior's mean in units of its deviation. A mask keeps its 0 and 1.
  func standardise(_ network: inout PixelNetwork<Float>) throws {
    let settings = run.settings
    let (fields, channels) = (settings.fieldCount, network.configuration.inputChannels)
    let prior = settings.priorRange
    let maps = recipe.whiteningMaps
    var variance = 0.0
    let scaled = observed("input scale", total: maps)
    for first in stride(from: 0, to: maps, by: 64) {
      let range = first..<min(first + 64, maps)
      let batch = try scaled.batch(maps: range, purpose: .training, threads: threads)
      let variances = pixelVariances(
        batch.maps, count: range.count, channels: channels, fields: fields, mask: settings.mask)
      variance += variances.reduce(0, +) / Double(maps)
    }
    network.standardise(
      inputScales: (0..<channels).map { $0 < fields ? 1 / variance.squareRoot() : 1 },
      offsets: [Double](
        repeating: (prior.lowerBound + prior.upperBound) / 2, count: network.outputCount),
      scales: [Double](
        repeating: (prior.upperBound - prior.lowerBound) / 12.0.squareRoot(),
        count: network.outputCount))
  }

  // MARK: - All networks

  mutating func train<Network: TrainableNetwork>(
    _ network: inout Network, resuming: Bool
  ) throws -> TrainingResult where Network.Scalar == Float {
    let loop = try TrainingLoop<Network, SkyMapSource>(
      configuration: recipe.training, execution: run.execution, source: source)
    let start = ContinuousClock.now
    defer { secondsInLoop = (ContinuousClock.now - start) / .seconds(1) }
    return try loop.run(&network, resuming: resuming, interruption: interruption) { [report] in
      report(.gradient($0))
    }
  }

  func finish(
    _ trained: ModelNetwork, training: TrainingResult, refit: Refit
  ) throws -> TrainingOutcome {
    var network = trained
    try network.load(try ModelFile.stored(trained, precision: run.precision))
    var model = TrainedModel(
      network: network,
      description: ModelDescription(
        settings: run.settings, seed: recipe.training.seed,
        mapsSeen: training.maps
          + recipe.mapsBesideSteps(
            validations: training.validationCurve.count)))
    let calibrated = try calibrate(model)
    model.calibration = calibrated.errors
    model.likeness = calibrated.likeness
    let evaluation = try test(model)
    model.description.result = evaluation.figures

    var record = RunRecord(
      configuration: recipe.training, training: training, threads: threads,
      architecture: [
        "name": network.architecture.rawValue, "configuration": try network.configurationJSON(),
      ],
      parameterCount: network.parameterCount, task: taskLabels)
    record.refit = refit.closedForm
    record.densityFit = refit.density
    record.denseFit = refit.dense
    record.result = evaluation.figures
    // The loop counts its own time, that of earlier sessions included.
    record.seconds += (ContinuousClock.now - start) / .seconds(1) - secondsInLoop
    return .completed(model, record)
  }

  private var taskLabels: [String: String] {
    let settings = run.settings
    let prior = settings.priorRange
    return [
      "task": settings.task.rawValue,
      "protocol": settings.skyProtocol.rawValue,
      "noise": "\(settings.noise)",
      "nside": "\(settings.nside)",
      "mask": settings.mask == nil ? "none" : "f_sky \(settings.skyFraction)",
      "parameters": settings.parameterNames.joined(separator: ","),
      "prior": "uniform in \(prior.lowerBound)...\(prior.upperBound)",
      "maps_total": "\(recipe.totalMaps)",
      "maps_refit": "\(recipe.refitMaps)",
      "maps_calibration": "\(recipe.calibrationMaps)",
      "limits_of_use": (settings.mask == nil ? "full-sky maps" : "maps that observe the mask")
        + " at nside \(settings.nside) with white noise \(settings.noise) per pixel and "
        + "\(settings.parameterNames.joined(separator: ", ")) within the prior",
      "program": ProgramVersion.text,
    ]
  }

  /// The error bars, and what maps look like, from the same maps.
  private func calibrate(
    _ model: TrainedModel
  ) throws -> (errors: [ErrorCalibration], likeness: MapLikeness?) {
    let maps = TestMaps(
      source, split: .calibration, count: recipe.calibrationMaps, threads: threads)
    let n = run.settings.parameterNames.count
    var samples = [[ErrorCalibration.Sample]](repeating: [], count: n)
    var collector = try LikenessCollector(model)
    try maps.forEachBlock(
      interruption: interruption,
      progress: { report(.other(name: "error bars", done: $0, total: maps.count)) },
      { block, truths in
        let count = truths.count / n
        let values = try collector.add(block, count: count, threads: threads)
        let variances = pixelVariances(
          block, count: count, channels: model.network.inputChannels,
          fields: run.settings.fieldCount, mask: run.settings.mask)
        for (element, truth) in truths.enumerated() {
          samples[element % n].append(
            ErrorCalibration.Sample(
              prediction: values[element], truth: truth,
              pixelVariance: variances[element / n]))
        }
      })
    return (try samples.map { try ErrorCalibration($0) }, try collector.likeness())
  }

  private func test(_ model: TrainedModel) throws -> Evaluation {
    let maps = TestMaps(source, count: recipe.testMaps, threads: threads)
    return try Evaluation(
      model, on: maps, estimator: run.estimator, threads: threads,
      interruption: interruption
    ) { report(.other(name: "test", done: $0, total: maps.count)) }
  }
}
