import FileFormats
import Foundation
import SpectralNetworks
import Training

extension SkyNetwork {
  /// HEALPix resolution of the input maps.
  public var nside: Int { configuration.nside }
  /// Largest degree that the network sees, as in `SkyNetworkConfiguration`.
  public var lmax: Int { configuration.lmax }
  /// Fields per map.
  public var inputChannels: Int { configuration.inputChannels }

  /// The name of the architecture.
  public var architectureName: String { Configuration.architectureName }

  /// Which architecture.
  public var architecture: Architecture {
    guard let own = Architecture(rawValue: Configuration.architectureName) else {
      preconditionFailure("the architecture \(Configuration.architectureName) is not registered")
    }
    return own
  }

  /// The sizes as JSON with sorted keys: the metadata entry `configuration`.
  package func configurationJSON() throws -> String { try sortedJSONText(configuration) }

  /// The tensors as a file of the given precision has them.
  ///
  /// - Throws: `TensorError.overflow` if a weight does not fit float16.
  package func tensors(_ precision: ModelFile.Precision = .float32) throws(TensorError)
    -> NamedTensors
  {
    var result = NamedTensors()
    for tensor in stored {
      let data: TensorData
      switch tensor.elements {
      case .integers(let values): data = TensorData(values, shape: tensor.shape)
      case .numbers(let values): data = TensorData(values, shape: tensor.shape)
      }
      let isRounded =
        precision == .float16 && data.dtype == .float32 && tensor.shape.count > 1
        && !Configuration.exactTensors.contains { tensor.name.hasPrefix($0) }
      result[tensor.name] = isRounded ? try data.rounded(to: .float16) : data
    }
    return result
  }

  /// Takes the state from a file's tensors.
  ///
  /// - Throws: `StateDictionaryError`, also for numbers that no network can use; `TensorError`.
  ///   Nothing is changed then.
  mutating func load(_ tensors: NamedTensors) throws {
    try load(
      try tensors.map { name, tensor in
        StoredTensor(
          name: name, shape: tensor.shape,
          tensor.dtype.isFloatingPoint
            ? .numbers(try tensor.floats()) : .integers(try tensor.integers()))
      })
  }

  /// Rounds the state to what a file of this precision holds.
  ///
  /// - Throws: `TensorError.overflow` if a weight does not fit float16.
  package mutating func round(to precision: ModelFile.Precision) throws {
    try load(try tensors(precision))
  }
}
