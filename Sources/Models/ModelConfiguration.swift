import FileFormats
import Foundation
import LinearAlgebra
import PixelNetworks
import SpectralNetworks

/// The sizes of a model's network, of any architecture.
///
/// Files:      an object with one entry, the name of the architecture, that holds the sizes as the
///             entry `_0`.
public struct ModelConfiguration: Codable, Sendable, Equatable {
  /// The sizes themselves.
  public var sizes: any SkyNetworkConfiguration

  /// Sizes of any architecture.
  public init(_ sizes: any SkyNetworkConfiguration) { self.sizes = sizes }

  /// Sizes of an isotropic network.
  public static func isotropic(_ sizes: IsotropicConfiguration) -> ModelConfiguration {
    ModelConfiguration(sizes)
  }

  /// Sizes of a published network.
  public static func published(_ sizes: PublishedConfiguration) -> ModelConfiguration {
    ModelConfiguration(sizes)
  }

  /// Sizes of a network of pixels.
  public static func pixel(_ sizes: PixelConfiguration) -> ModelConfiguration {
    ModelConfiguration(sizes)
  }

  /// The sizes in the metadata entry `configuration`, within the limits of `NetworkLimits`.
  ///
  /// - Throws: `DecodingError`, `NetworkConfigurationError`, `HealpixError`.
  init(_ architecture: Architecture, json: String) throws {
    sizes = try architecture.configuration.decoded(Data(json.utf8))
    try sizes.validate()
  }

  /// Which architecture.
  public var architecture: Architecture { sizes.architecture }
  /// HEALPix resolution of the input maps.
  public var nside: Int { sizes.nside }
  /// Largest degree that the network sees, as in `SkyNetworkConfiguration`.
  public var lmax: Int { sizes.lmax }
  /// Fields per map.
  public var inputChannels: Int { sizes.inputChannels }
  /// Number of outputs.
  public var outputCount: Int { sizes.outputCount }

  /// The sizes if they are of this type.
  public func typed<Sizes: SkyNetworkConfiguration>(_ type: Sizes.Type) -> Sizes? {
    sizes as? Sizes
  }

  /// Changes the sizes if they are of this type.
  public mutating func update<Sizes: SkyNetworkConfiguration>(
    _ type: Sizes.Type, _ change: (inout Sizes) -> Void
  ) {
    guard var own = sizes as? Sizes else { return }
    change(&own)
    sizes = own
  }

  // MARK: - Codable

  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }

    static let sizes = Key(stringValue: "_0")
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    guard container.allKeys.count == 1, let key = container.allKeys.first,
      let architecture = Architecture(rawValue: key.stringValue)
    else {
      let found = container.allKeys.map(\.stringValue).joined(separator: ", ")
      throw DecodingError.dataCorrupted(
        DecodingError.Context(
          codingPath: decoder.codingPath,
          debugDescription: "found the entries '\(found)', expected the name of one architecture: "
            + Architecture.knownNames.joined(separator: ", ")))
    }
    let inner = try container.nestedContainer(keyedBy: Key.self, forKey: key)
    sizes = try architecture.configuration.init(from: try inner.superDecoder(forKey: .sizes))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    var inner = container.nestedContainer(
      keyedBy: Key.self, forKey: Key(stringValue: architecture.rawValue))
    try sizes.encode(into: &inner, forKey: .sizes)
  }

  public static func == (a: ModelConfiguration, b: ModelConfiguration) -> Bool {
    a.sizes.isEqual(to: b.sizes)
  }
}

extension SkyNetworkConfiguration {
  /// Which architecture.
  var architecture: Architecture { Architecture(Self.self) }

  /// Whether other sizes are of the same type and equal.
  fileprivate func isEqual(to other: any SkyNetworkConfiguration) -> Bool { other as? Self == self }

  /// The sizes as an element of a container.
  fileprivate func encode<Key: CodingKey>(
    into container: inout KeyedEncodingContainer<Key>, forKey key: Key
  ) throws {
    try container.encode(self, forKey: key)
  }

  /// Sizes from JSON.
  ///
  /// - Throws: `DecodingError`.
  static func decoded(_ data: Data) throws -> Self {
    try JSONDecoder().decode(Self.self, from: data)
  }

  /// The network without its type.
  fileprivate func anyNetwork(
    seed: UInt64, progress: WorkProgress
  ) throws -> any SkyNetwork<Float> {
    try makeNetwork(seed: seed, progress: progress)
  }
}

extension ModelConfiguration {
  /// Whether the network takes the fields of a task, for polarisation with or without the mask
  /// after them, and gives the parameters of a description, in a coordinate of theirs only where
  /// there are priors for it.
  func fits(_ description: ModelDescription) -> Bool {
    let targets = typed(PublishedConfiguration.self)?.targets
    guard targets == nil || description.settings != nil else { return false }
    let channels = description.task.map { $0.fieldCount == 1 ? [1] : [2, 3] } ?? [1, 2, 3]
    return channels.contains(inputChannels) && outputCount == description.parameterNames.count
  }

  /// Compares the tensors of a file, shapes by name, with the sizes.
  ///
  /// - Throws: `StateDictionaryError`.
  func require(_ shapes: [String: [Int]]) throws(StateDictionaryError) {
    try TensorShape.require(shapes, are: sizes.tensorShapes, optional: sizes.optionalTensors)
  }

  /// Refuses a network that this machine has not the memory for.
  ///
  /// - Throws: `ModelError.tooLarge`.
  func requireMemory(file: String) throws(ModelError) {
    let available = Double(ProcessInfo.processInfo.physicalMemory)
    guard sizes.workingBytes <= available else {
      throw .tooLarge(file: file, needed: sizes.workingBytes, available: available)
    }
  }

  /// A network of these sizes with initial weights.
  ///
  /// - Throws: what the network's initialiser and `progress` throw.
  package func network(
    seed: UInt64, progress: WorkProgress = WorkProgress()
  ) throws -> any SkyNetwork<Float> {
    try sizes.anyNetwork(seed: seed, progress: progress)
  }
}
