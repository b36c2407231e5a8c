/// The sizes of an isotropic network.
public struct IsotropicConfiguration: Codable, Sendable, Equatable {
  /// HEALPix resolution of the input maps.
  public var nside: Int
  /// Largest degree, inclusive.
  public var lmax: Int
  /// Fields per map.
  public var inputChannels: Int
  /// Output channels of every block; the last block's are the band powers that are read out.
  public var channels: [Int]
  /// Rings of the grid on which blocks before the last are rectified; lmax + 1 carries lmax exactly,
  /// more of them alias less.
  public var gridRings: Int
  /// What is read out of each power.
  public var powerFunction: PowerFunction
  /// Degree of the polynomial readout, 1...3.
  public var readoutDegree: Int
  /// Number of outputs.
  public var outputCount: Int

  public init(
    nside: Int = 16, lmax: Int = 47, inputChannels: Int = 1, channels: [Int] = [48],
    gridRings: Int? = nil, powerFunction: PowerFunction = .logarithm, readoutDegree: Int = 3,
    outputCount: Int = 1
  ) {
    self.nside = nside
    self.lmax = lmax
    self.inputChannels = inputChannels
    self.channels = channels
    self.gridRings = gridRings ?? lmax + 1
    self.powerFunction = powerFunction
    self.readoutDegree = readoutDegree
    self.outputCount = outputCount
  }

  /// The default for test T1: one block with as many bands as there are degrees.
  public static let t1 = IsotropicConfiguration()
}

/// Why a configuration of a network cannot be built.
public enum NetworkConfigurationError: Error, Equatable, CustomStringConvertible {
  case invalid(key: String, found: String, expected: String)

  public var description: String {
    switch self {
    case .invalid(let key, let found, let expected):
      return "the network's \(key) is \(found), expected \(expected)"
    }
  }
}

extension IsotropicConfiguration {
  /// Throws the first value that makes no network.
  public func validate() throws(NetworkConfigurationError) {
    func require(
      _ condition: Bool, _ key: String, _ found: Any, _ expected: String
    ) throws(NetworkConfigurationError) {
      if !condition { throw .invalid(key: key, found: "\(found)", expected: expected) }
    }
    try require(lmax >= 1, "lmax", lmax, "at least 1")
    try require(inputChannels >= 1, "number of input channels", inputChannels, "at least 1")
    try require(
      !channels.isEmpty && channels.allSatisfy { $0 >= 1 }, "list of channels", channels,
      "at least one block with at least one channel each")
    try require(gridRings > lmax, "number of rings", gridRings, "more than lmax = \(lmax)")
    try require((1...3).contains(readoutDegree), "readout degree", readoutDegree, "1, 2 or 3")
    try require(outputCount >= 1, "number of outputs", outputCount, "at least 1")
  }
}
