import FileFormats
import Kernels
import SpectralNetworks
import Testing
import Verification

@testable import PixelNetworks

/// The network of pixels against a restatement in PyTorch with healpy's neighbours
/// (Fixtures/generators/pixel_network.py).
@Suite("Network of pixels against PyTorch")
struct PixelNetworkFixtureTests {
  /// A recorded network.
  struct Fixture {
    let file: SafetensorsFile

    init(_ name: String) throws {
      file = try SafetensorsFile(
        data: FixtureStore.data("networks/\(name).safetensors"), name: name)
    }

    func values(_ name: String) throws -> [Double] { try file.tensors.tensor(name).doubles() }

    func integers(_ key: String) throws -> [Int] {
      guard let text = file.metadata[key] else {
        throw FixtureError.missing(name: key, reason: "no such metadata")
      }
      return text.split(separator: ",").compactMap { Int($0) }
    }

    func network<T: LaneScalar>(_ type: T.Type) throws -> PixelNetwork<T> {
      var network = try PixelNetwork<T>(
        PixelConfiguration(
          nside: try integers("nside")[0], inputChannels: try integers("channels")[0],
          channels: try integers("widths"), hidden: try integers("hidden")[0],
          outputCount: try integers("outputs")[0]), seed: 1)
      for i in network.parameters.indices {
        let tensor = try file.tensors.tensor("parameter.\(network.parameters[i].name)")
        #expect(tensor.shape == network.parameters[i].shape, "\(network.parameters[i].name)")
        network.parameters[i].values = try tensor.doubles().map { T($0) }
      }
      for i in network.buffers.indices {
        network.buffers[i].values = try values("state.\(network.buffers[i].name)").map { T($0) }
      }
      return network
    }

    /// `[B, C, pixel]` as lanes `[pixel][b C + c]`.
    func lanes(_ name: String) throws -> [Double] {
      let shape = try file.tensors.tensor(name).shape
      let (lanes, pixels) = (shape[0] * shape[1], shape[2])
      let values = try values(name)
      return (0..<pixels).flatMap { p in (0..<lanes).map { values[$0 * pixels + p] } }
    }
  }

  static let cases = ["pixel_one_block", "pixel_two_blocks"]

  /// Both sides do the same sums in another order, over some hundred terms in each layer. The
  /// largest difference is 2.5e-15, in Float 6.3e-7.
  /// Blind to: dropout and training (PixelNetworkGradientTests).
  @Test("Outputs, loss and every gradient", arguments: cases)
  func everything(name: String) throws {
    let fixture = try Fixture(name)
    try check(fixture, name, Double.self, bound: 4e-14)
    try check(fixture, name, Float.self, bound: 4e-6)
  }

  private func meanSquared<T: LaneScalar>(_ target: [Double]) -> ([T]) -> (Double, [T]) {
    { outputs in
      let n = Double(outputs.count)
      let differences = zip(outputs, target).map { Double($0) - $1 }
      return (differences.reduce(0) { $0 + $1 * $1 } / n, differences.map { T(2 * $0 / n) })
    }
  }

  private func check<T: LaneScalar>(
    _ fixture: Fixture, _ name: String, _ type: T.Type, bound: Double
  ) throws {
    let network = try fixture.network(T.self)
    let count = try fixture.integers("batch")[0]
    let maps = try fixture.lanes("input").map { T($0) }
    var gradients = network.parameters.map(\.zeros)
    let pass = network.differentiate(
      maps, count: count, dropoutStep: nil, threads: 2, into: &gradients,
      wantsInputGradient: true, loss: meanSquared(try fixture.values("target")))
    func expectClose(_ found: [T], _ expected: [Double], _ tensor: String) {
      let comparison = Comparison(found, with: expected)
      #expect(comparison.relativeL2 <= bound, "\(name) \(T.precisionName) \(tensor): \(comparison)")
    }
    expectClose(pass.outputs, try fixture.values("output"), "output")
    expectClose(
      network.predict(maps, count: count, threads: 2), try fixture.values("output"), "prediction")
    expectClose([T(pass.value)], try fixture.values("loss"), "loss")
    for gradient in gradients {
      expectClose(gradient.values, try fixture.values("gradient.\(gradient.name)"), gradient.name)
    }
    expectClose(pass.inputGradient ?? [], try fixture.lanes("gradient.input"), "input")
  }

  /// Weights of the west and the east exchanged; maps in NESTED order taken for RING.
  @Test("Negative controls")
  func negativeControls() throws {
    let fixture = try Fixture("pixel_two_blocks")
    let network = try fixture.network(Double.self)
    let (maps, output) = (try fixture.lanes("input"), try fixture.values("output"))
    var mirrored = network
    for i in 0..<6 {
      mirrored.parameters[0].values.swapAt(2 * 6 + i, 6 * 6 + i)
    }
    #expect(relativeError(mirrored.predict(maps, count: 5, threads: 1), output) > 1e-7)
    let nested = network.ringOrder.flatMap { pixel in maps[10 * Int(pixel)..<10 * Int(pixel) + 10] }
    #expect(relativeError(network.predict(nested, count: 5, threads: 1), output) > 1e-7)
  }
}
