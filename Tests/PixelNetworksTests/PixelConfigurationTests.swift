import SpectralNetworks
import SphereGrids
import Testing

@testable import PixelNetworks

/// The sizes of the default network, and those that are refused.
@Suite("Sizes of networks of pixels")
struct PixelConfigurationTests {
  /// 320 + 3 · 9,248 of the convolutions, 49,280 and 129 of the dense layers; what is counted is
  /// there.
  @Test("Parameters")
  func parameterCount() throws {
    #expect(PixelConfiguration().parameterCount == 77_473)
    for configuration in [
      .small([4, 3]), .small([2], inputs: 3, outputs: 1), PixelConfiguration(),
    ] {
      let network = try PixelNetwork<Float>(configuration, seed: 0)
      #expect(network.parameters.reduce(0) { $0 + $1.count } == configuration.parameterCount)
      #expect(network.parameterCount == configuration.parameterCount)
    }
  }

  /// Names of tensors are a contract with model files.
  @Test("Names and shapes of tensors")
  func names() throws {
    let network = try PixelNetwork<Float>(.small([4, 3]), seed: 0)
    #expect(
      network.parameters.map { "\($0.name) \($0.shape)" } == [
        "blocks.0.weight [9, 2, 4]", "blocks.0.bias [4]", "blocks.1.weight [9, 4, 3]",
        "blocks.1.bias [3]", "fc.0.weight [7, 36]", "fc.0.bias [7]", "fc.3.weight [2, 7]",
        "fc.3.bias [2]",
      ])
    #expect(
      network.buffers.map { "\($0.name) \($0.shape)" } == [
        "input.scale [2]", "output.offset [2]", "output.scale [2]",
      ])
  }

  @Test("An nside without NESTED numbers, or none at all")
  func nside() {
    var configuration = PixelConfiguration()
    configuration.nside = 12
    #expect(throws: HealpixError.nestedNeedsPowerOfTwo(nside: 12)) {
      try PixelNetwork<Float>(configuration, seed: 0)
    }
    configuration.nside = 0
    #expect(throws: HealpixError.invalidNside(0)) {
      try PixelNetwork<Float>(configuration, seed: 0)
    }
  }

  @Test(
    "Sizes that make no network",
    arguments: [
      ("list of channels", "[32, 32, 32, 32, 32]"), ("list of channels", "[]"),
      ("list of channels", "[0]"), ("number of input channels", "0"), ("hidden width", "0"),
      ("number of outputs", "0"), ("dropout", "1.0"),
    ])
  func sizes(key: String, found: String) throws {
    var c = PixelConfiguration()
    switch key {
    case "list of channels":
      c.channels = found.split(whereSeparator: { "[], ".contains($0) }).compactMap { Int($0) }
    case "number of input channels": c.inputChannels = 0
    case "hidden width": c.hidden = 0
    case "number of outputs": c.outputCount = 0
    default: c.dropout = 1
    }
    do {
      try c.validate()
      Issue.record("\(key) \(found) is accepted")
    } catch let error as NetworkConfigurationError {
      #expect("\(error)".hasPrefix("the network's \(key) is \(found), expected "), "\(error)")
    }
  }

  /// nside 1 cannot be halved.
  @Test("nside 1 has no block")
  func smallest() {
    #expect(throws: NetworkConfigurationError.self) {
      try PixelConfiguration(nside: 1, channels: [4]).validate()
    }
  }
}
