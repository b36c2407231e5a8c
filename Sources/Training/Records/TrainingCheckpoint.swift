import FileFormats
import Foundation
import Kernels
import SpectralNetworks

/// A run's complete state in one safetensors file.
///
/// Layout:   tensors `parameter/NAME`, `buffer/NAME`, `adam.first/NAME`, `adam.second/NAME` and, if
///           a best state is kept, `best.parameter/NAME`, `best.buffer/NAME`, all in the precision
///           of the network, bit by bit. Metadata: `format`, as JSON `configuration` and
///           `position`, and the digest of it all (`SafetensorsFile.digestKey`).
/// Writing:  complete or not at all; the checkpoint before stays until the new one is on the disk.
/// Reading:  a changed bit is refused, and so is a position that no run of the configuration has
///           (`TrainingPosition.requireState`). Version 1 had no digest and is refused: one flipped
///           bit would silently lead to another model. A checkpoint lives no longer than its run,
///           which the version that began it can finish.
/// Checked by: CheckpointPropertyTests, CheckpointDamageTests, TrainingErrorTests.
struct TrainingCheckpoint<T: LaneScalar>: Sendable, Equatable {
  var configuration: TrainingConfiguration
  var network: NetworkState<T>
  var state: TrainingState<T>

  /// The value of the metadata entry `format`.
  private static var format: String { "SpectralSphere training checkpoint, version 2" }
  /// What it was before checkpoints carried a digest.
  private static var formatWithoutDigest: String {
    "SpectralSphere training checkpoint, version 1"
  }

  /// Writes the checkpoint.
  ///
  /// - Throws: `FileError`.
  func write(to url: URL) throws {
    var file = SafetensorsFile(carriesDigest: true)
    func add(_ tensors: [NamedTensor<T>], prefix: String) {
      for tensor in tensors {
        file.tensors[prefix + tensor.name] = tensorData(tensor)
      }
    }
    add(network.parameters, prefix: "parameter/")
    add(network.buffers, prefix: "buffer/")
    add(state.adam.firstMoments, prefix: "adam.first/")
    add(state.adam.secondMoments, prefix: "adam.second/")
    if let best = state.best {
      add(best.parameters, prefix: "best.parameter/")
      add(best.buffers, prefix: "best.buffer/")
    }
    file.metadata = [
      "format": Self.format,
      "configuration": try sortedJSONText(configuration),
      "position": try sortedJSONText(state.position),
    ]
    try file.write(to: url)
  }

  /// Reads the checkpoint of a run with this configuration and a network of these shapes and
  /// outputs.
  ///
  /// - Throws: `FileError`, `TrainingError`.
  init(
    contentsOf url: URL, configuration: TrainingConfiguration, network: NetworkState<T>,
    outputCount: Int
  ) throws {
    let path = url.path
    let file = try Self.verifiedFile(url)
    let differences = configurationDifferences(
      checkpoint: try jsonObject(file, "configuration", path: path),
      run: try JSONSerialization.jsonObject(with: sortedJSON(configuration)))
    guard differences.isEmpty else {
      throw TrainingError.configurationDiffers(path: path, differences: differences)
    }
    self.configuration = configuration

    func tensors(_ prefix: String, like expected: [NamedTensor<T>]) throws -> [NamedTensor<T>] {
      try expected.map { try tensor(in: file, prefix: prefix, like: $0, path: path) }
    }
    let position: TrainingPosition = try decode(file, "position", path: path)
    try position.requireState(of: configuration, outputCount: outputCount, path: path)
    self.network = NetworkState(
      parameters: try tensors("parameter/", like: network.parameters),
      buffers: try tensors("buffer/", like: network.buffers))
    var adam = Adam(options: configuration.adam, parameters: network.parameters)
    adam.stepCount = position.step
    adam.firstMoments = try tensors("adam.first/", like: network.parameters)
    adam.secondMoments = try tensors("adam.second/", like: network.parameters)
    state = TrainingState(position: position, adam: adam)
    if configuration.keepsBest, position.stopping.best != nil {
      state.best = NetworkState(
        parameters: try tensors("best.parameter/", like: network.parameters),
        buffers: try tensors("best.buffer/", like: network.buffers))
    }
    try requireNoOtherTensors(file, path: path)
  }

  init(
    configuration: TrainingConfiguration, network: NetworkState<T>, state: TrainingState<T>
  ) {
    self.configuration = configuration
    self.network = network
    self.state = state
  }

  /// The file with its digest verified.
  private static func verifiedFile(_ url: URL) throws -> SafetensorsFile {
    let path = url.path
    let file: SafetensorsFile
    do {
      file = try SafetensorsFile(contentsOf: url)
    } catch let error as SafetensorsError {
      throw TrainingError.damagedCheckpoint(path: path, reason: "\(error.fault)")
    }
    switch file.metadata["format"] {
    case format: break
    case .some(let found) where found == formatWithoutDigest:
      throw TrainingError.outdatedCheckpoint(path: path, found: found)
    case .some(let found):
      throw TrainingError.notACheckpoint(path: path, found: "the format '\(found)'")
    case nil:
      throw TrainingError.notACheckpoint(
        path: path, found: "a safetensors file without the entry 'format'")
    }
    guard file.carriesDigest else {
      throw TrainingError.damagedCheckpoint(
        path: path, reason: "the metadata entry \(SafetensorsFile.digestKey) is missing")
    }
    return file
  }

  /// A tensor the network does not know means another network, even if all of its own are there.
  private func requireNoOtherTensors(_ file: SafetensorsFile, path: String) throws {
    let (parameters, buffers) = (network.parameters.count, network.buffers.count)
    let expected = 3 * parameters + buffers + (state.best == nil ? 0 : parameters + buffers)
    guard file.tensors.count == expected else {
      throw TrainingError.checkpointTensorDiffers(
        path: path, tensor: "count", found: "\(file.tensors.count) tensors",
        expected: "\(expected)")
    }
  }
}
