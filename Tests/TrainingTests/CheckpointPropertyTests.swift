import FileFormats
import Foundation
import Kernels
import SpectralNetworks
import TestSupport
import Testing
import Verification

@testable import Training

@Suite("Checkpoints and resumption")
struct CheckpointPropertyTests {
  static let schedules: [LearningRateSchedule] = [
    .constant(rate: 0.02),
    .oneCycle(OneCycle(maximum: 0.05, steps: 52)),
    .plateau(PlateauRule(initialRate: 0.02, patience: 0, threshold: 0.5)),
  ]

  /// Stopped after any of these steps (within an epoch, at its end, right after the first and
  /// before the last) and resumed by a network of other initial weights, a run ends with the same
  /// bits as one that went through: parameters, buffers, both curves.
  @Test("Resumed runs have the same bits", arguments: schedules, [1, 6, 13, 14, 26, 51])
  func resumes(schedule: LearningRateSchedule, stop: Int) throws {
    try check(schedule, stop: stop, as: Double.self)
    try check(schedule, stop: stop, as: Float.self)
  }

  private func check<T: LaneScalar>(
    _ schedule: LearningRateSchedule, stop: Int, as type: T.Type
  ) throws {
    let folder = try ScratchFolder()
    let configuration = ToyRun.configuration(schedule: schedule)
    let through = try ToyRun.train(configuration, as: type)
    let execution = TrainingExecution(
      threads: 1, checkpoint: folder.file("run.safetensors"))
    let first = try ToyRun.train(
      configuration, as: type, execution: execution, stopAfter: stop)
    #expect(first.result.ending == .interrupted(checkpoint: execution.checkpoint?.path))
    #expect(first.result.steps == stop)
    let second = try ToyRun.train(
      configuration, as: type, execution: execution, resuming: true, seed: 99)
    #expect(second.result.ending == .completed)
    #expect(second.network.parameters == through.network.parameters, "stopped at \(stop)")
    #expect(second.network.buffers == through.network.buffers)
    #expect(second.result.lossCurve == through.result.lossCurve)
    #expect(second.result.validationCurve == through.result.validationCurve)
    #expect(second.result.bestEpoch == through.result.bestEpoch)
  }

  /// The state that a resumed run needs is all there: without the moments or the buffers the bits
  /// differ.
  @Test("Negative control", arguments: ["adam.first/", "adam.second/", "buffer/"])
  func rejectsLostState(what: String) throws {
    let folder = try ScratchFolder()
    let configuration = ToyRun.configuration()
    let through = try ToyRun.train(configuration)
    let url = folder.file("run.safetensors")
    let execution = TrainingExecution(threads: 1, checkpoint: url)
    _ = try ToyRun.train(configuration, execution: execution, stopAfter: 30)
    var file = try SafetensorsFile(contentsOf: url)
    for name in file.tensors.names where name.hasPrefix(what) {
      let tensor = try file.tensors.tensor(name)
      file.tensors[name] = TensorData(
        [Double](repeating: 0, count: tensor.count), shape: tensor.shape)
    }
    try file.write(to: url)
    let resumed = try ToyRun.train(configuration, execution: execution, resuming: true)
    #expect(
      resumed.network.parameters != through.network.parameters
        || resumed.network.buffers != through.network.buffers)
  }

  /// What is written is read back to the bit, awkward numbers included.
  @Test("Round trip")
  func roundTrip() throws {
    let folder = try ScratchFolder()
    let url = folder.file("run.safetensors")
    let awkward = [0.1, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 1.0 / 3, 1e22]
    let parameters = [NamedTensor(name: "p", shape: [2, 3], values: awkward)]
    let buffers = [NamedTensor(name: "b", shape: [], values: [7.0])]
    let rate = 1e-3 * 0.1
    var configuration = ToyRun.configuration(schedule: .constant(rate: rate))
    configuration.seed = .max
    configuration.labels["text"] = "a \"quoted\" µ/\\ name"
    var state = TrainingState(adam: Adam(options: configuration.adam, parameters: parameters))
    state.adam.secondMoments[0].values = awkward.reversed()
    state.adam.stepCount = 17
    state.position.step = 17
    state.position.epochsValidated = 1
    state.position.pendingLoss = 0.1 + 0.2
    state.position.pendingSteps = 2
    state.position.lossCurve = [5, 10, 15].map {
      LossPoint(step: $0, loss: Double($0) / 3, learningRate: rate)
    }
    state.position.validationCurve = [
      ValidationPoint(epoch: 0, step: 13, maps: 100, loss: 0.7.nextUp, learningRate: rate)
    ]
    _ = state.position.stopping.update(0.7.nextUp, epoch: 0)
    state.best = NetworkState(parameters: parameters, buffers: buffers)
    let checkpoint = TrainingCheckpoint(
      configuration: configuration,
      network: NetworkState(parameters: parameters, buffers: buffers), state: state)
    try checkpoint.write(to: url)
    let copy = try TrainingCheckpoint(
      contentsOf: url, configuration: configuration,
      network: NetworkState(parameters: parameters.map(\.zeros), buffers: buffers),
      outputCount: 2)
    #expect(copy == checkpoint)
    #expect(copy.network.parameters[0].values[1].sign == .minus)
  }

  /// Resuming a run that has ended gives its result again and changes nothing.
  @Test("A finished run stays finished")
  func finished() throws {
    let folder = try ScratchFolder()
    let execution = TrainingExecution(threads: 1, checkpoint: folder.file("run.safetensors"))
    let configuration = ToyRun.configuration()
    let through = try ToyRun.train(configuration, execution: execution)
    let again = try ToyRun.train(configuration, execution: execution, resuming: true)
    #expect(again.network.parameters == through.network.parameters)
    #expect(again.result.lossCurve == through.result.lossCurve)
    #expect(again.result.ending == .completed)
  }

  /// Checkpoints are due by the clock within an epoch, and at its end whatever the clock says.
  @Test("When checkpoints are written", arguments: [(0.0, 399), (1e9, 399)])
  func timing(interval: Double, poisonedMap: Int) throws {
    let folder = try ScratchFolder()
    let url = folder.file("run.safetensors")
    let execution = TrainingExecution(
      threads: 1, checkpoint: url, checkpointSeconds: interval)
    // The last map of the run ends it; what is left is the last checkpoint before.
    #expect(throws: TrainingError.self) {
      try ToyRun.train(
        ToyRun.configuration(), execution: execution,
        source: ToySource<Double>(poisonedMap: poisonedMap))
    }
    let file = try SafetensorsFile(contentsOf: url)
    let expected = interval == 0 ? "\"step\":51," : "\"step\":39,"
    #expect(file.metadata["position"]?.contains(expected) == true)
  }
}
