import TestSupport
import FileFormats
import Foundation
import SpectralNetworks
import Testing
import Verification

@testable import Training

/// The law of all tests here: a run resumed from a checkpoint that was changed is refused with a
/// typed error, or ends as it would have without the change.
@Suite("Damaged checkpoints")
struct CheckpointDamageTests {
  private static let seed: UInt64 = 0x5eed_c4ec

  /// A plateau rule and early stopping have memories of their own in the position.
  static let configurations: [TrainingConfiguration] = {
    var other = ToyRun.configuration(
      schedule: .plateau(PlateauRule(initialRate: 0.02, patience: 0, threshold: 0.5)))
    other.earlyStoppingPatience = 3
    other.metric = .percentageError
    return [ToyRun.configuration(), other]
  }()

  /// A checkpoint on the disk, and how its run ends.
  private struct Case {
    let folder: ScratchFolder
    let configuration: TrainingConfiguration
    let bytes: Data
    let ending: NetworkState<Double>

    init(_ configuration: TrainingConfiguration, stop: Int = 30) throws {
      folder = try ScratchFolder()
      self.configuration = configuration
      let through = try ToyRun.train(configuration)
      ending = NetworkState(
        parameters: through.network.parameters, buffers: through.network.buffers)
      let url = folder.file("run.safetensors")
      _ = try ToyRun.train(
        configuration, execution: TrainingExecution(threads: 1, checkpoint: url), stopAfter: stop)
      bytes = try Data(contentsOf: url)
    }

    var url: URL { folder.file("run.safetensors") }

    /// Resumes from these bytes; nil if they are refused.
    func resumed(_ bytes: Data) throws -> NetworkState<Double>? {
      try bytes.write(to: url)
      do {
        let run = try ToyRun.train(
          configuration, execution: TrainingExecution(threads: 1, checkpoint: url),
          resuming: true)
        return NetworkState(parameters: run.network.parameters, buffers: run.network.buffers)
      } catch let error as TrainingError {
        #expect("\(error)".hasPrefix(url.path + ": "), "\(error)")
        return nil
      }
    }
  }

  /// One flipped bit, at 200 places of the header and 100 places anywhere.
  /// Control: the unchanged bytes resume to the run's ending; without the digest, flips pass.
  @Test("Flipped bits", arguments: configurations)
  func flippedBits(configuration: TrainingConfiguration) throws {
    let run = try Case(configuration)
    #expect(try run.resumed(run.bytes) == run.ending)
    var numbers = TestNumbers(seed: Self.seed)
    let header = 8 + Int(run.bytes.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    let places = (0..<300).map { k in
      Int.random(in: 0..<(k < 200 ? header : run.bytes.count), using: &numbers)
    }
    var refused = 0
    for place in places {
      var bytes = run.bytes
      bytes[place] ^= 1 << UInt8(Int.random(in: 0..<8, using: &numbers))
      let ending = try run.resumed(bytes)
      if ending == nil { refused += 1 }
      #expect(
        ending == nil || ending == run.ending,
        "seed \(Self.seed) + \(TestNumbers.seedOffset), byte \(place)")
    }
    #expect(refused == places.count)

    var unsealed = try SafetensorsFile(data: run.bytes)
    let name = "parameter/hidden.weight"
    let weights = try unsealed.tensors.tensor(name)
    var changed = weights.bytes
    changed[3] ^= 4
    unsealed.tensors[name] = TensorData(
      dtype: weights.dtype, shape: weights.shape, bytes: changed)
    let ending = try run.resumed(try unsealed.data())
    #expect(ending != nil && ending != run.ending)
  }

  /// Every number of the position, replaced by numbers that trap, overflow or never end when they
  /// are believed, under a digest that is right: refused, or the run comes to its end.
  @Test("Impossible positions", arguments: configurations, [13, 30, 52])
  func impossiblePositions(configuration: TrainingConfiguration, stop: Int) throws {
    let run = try Case(configuration, stop: stop)
    let file = try SafetensorsFile(data: run.bytes)
    let position = try #require(file.metadata["position"])
    func resumed(_ text: String) throws -> NetworkState<Double>? {
      var changed = file
      changed.metadata["position"] = text
      return try run.resumed(try changed.data())
    }
    #expect(try resumed(position) == run.ending)
    let hostile = [
      "-1", "0", "53", "9223372036854775807", "-9223372036854775808", "1e308", "1e999", "null",
    ]
    /// Entries on which no bit of the network depends, and losses whose finite values are believed.
    let free = ["secondsBefore", "pendingLoss", "loss", "mean", "squaredDeviations"]
    let tokens = position.matches(of: /"(\w+)":\[?(-?[0-9.]+(?:[eE][-+]?[0-9]+)?)/)
    #expect(tokens.count >= 8)
    for token in tokens {
      let key = String(token.output.1)
      for value in hostile where value != token.output.2 {
        let text = position.replacingCharacters(
          in: token.output.2.startIndex..<token.output.2.endIndex, with: value)
        let ending = try resumed(text)
        if !free.contains(key) { #expect(ending == nil, "\(key) \(token.output.2): \(value)") }
      }
    }
  }

  /// Parts of the position that are missing, or come from another configuration.
  @Test("Positions of another shape", arguments: configurations)
  func otherShapes(configuration: TrainingConfiguration) throws {
    let run = try Case(configuration)
    let file = try SafetensorsFile(data: run.bytes)
    let other = try Case(
      Self.configurations[configuration == Self.configurations[0] ? 1 : 0])
    var changed = file
    changed.metadata["position"] = try SafetensorsFile(data: other.bytes).metadata["position"]
    #expect(try run.resumed(try changed.data()) == nil)
    let position = try #require(
      JSONSerialization.jsonObject(with: Data(file.metadata["position", default: ""].utf8))
        as? [String: Any])
    for key in position.keys {
      for value in [nil, NSNull(), [Any](), [String: Any](), "text", true] as [Any?] {
        var object = position
        object[key] = value
        let text = try JSONSerialization.data(withJSONObject: object)
        changed.metadata["position"] = String(decoding: text, as: UTF8.self)
        #expect(try run.resumed(try changed.data()) == nil, "\(key)")
      }
    }
  }

  /// Of the message: what is wrong and what to do.
  @Test("What is said")
  func message() throws {
    let run = try Case(ToyRun.configuration())
    var bytes = run.bytes
    bytes[bytes.count - 1] ^= 1
    try bytes.write(to: run.url)
    let error = #expect(throws: TrainingError.self) {
      try ToyRun.train(
        run.configuration, execution: TrainingExecution(threads: 1, checkpoint: run.url),
        resuming: true)
    }
    let text = "\(try #require(error))"
    for word in [run.url.path, "SHA-256", "older copy", "start the run again"] {
      #expect(text.contains(word), "\(text)")
    }
  }
}
