import LinearAlgebra

/// The sizes of a network that reads maps of the sky, as its file says them.
///
/// Numbers in files are accepted within `NetworkLimits` only: `validate` comes first, then shapes
/// and memory, and then the network.
public protocol SkyNetworkConfiguration: Codable, Sendable, Equatable {
  /// The network in the precision of model files.
  associatedtype Network: SkyNetwork<Float>

  /// What the architecture is called in files and on command lines.
  static var architectureName: String { get }

  /// HEALPix resolution of the input maps.
  var nside: Int { get }
  /// Largest degree that the network sees, inclusive; of a network that knows no degrees the
  /// largest that its maps carry, 3 nside − 1.
  var lmax: Int { get }
  /// Fields per map.
  var inputChannels: Int { get }
  /// Number of outputs.
  var outputCount: Int { get }

  /// The tensors of a network of this configuration, as its file has them.
  ///
  /// Domain: a configuration that `validate` accepts.
  var tensorShapes: [TensorShape] { get }
  /// Those of them that a file may lack; by default none.
  var optionalTensors: Set<String> { get }
  /// Beginnings of the names of tensors that files of less precision keep in float32; by default
  /// none.
  static var exactTensors: [String] { get }

  /// Bytes of memory that making the network and a prediction take, in order of magnitude.
  var workingBytes: Double { get }
  /// What making the network takes, where it may be much; by default nil.
  var makingEstimate: WorkEstimate? { get }

  /// The observed pixels of the network's filters, in hexadecimal digits; by default nil, no
  /// filters.
  var filteredPixels: String? { get }

  /// Throws the first value that makes no network.
  func validate() throws

  /// A network with initial weights.
  ///
  /// - Parameters:
  ///   - seed: of the initial weights.
  ///   - progress: told of long work, and stops it.
  /// - Returns: the network.
  /// - Throws: what the network's initialiser and `progress` throw.
  func makeNetwork(seed: UInt64, progress: WorkProgress) throws -> Network
}

extension SkyNetworkConfiguration {
  public var optionalTensors: Set<String> { [] }
  public static var exactTensors: [String] { [] }
  public var makingEstimate: WorkEstimate? { nil }
  public var filteredPixels: String? { nil }
}
