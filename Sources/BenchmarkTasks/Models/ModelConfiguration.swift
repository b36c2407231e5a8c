import FileFormats
import Foundation
import LinearAlgebra
import PixelNetworks
import SpectralNetworks

/// The sizes of a model's network, as its file says them: checked before anything is built of them.
enum ModelConfiguration {
  case published(PublishedConfiguration)
  case isotropic(IsotropicConfiguration)
  case pixel(PixelConfiguration)

  /// The sizes in the metadata entry `configuration`, within the limits of `NetworkLimits`.
  ///
  /// - Throws: `DecodingError`, `NetworkConfigurationError`, `HealpixError`.
  init(_ architecture: Architecture, json: String) throws {
    let data = Data(json.utf8)
    switch architecture {
    case .published:
      let sizes = try JSONDecoder().decode(PublishedConfiguration.self, from: data)
      try sizes.validate()
      self = .published(sizes)
    case .isotropic:
      let sizes = try JSONDecoder().decode(IsotropicConfiguration.self, from: data)
      try sizes.validate()
      self = .isotropic(sizes)
    case .pixel:
      let sizes = try JSONDecoder().decode(PixelConfiguration.self, from: data)
      try sizes.validate()
      self = .pixel(sizes)
    }
  }

  /// HEALPix resolution of the input maps.
  var nside: Int {
    switch self {
    case .published(let sizes): return sizes.nside
    case .isotropic(let sizes): return sizes.nside
    case .pixel(let sizes): return sizes.nside
    }
  }

  /// Largest degree that the network sees, inclusive, as `ModelNetwork.lmax`.
  var lmax: Int {
    switch self {
    case .published(let sizes): return sizes.lmax
    case .isotropic(let sizes): return sizes.lmax
    case .pixel(let sizes): return 3 * sizes.nside - 1
    }
  }

  /// Fields per map.
  var inputChannels: Int {
    switch self {
    case .published(let sizes): return sizes.inputChannels
    case .isotropic(let sizes): return sizes.inputChannels
    case .pixel(let sizes): return sizes.inputChannels
    }
  }

  var outputCount: Int {
    switch self {
    case .published(let sizes): return sizes.outputCount
    case .isotropic(let sizes): return sizes.outputCount
    case .pixel(let sizes): return sizes.outputCount
    }
  }

  /// The observed pixels of the network's filters, in hexadecimal digits; nil without filters.
  var filteredPixels: String? {
    guard case .isotropic(let sizes) = self else { return nil }
    return sizes.polarisation?.filterBank?.observed
  }

  /// Bytes of memory that making the network and a prediction take, in order of magnitude.
  private var workingBytes: Double {
    switch self {
    case .published(let sizes): return sizes.workingBytes
    case .isotropic(let sizes): return sizes.workingBytes
    case .pixel(let sizes): return sizes.workingBytes
    }
  }

  /// Whether the network takes the fields of a task, for polarisation with or without the mask
  /// after them, and gives the parameters of a description.
  func fits(_ description: ModelDescription) -> Bool {
    let channels: [Int]
    switch description.task {
    case .t1?: channels = [1]
    case .t2?, .t3?: channels = [2, 3]
    case nil: channels = [1, 2, 3]
    }
    return channels.contains(inputChannels) && outputCount == description.parameterNames.count
  }

  /// Holds the tensors of a file, shapes by name, against the sizes.
  ///
  /// - Throws: `StateDictionaryError`.
  func require(_ shapes: [String: [Int]]) throws(StateDictionaryError) {
    switch self {
    case .published(let sizes):
      try TensorShape.require(
        shapes, are: sizes.tensorShapes, optional: sizes.optionalTensors)
    case .isotropic(let sizes): try TensorShape.require(shapes, are: sizes.tensorShapes)
    case .pixel(let sizes): try TensorShape.require(shapes, are: sizes.tensorShapes)
    }
  }

  /// Refuses a network that this machine has not the memory for.
  ///
  /// - Throws: `ModelError.tooLarge`.
  func requireMemory(file: String) throws(ModelError) {
    let available = Double(ProcessInfo.processInfo.physicalMemory)
    guard workingBytes <= available else {
      throw .tooLarge(file: file, needed: workingBytes, available: available)
    }
  }

  /// A network of these sizes with initial weights.
  ///
  /// - Throws: what the network's initialiser and `progress` throw.
  func network(
    seed: UInt64, progress: WorkProgress = WorkProgress()
  ) throws -> ModelNetwork {
    switch self {
    case .published(let sizes): return .published(try PublishedNetwork(sizes, seed: seed))
    case .isotropic(let sizes):
      return .isotropic(
        try IsotropicNetwork(sizes, seed: seed, progress: progress))
    case .pixel(let sizes): return .pixel(try PixelNetwork(sizes, seed: seed))
    }
  }
}
