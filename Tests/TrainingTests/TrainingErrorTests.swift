import FileFormats
import Foundation
import SpectralNetworks
import TestSupport
import Testing
import Verification

@testable import Training

@Suite("Refusals of the training loop")
struct TrainingErrorTests {
  /// A loss that is not a number stops the run at its step, names the checkpoint, and leaves the
  /// last good one untouched and usable.
  @Test("Divergence: not a number")
  func divergesOnNaN() throws {
    let folder = try ScratchFolder()
    let url = folder.file("run.safetensors")
    let execution = TrainingExecution(threads: 1, checkpoint: url)
    let error = #expect(throws: TrainingError.self) {
      try ToyRun.train(
        ToyRun.configuration(), execution: execution, source: ToySource<Double>(poisonedMap: 250))
    }
    guard case .diverged(let step, let loss, let checkpoint) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    // Map 250 is in the third epoch's batch 240..<248 + 8.
    #expect(step == 2 * 13 + 6 && loss.isNaN && checkpoint == url.path)
    let resumed = try ToyRun.train(
      ToyRun.configuration(), execution: execution, resuming: true)
    let through = try ToyRun.train(ToyRun.configuration())
    #expect(resumed.network.parameters == through.network.parameters)
  }

  /// A rate that is far too large overflows within a few steps and is caught.
  @Test("Divergence: overflow")
  func divergesOnOverflow() throws {
    var configuration = ToyRun.configuration(schedule: .constant(rate: 1e200))
    configuration.loss = .meanSquared
    let error = #expect(throws: TrainingError.self) { try ToyRun.train(configuration) }
    guard case .diverged(_, _, nil) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect("\(try #require(error))".contains("smaller learning rate"))
  }

  /// What is said about the checkpoint of a run that diverged is true whatever has become of the
  /// file: that it is whole is known only when it is read.
  @Test("Divergence: the checkpoint is not called intact")
  func divergenceMessage() {
    let text = TrainingError.diverged(step: 3, loss: .nan, checkpoint: "/a/b").description
    #expect(text.contains("/a/b is from before") && !text.contains("intact"))
  }

  /// A checkpoint of the format without digest is refused by its name, with what to do.
  @Test("Checkpoints without digest")
  func outdated() throws {
    let folder = try ScratchFolder()
    let url = folder.file("run.safetensors")
    let execution = TrainingExecution(threads: 1, checkpoint: url)
    _ = try ToyRun.train(ToyRun.configuration(), execution: execution, stopAfter: 20)
    var file = try SafetensorsFile(contentsOf: url)
    #expect(file.carriesDigest)
    file.carriesDigest = false
    try file.write(to: url)
    let missing = #expect(throws: TrainingError.self) {
      try ToyRun.train(ToyRun.configuration(), execution: execution, resuming: true)
    }
    #expect("\(try #require(missing))".contains("sphere_sha256 is missing"))
    let format = "SpectralSphere training checkpoint, version 1"
    file.metadata["format"] = format
    try file.write(to: url)
    #expect(throws: TrainingError.outdatedCheckpoint(path: url.path, found: format)) {
      try ToyRun.train(ToyRun.configuration(), execution: execution, resuming: true)
    }
  }

  @Test("A target of 0 under a relative loss", arguments: [MapPurpose.training, .validation])
  func zeroTarget(purpose: MapPurpose) throws {
    var configuration = ToyRun.configuration()
    let map = purpose == .training ? 123 : 3
    if purpose == .validation { configuration.loss = .meanSquared }
    configuration.metric = .percentageError
    #expect(throws: TrainingError.zeroTarget(purpose: purpose, map: map)) {
      try ToyRun.train(configuration, source: ToySource<Double>(zeroTargetMap: map))
    }
  }

  @Test("A new run does not overwrite a checkpoint")
  func checkpointExists() throws {
    let folder = try ScratchFolder()
    let url = folder.file("run.safetensors")
    try Data("precious".utf8).write(to: url)
    #expect(throws: TrainingError.checkpointExists(path: url.path)) {
      try ToyRun.train(
        ToyRun.configuration(), execution: TrainingExecution(threads: 1, checkpoint: url))
    }
    #expect(try Data(contentsOf: url) == Data("precious".utf8))
  }

  @Test("A place that cannot be written is found before any work")
  func unwritable() throws {
    let folder = try ScratchFolder()
    let url = folder.file("missing/run.safetensors")
    #expect(throws: FileError.self) {
      try ToyRun.train(
        ToyRun.configuration(), execution: TrainingExecution(threads: 1, checkpoint: url))
    }
  }

  @Test("Resuming without a checkpoint")
  func missing() throws {
    let folder = try ScratchFolder()
    let url = folder.file("run.safetensors")
    #expect(throws: FileError.missing(path: url.path)) {
      try ToyRun.train(
        ToyRun.configuration(), execution: TrainingExecution(threads: 1, checkpoint: url),
        resuming: true)
    }
  }

  /// A checkpoint cut at any of a hundred places is refused.
  @Test("Truncated checkpoints")
  func truncated() throws {
    let folder = try ScratchFolder()
    let url = folder.file("run.safetensors")
    let execution = TrainingExecution(threads: 1, checkpoint: url)
    _ = try ToyRun.train(ToyRun.configuration(), execution: execution, stopAfter: 20)
    let data = try Data(contentsOf: url)
    for k in 0..<100 {
      try data.prefix(data.count * k / 100).write(to: url)
      let error = #expect(throws: TrainingError.self) {
        try ToyRun.train(ToyRun.configuration(), execution: execution, resuming: true)
      }
      guard case .damagedCheckpoint(url.path, _) = error else {
        Issue.record("\(String(describing: error))")
        continue
      }
    }
  }

  @Test("Files of another kind, network or precision")
  func foreign() throws {
    let folder = try ScratchFolder()
    let url = folder.file("run.safetensors")
    let execution = TrainingExecution(threads: 1, checkpoint: url)
    try SafetensorsFile(tensors: ["a": TensorData([1.0])]).write(to: url)
    let error = #expect(throws: TrainingError.self) {
      try ToyRun.train(ToyRun.configuration(), execution: execution, resuming: true)
    }
    guard case .notACheckpoint = error else {
      Issue.record("\(String(describing: error))")
      return
    }

    try FileManager.default.removeItem(at: url)
    _ = try ToyRun.train(ToyRun.configuration(), execution: execution, stopAfter: 20)
    let precision = #expect(throws: TrainingError.self) {
      try ToyRun.train(
        ToyRun.configuration(), as: Float.self, execution: execution, resuming: true)
    }
    #expect(
      precision
        == .checkpointTensorDiffers(
          path: url.path, tensor: "parameter/hidden.weight", found: "F64 of shape [5, 6]",
          expected: "F32 of shape [5, 6]"))

    var file = try SafetensorsFile(contentsOf: url)
    file.tensors["parameter/other"] = TensorData([1.0])
    try file.write(to: url)
    #expect(throws: TrainingError.self) {
      try ToyRun.train(ToyRun.configuration(), execution: execution, resuming: true)
    }
  }

  @Test("Damaged metadata", arguments: ["position", "configuration"])
  func damaged(key: String) throws {
    let folder = try ScratchFolder()
    let url = folder.file("run.safetensors")
    let execution = TrainingExecution(threads: 1, checkpoint: url)
    _ = try ToyRun.train(ToyRun.configuration(), execution: execution, stopAfter: 20)
    var file = try SafetensorsFile(contentsOf: url)
    for text in [nil, "", "{", "{}"] {
      file.metadata[key] = text
      try file.write(to: url)
      #expect(throws: TrainingError.self) {
        try ToyRun.train(ToyRun.configuration(), execution: execution, resuming: true)
      }
    }
  }

  /// Every difference is named with both values; threads and checkpoint intervals may differ.
  @Test("Another configuration")
  func differentConfiguration() throws {
    let folder = try ScratchFolder()
    let url = folder.file("run.safetensors")
    _ = try ToyRun.train(
      ToyRun.configuration(), execution: TrainingExecution(threads: 1, checkpoint: url),
      stopAfter: 20)
    var other = ToyRun.configuration(schedule: .cosine(CosineAnnealing(initial: 0.02, steps: 99)))
    other.batch = 10
    other.labels["task"] = "another"
    other.adam.beta1 = 0.8
    let error = #expect(throws: TrainingError.self) {
      try ToyRun.train(
        other, execution: TrainingExecution(threads: 2, checkpoint: url), resuming: true)
    }
    guard case .configurationDiffers(_, let differences) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(
      differences.map(\.key) == [
        "adam.beta1", "batch", "labels.task", "schedule.final", "schedule.initial",
        "schedule.kind", "schedule.rate", "schedule.steps",
      ])
    #expect(
      differences.contains(ConfigurationDifference(key: "batch", checkpoint: "8", run: "10")))
  }

  @Test("Configurations that make no sense")
  func invalid() {
    func check(_ key: String, _ change: (inout TrainingConfiguration) -> Void) {
      var configuration = ToyRun.configuration()
      change(&configuration)
      let error = #expect(throws: TrainingError.self) { try configuration.validate() }
      guard case .invalidConfiguration(key, _, _) = error else {
        Issue.record("\(key): \(String(describing: error))")
        return
      }
    }
    check("maps") { $0.maps = 0 }
    check("maps") { $0.maps = .max }
    check("batch") { $0.batch = .max }
    check("mapsPerEpoch") { $0.mapsPerEpoch = .max }
    check("validationMaps") { $0.validationMaps = .max }
    check("validationMaps") {
      $0.maps = 1 << 50
      $0.mapsPerEpoch = 1
      $0.validationMaps = 1 << 50
    }
    check("batch") { $0.batch = 0 }
    check("mapsPerEpoch") { $0.mapsPerEpoch = -1 }
    check("validationMaps") { $0.validationMaps = 0 }
    check("validationMaps") {
      ($0.validationMaps, $0.keepsBest) = (0, false)
      $0.schedule = .plateau(PlateauRule())
    }
    check("stepsPerRecord") { $0.stepsPerRecord = 0 }
    check("adam.beta1") { $0.adam.beta1 = 1 }
    check("adam.beta2") { $0.adam.beta2 = .nan }
    check("adam.epsilon") { $0.adam.epsilon = -1 }
    check("loss.delta") { $0.loss = .huber(delta: 0) }
    check("schedule.rate") { $0.schedule = .constant(rate: .infinity) }
    check("schedule.steps") { $0.schedule = .cosine(CosineAnnealing(initial: 1, steps: 51)) }
    check("schedule.warmUpFraction") {
      $0.schedule = .oneCycle(OneCycle(maximum: 1, steps: 60, warmUpFraction: 0.01))
    }
    check("schedule.factor") { $0.schedule = .plateau(PlateauRule(factor: 1)) }
    check("earlyStoppingPatience") { $0.earlyStoppingPatience = 0 }
    #expect(throws: TrainingError.self) {
      try ToyRun.train(ToyRun.configuration(), execution: TrainingExecution(threads: 0))
    }
  }

  /// Whatever the source throws comes out, also from the thread that works ahead.
  @Test("A source that fails")
  func failingSource() throws {
    struct Empty: Error {}
    struct FailingSource: MapSource {
      func batch(
        maps: Range<Int>, purpose: MapPurpose, threads: Int
      ) throws -> MapBatch<Double> {
        if maps.lowerBound >= 24 { throw Empty() }
        return try ToySource<Double>().batch(maps: maps, purpose: purpose, threads: threads)
      }
    }
    for worksAhead in [true, false] {
      var network = ToyNetwork<Double>()
      let loop = try TrainingLoop<ToyNetwork<Double>, FailingSource>(
        configuration: ToyRun.configuration(),
        execution: TrainingExecution(threads: 1, worksAhead: worksAhead), source: FailingSource())
      #expect(throws: Empty.self) { try loop.run(&network) }
    }
  }
}
