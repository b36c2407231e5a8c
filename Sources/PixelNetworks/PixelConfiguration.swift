import Kernels
import LinearAlgebra
import SpectralNetworks
import SphereGrids

/// The sizes of a network of convolutions over neighbouring pixels.
///
/// Every block ends at half the resolution that it began with, so that K blocks lead from nside to
/// nside/2ᴷ. The defaults end with the twelve pixels of nside 1.
public struct PixelConfiguration: SkyNetworkConfiguration {
  /// HEALPix resolution of the input maps, a power of two.
  public var nside: Int
  /// Fields per map; on a cut sky the mask is the last of them.
  public var inputChannels: Int
  /// Output channels of every block.
  public var channels: [Int]
  /// Width of the fully connected hidden layer.
  public var hidden: Int
  /// Number of outputs.
  public var outputCount: Int
  /// Probability of dropout before the last layer, in training.
  public var dropout: Double

  public init(
    nside: Int = 16, inputChannels: Int = 1, channels: [Int] = [32, 32, 32, 32],
    hidden: Int = 128, outputCount: Int = 1, dropout: Double = 0.2
  ) {
    self.nside = nside
    self.inputChannels = inputChannels
    self.channels = channels
    self.hidden = hidden
    self.outputCount = outputCount
    self.dropout = dropout
  }

  /// Channels that enter a block.
  public func channels(into block: Int) -> Int { block == 0 ? inputChannels : channels[block - 1] }

  /// Resolution of the pixels that a block reads; that of the last block's output for its number
  /// plus one.
  public func nside(of block: Int) -> Int { nside >> block }

  /// Values per map that enter the fully connected layers.
  public var denseInputs: Int {
    let last = nside(of: channels.count)
    return 12 * last * last * channels[channels.count - 1]
  }

  /// Number of trained parameters: 9 I O + O of a block, and those of the two fully connected
  /// layers.
  public var parameterCount: Int {
    let blocks = channels.indices.map { 9 * channels(into: $0) * channels[$0] + channels[$0] }
    return blocks.reduce(0, +) + (denseInputs + 1) * hidden + (hidden + 1) * outputCount
  }

  /// The tensors of a network of this configuration.
  ///
  /// Domain: a configuration that `validate` accepts.
  public var tensorShapes: [TensorShape] {
    var shapes: [TensorShape] = []
    for (block, outputs) in channels.enumerated() {
      shapes.append(TensorShape("blocks.\(block).weight", [9, channels(into: block), outputs]))
      shapes.append(TensorShape("blocks.\(block).bias", [outputs]))
    }
    return shapes + [
      TensorShape("fc.0.weight", [hidden, denseInputs]), TensorShape("fc.0.bias", [hidden]),
      TensorShape("fc.3.weight", [outputCount, hidden]), TensorShape("fc.3.bias", [outputCount]),
      TensorShape("input.scale", [inputChannels]), TensorShape("output.offset", [outputCount]),
      TensorShape("output.scale", [outputCount]),
    ]
  }

  public static let architectureName = "pixel"

  /// Largest degree that maps of this resolution carry: the network itself knows no degrees.
  public var lmax: Int { 3 * nside - 1 }

  public func makeNetwork(seed: UInt64, progress: WorkProgress) throws -> PixelNetwork<Float> {
    try PixelNetwork(self, seed: seed)
  }

  /// Bytes of memory that a prediction takes, in order of magnitude: the fields of four maps, nine
  /// times as large before a convolution, and the table of neighbours.
  public var workingBytes: Double {
    let pixels = 12 * Double(nside) * Double(nside)
    return pixels * (36 + 4 * 4 * 2 * Double(inputChannels + (channels.max() ?? 1)))
  }

  /// Throws the first value that makes no network.
  ///
  /// - Throws: `HealpixError.invalidNside`, `.nestedNeedsPowerOfTwo`; `NetworkConfigurationError`.
  public func validate() throws {
    func require(_ condition: Bool, _ key: String, _ found: Any, _ expected: String) throws {
      if !condition {
        throw NetworkConfigurationError.invalid(key: key, found: "\(found)", expected: expected)
      }
    }
    let width = NetworkLimits.width
    guard 1...HealpixGrid.largestNside ~= nside else { throw HealpixError.invalidNside(nside) }
    guard nside & (nside - 1) == 0 else { throw HealpixError.nestedNeedsPowerOfTwo(nside: nside) }
    try require(nside <= NetworkLimits.nside, "nside", nside, "1...\(NetworkLimits.nside)")
    try require(
      (1...width).contains(inputChannels), "number of input channels", inputChannels,
      "1...\(width)")
    let halvings = nside.trailingZeroBitCount
    try require(
      (1...max(halvings, 1)).contains(channels.count) && halvings > 0
        && channels.allSatisfy { (1...width).contains($0) },
      "list of channels", channels.prefix(16),
      "1...\(halvings) blocks, as often as nside \(nside) can be halved, of 1...\(width) channels")
    try require((1...width).contains(hidden), "hidden width", hidden, "1...\(width)")
    try require(
      (1...width).contains(outputCount), "number of outputs", outputCount, "1...\(width)")
    try require((0..<1).contains(dropout), "dropout", dropout, "0 <= dropout < 1")
  }
}
