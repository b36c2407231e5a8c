import FileFormats
import Foundation
import LinearAlgebra
import FourierTransforms
import Kernels
import PixelNetworks
import SpectralNetworks

/// The network of a model, in the precision of its files.
public enum ModelNetwork: Sendable {
  case published(PublishedNetwork<Float>)
  case isotropic(IsotropicNetwork<Float>)
  case pixel(PixelNetwork<Float>)

  /// Which of them.
  public var architecture: Architecture {
    switch self {
    case .published: return .published
    case .isotropic: return .isotropic
    case .pixel: return .pixel
    }
  }

  /// HEALPix resolution of the input maps.
  public var nside: Int {
    switch self {
    case .published(let network): return network.configuration.nside
    case .isotropic(let network): return network.configuration.nside
    case .pixel(let network): return network.configuration.nside
    }
  }

  /// Largest degree that the network sees, inclusive; for a network of pixels, which knows no
  /// degrees, the largest that its maps carry, 3 nside − 1.
  public var lmax: Int {
    switch self {
    case .published(let network): return network.configuration.lmax
    case .isotropic(let network): return network.configuration.lmax
    case .pixel(let network): return 3 * network.configuration.nside - 1
    }
  }

  /// Fields per map.
  public var inputChannels: Int {
    switch self {
    case .published(let network): return network.configuration.inputChannels
    case .isotropic(let network): return network.configuration.inputChannels
    case .pixel(let network): return network.configuration.inputChannels
    }
  }

  public var outputCount: Int {
    switch self {
    case .published(let network): return network.outputCount
    case .isotropic(let network): return network.outputCount
    case .pixel(let network): return network.outputCount
    }
  }

  /// Number of trained parameters; for the published network as its files count them.
  public var parameterCount: Int {
    switch self {
    case .published(let network): return network.parameterCount
    case .isotropic(let network): return network.parameterCount
    case .pixel(let network): return network.parameterCount
    }
  }

  /// The outputs of `count` maps, `[map][output]`; maps are `[pixel][map * channels + channel]`.
  public func predict(_ maps: [Float], count: Int, threads: Int) -> [Float] {
    switch self {
    case .published(let network): return network.predict(maps, count: count, threads: threads)
    case .isotropic(let network): return network.predict(maps, count: count, threads: threads)
    case .pixel(let network): return network.predict(maps, count: count, threads: threads)
    }
  }

  /// The outputs as `predict` gives them, and the powers of the bands that an isotropic network
  /// reads out, `[map][band]`; nil of other networks.
  func predictWithPowers(
    _ maps: [Float], count: Int, threads: Int
  ) -> (outputs: [Float], powers: [Double]?) {
    guard case .isotropic(let network) = self else {
      return (predict(maps, count: count, threads: threads), nil)
    }
    return network.predictWithPowers(maps, count: count, threads: threads)
  }

  /// Bands that an isotropic network reads out; nil of other networks.
  var bandCount: Int? {
    guard case .isotropic(let network) = self else { return nil }
    return network.bandCount
  }

  /// Channels of coefficients of an isotropic network whose bands are apart and follow each other
  /// by degree: T, or E and B, of every filter. Nil where bands mix channels or come after other
  /// blocks.
  var bandChannels: Int? {
    guard case .isotropic(let network) = self, network.bandsFollowDegrees else { return nil }
    return network.configuration.coefficientChannels
  }

  // MARK: - Files

  /// The sizes as JSON with sorted keys: the metadata entry `configuration`.
  func configurationJSON() throws -> String {
    switch self {
    case .published(let network): return try sortedJSON(network.configuration)
    case .isotropic(let network): return try sortedJSON(network.configuration)
    case .pixel(let network): return try sortedJSON(network.configuration)
    }
  }

  /// The whole state as a file has it.
  ///
  /// The published network's tensors have their published names and layout, with the pixel table if
  /// it samples by one, so that PyTorch's `load_state_dict` takes them; the other ones' have their
  /// own.
  public func tensors() -> NamedTensors {
    switch self {
    case .published(let network):
      var tensors = stored(network.publishedState)
      for buffer in network.buffers where buffer.name.hasSuffix("num_batches_tracked") {
        tensors[buffer.name] = TensorData(buffer.values.map { Int64($0) }, shape: [])
      }
      if let table = network.pixelIndices {
        tensors["to_equi.pixel_indices"] = TensorData(table.map(Int64.init))
      }
      return tensors
    case .isotropic(let network):
      return stored(network.parameters + network.buffers)
    case .pixel(let network):
      return stored(network.parameters + network.buffers)
    }
  }

  private func stored(_ tensors: [NamedTensor<Float>]) -> NamedTensors {
    var result = NamedTensors()
    for tensor in tensors { result[tensor.name] = TensorData(tensor.values, shape: tensor.shape) }
    return result
  }

  /// Takes the state from a file's tensors.
  ///
  /// - Throws: `StateDictionaryError`, also for numbers that no network can use; `TensorError`.
  ///   Nothing is changed then.
  mutating func load(_ tensors: NamedTensors) throws {
    switch self {
    case .published(var network):
      var state: [NamedTensor<Float>] = []
      var table: [Int]?
      for (name, tensor) in tensors {
        if name == "to_equi.pixel_indices" {
          table = try tensor.integers().map { Int($0) }
        } else {
          state.append(try usable(tensor, name: name))
        }
      }
      try network.load(publishedState: state, pixelIndices: table)
      self = .published(network)
    case .isotropic(var network):
      try take(tensors, into: &network)
      self = .isotropic(network)
    case .pixel(var network):
      try take(tensors, into: &network)
      self = .pixel(network)
    }
  }

  /// Every parameter and buffer under its own name, and nothing else.
  private func take<Network: TrainableNetwork>(
    _ tensors: NamedTensors, into network: inout Network
  ) throws where Network.Scalar == Float {
    network.parameters = try network.parameters.map { try taken($0, from: tensors) }
    network.buffers = try network.buffers.map { try taken($0, from: tensors) }
    let known = Set((network.parameters + network.buffers).map(\.name))
    if let other = tensors.names.sorted().first(where: { !known.contains($0) }) {
      throw StateDictionaryError.unexpected(tensor: other)
    }
  }

  private func taken(
    _ expected: NamedTensor<Float>, from tensors: NamedTensors
  ) throws -> NamedTensor<Float> {
    guard let tensor = tensors[expected.name] else {
      throw StateDictionaryError.missing(tensor: expected.name)
    }
    guard tensor.shape == expected.shape else {
      throw StateDictionaryError.shape(
        tensor: expected.name, found: tensor.shape, expected: expected.shape)
    }
    return try usable(tensor, name: expected.name)
  }

  /// A tensor of a file as numbers, each of which a network can use.
  private func usable(_ tensor: TensorData, name: String) throws -> NamedTensor<Float> {
    let named = NamedTensor(name: name, shape: tensor.shape, values: try tensor.floats())
    if let fault = named.firstUnusable {
      throw StateDictionaryError.unusable(
        tensor: name, element: fault.index, found: fault.found, expected: fault.expected)
    }
    return named
  }
}

/// JSON with sorted keys: equal values give equal text, and numbers read back to the same bits.
func sortedJSON(_ value: some Encodable) throws -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  return String(decoding: try encoder.encode(value), as: UTF8.self)
}
