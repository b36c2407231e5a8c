import Kernels
import SpectralNetworks

/// Trains a network on maps from a source, with validation, checkpoints and a way to stop.
///
/// Method:      per step, one batch forward and backward and one Adam step; after each epoch
///              validation, the plateau rule, early stopping and a checkpoint. The next batch of
///              maps is made while the present one is trained on.
/// Bits:        a function of configuration, network and source. Threads, working ahead,
///              checkpoints and interruptions change none of them.
/// Checked by:  TrainingLoopPropertyTests, CheckpointPropertyTests, TrainingErrorTests.
public struct TrainingLoop<Network: TrainableNetwork, Source: MapSource>: Sendable
where Source.Scalar == Network.Scalar {
  public let configuration: TrainingConfiguration
  public let execution: TrainingExecution
  public let source: Source

  /// A loop that is ready to run.
  ///
  /// - Throws: `TrainingError.invalidConfiguration`.
  public init(
    configuration: TrainingConfiguration, execution: TrainingExecution, source: Source
  ) throws(TrainingError) {
    try configuration.validate()
    guard execution.threads > 0 else {
      throw .invalidConfiguration(
        key: "threads", found: "\(execution.threads)", expected: "at least 1")
    }
    self.configuration = configuration
    self.execution = execution
    self.source = source
  }

  /// Trains the network in place.
  ///
  /// The network ends with the best validated state if the configuration keeps it, else with the
  /// last one; interrupted, it holds the state of the last step.
  ///
  /// - Parameters:
  ///   - network: the initial weights; with `resuming`, only its shapes matter.
  ///   - resuming: whether to go on from the checkpoint, rather than to start a new run.
  ///   - interruption: looked at after every step.
  ///   - progress: called after every step, on this thread.
  /// - Returns: the curves, the ending and the time it took.
  /// - Throws: `TrainingError`, `FileError`, or what the source throws. After an error the network
  ///   is worthless; the checkpoint, if any, is that of an earlier state.
  public func run(
    _ network: inout Network, resuming: Bool = false,
    interruption: InterruptionFlag = InterruptionFlag(),
    progress: (TrainingProgress) -> Void = { _ in }
  ) throws -> TrainingResult {
    var session = TrainingSession(loop: self, network: network)
    if resuming {
      try session.restore(&network)
    } else {
      try session.start(network)
    }
    let plan = configuration.plan
    while true {
      let position = session.state.position
      if position.epochsValidated < plan.epochsCompleted(after: position.step) {
        if try session.validate(network, interruption: interruption) {
          try session.writeCheckpoint(of: network)
        }
      } else if session.shouldStop || position.step == plan.stepCount {
        break
      } else {
        try session.trainEpoch(&network, interruption: interruption, progress: progress)
      }
      if interruption.isRaised {
        try session.writeCheckpoint(of: network)
        return session.result(ending: .interrupted(checkpoint: execution.checkpoint?.path))
      }
    }
    if let best = session.state.best {
      network.parameters = best.parameters
      network.buffers = best.buffers
    }
    return session.result(ending: session.shouldStop ? .stoppedEarly : .completed)
  }
}
