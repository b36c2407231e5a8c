import Testing

@testable import SpectralNetworks

/// Sees: that a value that makes no network is named, with what was found. Blind to: values that
/// make a poor one.
@Suite("Configurations of the published network")
struct PublishedConfigurationTests {
  @Test(
    "Values that make no network",
    arguments: [
      ("number of latitudes", "1"), ("number of input channels", "0"), ("number of blocks", "0"),
      ("dense width", "-1"),
      ("number of shared bands", "0"), ("lmax", "-1"), ("number of shared steps", "-3"),
      ("number of steps with the batch's statistics", "-1"), ("dropout", "1.0"), ("dropout", "nan"),
    ])
  func values(key: String, found: String) throws {
    var c = PublishedConfiguration.t1
    try c.validate()
    switch key {
    case "number of latitudes": c.latitudeCount = 1
    case "number of input channels": c.inputChannels = 0
    case "number of blocks": c.blockCount = 0
    case "dense width": c.denseWidth = -1
    case "number of shared bands": c.sharedBands = 0
    case "lmax": c.lmax = -1
    case "number of shared steps": c.sharedSteps = -3
    case "number of steps with the batch's statistics": c.batchStatisticsSteps = -1
    default: c.dropout = found == "nan" ? .nan : 1
    }
    #expect(throws: NetworkConfigurationError.self) { try PublishedNetwork<Float>(c, seed: 1) }
    let error = #expect(throws: NetworkConfigurationError.self) { try c.validate() }
    let text = error.map { "\($0)" } ?? ""
    #expect(text.hasPrefix("the network's \(key) is \(found), expected "), "\(text)")
  }
}
