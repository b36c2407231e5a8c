import FileFormats
import Foundation
import Kernels
import SpectralNetworks

/// One sitting of a run: the state that changes, and the steps that change it.
struct TrainingSession<Network: TrainableNetwork, Source: MapSource>
where Source.Scalar == Network.Scalar {
  typealias Scalar = Network.Scalar

  let configuration: TrainingConfiguration
  let execution: TrainingExecution
  let source: Source
  let plan: BatchPlan
  var state: TrainingState<Scalar>

  private let density: DensityReadout?
  private var gradients: [NamedTensor<Scalar>]
  private let start = ContinuousClock.now
  private var lastCheckpoint = ContinuousClock.now
  private var firstStep = 0
  private var secondsWaitingForMaps = 0.0

  init(loop: TrainingLoop<Network, Source>, network: Network) {
    configuration = loop.configuration
    execution = loop.execution
    source = loop.source
    plan = loop.configuration.plan
    state = TrainingState(
      adam: Adam(options: loop.configuration.adam, parameters: network.parameters))
    if case .plateau(let rule) = loop.configuration.schedule {
      state.position.plateau = PlateauState(rule: rule)
    }
    density = loop.configuration.loss.densityReadout
    gradients = network.parameters.map(\.zeros)
  }

  // MARK: - Checkpoints

  /// Begins a new run: the first checkpoint shows that the place can be written before any work is
  /// done, and nothing that is there is overwritten.
  mutating func start(_ network: Network) throws {
    guard let url = execution.checkpoint else { return }
    guard !FileManager.default.fileExists(atPath: url.path) else {
      throw TrainingError.checkpointExists(path: url.path)
    }
    try writeCheckpoint(of: network)
  }

  /// Goes on from the checkpoint.
  mutating func restore(_ network: inout Network) throws {
    guard let url = execution.checkpoint else {
      throw TrainingError.invalidConfiguration(
        key: "checkpoint", found: "nothing", expected: "a file to resume from")
    }
    let checkpoint = try TrainingCheckpoint(
      contentsOf: url, configuration: configuration,
      network: NetworkState(parameters: network.parameters, buffers: network.buffers),
      outputCount: network.outputCount)
    network.parameters = checkpoint.network.parameters
    network.buffers = checkpoint.network.buffers
    state = checkpoint.state
    firstStep = state.position.step
  }

  mutating func writeCheckpoint(of network: Network) throws {
    guard let url = execution.checkpoint else { return }
    var saved = state
    saved.position.secondsBefore += seconds(since: start)
    let checkpoint = TrainingCheckpoint(
      configuration: configuration,
      network: NetworkState(parameters: network.parameters, buffers: network.buffers),
      state: saved)
    try checkpoint.write(to: url)
    lastCheckpoint = ContinuousClock.now
  }

  // MARK: - Training

  /// Trains until the end of the present epoch or until interrupted.
  mutating func trainEpoch(
    _ network: inout Network, interruption: InterruptionFlag,
    progress: (TrainingProgress) -> Void
  ) throws {
    let steps = plan.steps(ofEpoch: plan.epochsCompleted(after: state.position.step))
    let remaining = state.position.step..<steps.upperBound
    let pipeline = BatchPipeline(
      source: source, ranges: remaining.map(plan.maps(ofStep:)), purpose: .training,
      threads: execution.threads, worksAhead: execution.worksAhead)
    defer { secondsWaitingForMaps += pipeline.secondsWaited }
    while let (range, batch) = try pipeline.next() {
      let (loss, rate) = try trainStep(&network, range: range, batch: batch)
      progress(report(loss: loss, learningRate: rate))
      if interruption.isRaised { return }
      if execution.checkpoint != nil,
        seconds(since: lastCheckpoint) >= execution.checkpointSeconds
      {
        try writeCheckpoint(of: network)
      }
    }
  }

  private mutating func trainStep(
    _ network: inout Network, range: Range<Int>, batch: MapBatch<Scalar>
  ) throws -> (loss: Double, learningRate: Double) {
    try check(batch, range: range, purpose: .training, outputCount: network.outputCount)
    let step = state.position.step
    let rate = learningRate(at: step)
    let (criterion, density) = (configuration.loss, density)
    let loss = network.accumulateGradients(
      batch.maps, count: range.count, step: step, threads: execution.threads, into: &gradients
    ) { outputs in
      criterion.evaluate(outputs: outputs, targets: batch.targets, density: density)
    }
    guard loss.isFinite else { throw diverged(loss) }
    let isFinite = state.adam.update(
      &network.parameters, gradients: &gradients, learningRate: rate, threads: execution.threads)
    guard isFinite else { throw diverged(loss) }
    state.position.step += 1
    record(loss: loss, learningRate: rate)
    return (loss, rate)
  }

  private func learningRate(at step: Int) -> Double {
    state.position.plateau?.rate ?? configuration.schedule.rate(at: step)
  }

  private func diverged(_ loss: Double) -> TrainingError {
    .diverged(
      step: state.position.step, loss: loss, checkpoint: execution.checkpoint?.path)
  }

  private func check(
    _ batch: MapBatch<Scalar>, range: Range<Int>, purpose: MapPurpose, outputCount: Int
  ) throws {
    precondition(
      batch.targets.count == range.count * outputCount
        && batch.maps.count.isMultiple(of: range.count),
      "the source gave \(batch.maps.count) values and \(batch.targets.count) targets for "
        + "\(range.count) maps with \(outputCount) outputs")
    let needsRelative =
      configuration.loss.isRelative
      || (purpose == .validation && configuration.metric == .percentageError)
    if needsRelative, let zero = batch.targets.firstIndex(of: 0) {
      throw TrainingError.zeroTarget(purpose: purpose, map: range.lowerBound + zero / outputCount)
    }
  }

  private mutating func record(loss: Double, learningRate: Double) {
    state.position.pendingLoss += loss
    state.position.pendingSteps += 1
    let step = state.position.step
    guard step.isMultiple(of: configuration.stepsPerRecord) || step == plan.stepCount else {
      return
    }
    state.position.lossCurve.append(
      LossPoint(
        step: step, loss: state.position.pendingLoss / Double(state.position.pendingSteps),
        learningRate: learningRate))
    state.position.pendingLoss = 0
    state.position.pendingSteps = 0
  }

  private func report(loss: Double, learningRate: Double) -> TrainingProgress {
    let step = state.position.step
    let maps = plan.mapsSeen(after: step)
    let rate = Double(maps - plan.mapsSeen(after: firstStep)) / seconds(since: start)
    return TrainingProgress(
      step: step, stepCount: plan.stepCount, maps: maps, mapCount: plan.maps,
      epoch: (step - 1) / plan.stepsPerEpoch, epochCount: plan.epochCount, loss: loss,
      learningRate: learningRate, mapsPerSecond: rate,
      secondsLeft: Double(plan.maps - maps) / rate,
      validation: state.position.validationCurve.last)
  }

  // MARK: - Validation

  /// Whether the configured number of epochs went by without improvement.
  var shouldStop: Bool {
    configuration.earlyStoppingPatience.map(state.position.stopping.shouldStop(patience:))
      ?? false
  }

  /// Validates the epoch just completed; returns false, with nothing changed, when interrupted.
  mutating func validate(_ network: Network, interruption: InterruptionFlag) throws -> Bool {
    let epoch = state.position.epochsValidated
    guard configuration.validationMaps > 0 else {
      state.position.epochsValidated += 1
      return true
    }
    guard let point = try measure(network, epoch: epoch, interruption: interruption) else {
      return false
    }
    let value =
      configuration.metric == .loss
      ? point.loss : point.percentageError?.mean.reduce(0, +) ?? .nan
    guard value.isFinite, point.loss.isFinite else { throw diverged(point.loss) }
    state.position.validationCurve.append(point)
    if case .plateau(let rule) = configuration.schedule {
      state.position.plateau?.update(value, rule: rule)
    }
    if state.position.stopping.update(value, epoch: epoch), configuration.keepsBest {
      state.best = NetworkState(parameters: network.parameters, buffers: network.buffers)
    }
    state.position.epochsValidated += 1
    return true
  }

  private mutating func measure(
    _ network: Network, epoch: Int, interruption: InterruptionFlag
  ) throws -> ValidationPoint? {
    let all = configuration.validationMaps(ofEpoch: epoch)
    let ranges = stride(from: all.lowerBound, to: all.upperBound, by: configuration.batch).map {
      $0..<min($0 + configuration.batch, all.upperBound)
    }
    let pipeline = BatchPipeline(
      source: source, ranges: ranges, purpose: .validation, threads: execution.threads,
      worksAhead: execution.worksAhead)
    defer { secondsWaitingForMaps += pipeline.secondsWaited }
    var lossSum = 0.0
    var percentage: PercentageError? = PercentageError(outputCount: network.outputCount)
    while let (range, batch) = try pipeline.next() {
      try check(batch, range: range, purpose: .validation, outputCount: network.outputCount)
      let outputs = network.predict(batch.maps, count: range.count, threads: execution.threads)
      let loss = configuration.loss.evaluate(outputs: outputs, targets: batch.targets).value
      lossSum += loss * Double(range.count)
      if batch.targets.contains(0) { percentage = nil }
      percentage?.add(outputs: outputs, targets: batch.targets)
      if interruption.isRaised { return nil }
    }
    let step = state.position.step
    return ValidationPoint(
      epoch: epoch, step: step, maps: plan.mapsSeen(after: step),
      loss: lossSum / Double(all.count), percentageError: percentage,
      learningRate: learningRate(at: step - 1))
  }

  // MARK: - Result

  func result(ending: TrainingEnding) -> TrainingResult {
    let position = state.position
    return TrainingResult(
      ending: ending, steps: position.step, maps: plan.mapsSeen(after: position.step),
      lossCurve: position.lossCurve, validationCurve: position.validationCurve,
      bestEpoch: position.stopping.bestEpoch, bestMetric: position.stopping.best,
      seconds: position.secondsBefore + seconds(since: start),
      secondsWaitingForMaps: secondsWaitingForMaps)
  }
}
