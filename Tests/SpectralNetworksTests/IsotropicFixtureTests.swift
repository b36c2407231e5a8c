import FileFormats
import Foundation
import FourierTransforms
import HarmonicTransforms
import Testing
import Verification

@testable import SpectralNetworks

/// The isotropic network against a restatement in PyTorch that sums every transform directly.
@Suite("Isotropic network against PyTorch")
struct IsotropicFixtureTests {
  static let cases = [
    "isotropic_one_block", "isotropic_two_blocks", "isotropic_two_blocks_fine",
    "isotropic_two_blocks_inference",
  ]

  static func network<T: FourierScalar>(
    _ fixture: NetworkFixture, as type: T.Type
  ) throws -> IsotropicNetwork<T> {
    let lmax = try fixture.integer("lmax")
    let widths = try fixture.text("widths").split(separator: ",").compactMap { Int($0) }
    var network = try IsotropicNetwork<T>(
      IsotropicConfiguration(
        nside: lmax / 2 + 1, lmax: lmax, inputChannels: try fixture.integer("channels"),
        channels: widths, gridRings: try fixture.integer("nlat"), readoutDegree: 1,
        outputCount: try fixture.integer("outputs")), seed: 1)
    for index in network.parameters.indices {
      let name = fixtureName(network.parameters[index].name)
      network.parameters[index].values = try fixture.values("parameter.\(name)").map { T($0) }
    }
    for index in network.buffers.indices where network.buffers[index].name.hasPrefix("batchnorms") {
      let name = "state.\(fixtureName(network.buffers[index].name))"
      guard fixture.file.tensors[name] != nil else { continue }
      network.buffers[index].values = try fixture.values(name).map { T($0) }
    }
    return network
  }

  static func fixtureName(_ name: String) -> String {
    name.replacingOccurrences(of: "batchnorms", with: "batchnorm")
      .replacingOccurrences(of: "blocks.", with: "mixing.")
      .replacingOccurrences(of: ".weights", with: "")
  }

  /// Both sides start from coefficients and do the same arithmetic in another order: the largest
  /// difference is 2e-15, in Float 1.0e-6, where PyTorch itself is 1.3e-6 off. The bounds leave
  /// other orders of summation room, and a wrong formula none.
  /// Blind to: the analysis of maps (LeastSquaresDefinitionTests) and the polynomial readout
  /// (NetworkGradientTests).
  @Test("Outputs, loss and every gradient", arguments: cases)
  func everything(name: String) throws {
    let fixture = try NetworkFixture(name)
    try check(fixture, name, Double.self, bound: 4e-14)
    try check(fixture, name, Float.self, bound: 4e-6)
  }

  private func check<T: FourierScalar>(
    _ fixture: NetworkFixture, _ name: String, _ type: T.Type, bound: Double
  ) throws {
    let network = try Self.network(fixture, as: T.self)
    let shape = fixture.shape("input")
    let (lanes, numbers) = (shape[0] * shape[1], shape[2] * 2)
    let input = try fixture.values("input")
    let coefficients = (0..<numbers).flatMap { i in
      (0..<lanes).map { T(input[$0 * numbers + i]) }
    }
    var gradients = network.parameters.map(\.zeros)
    let result = network.differentiate(
      .coefficients(coefficients), count: shape[0],
      isTraining: try fixture.text("mode") == "training", threads: 2, into: &gradients,
      wantsInputGradient: true, loss: meanSquaredError(try fixture.values("target")))
    func expectClose(_ found: [T], _ tensor: String) throws {
      let comparison = Comparison(found, with: try fixture.values(tensor))
      #expect(comparison.relativeL2 <= bound, "\(name) \(T.precisionName) \(tensor): \(comparison)")
    }
    try expectClose(result.outputs, "output")
    try expectClose([T(result.value)], "loss")
    for gradient in gradients {
      try expectClose(gradient.values, "gradient.\(Self.fixtureName(gradient.name))")
    }
    let dx = result.inputGradient ?? []
    try expectClose(
      (0..<lanes).flatMap { lane in (0..<numbers).map { dx[$0 * lanes + lane] } },
      "gradient.input")
  }

  /// Taking the squares of m > 0 once instead of twice is far outside the bound.
  @Test("Negative control: orders m > 0 counted once")
  func ordersCountedOnce() throws {
    let fixture = try NetworkFixture("isotropic_one_block")
    let network = try Self.network(fixture, as: Double.self)
    let shape = fixture.shape("input")
    let input = try fixture.values("input")
    let lmax = network.configuration.lmax
    var coefficients = CoefficientStack<Double>(lmax: lmax, lanes: shape[0])
    let count = coefficients.values.count / shape[0]
    for lane in 0..<shape[0] {
      for i in 0..<count { coefficients.values[i * shape[0] + lane] = input[lane * count + i] }
    }
    for i in 2 * (lmax + 1) * shape[0]..<coefficients.values.count {
      coefficients.values[i] *= 0.5.squareRoot()
    }
    var gradients = network.parameters.map(\.zeros)
    let result = network.differentiate(
      .coefficients(coefficients.values), count: shape[0], isTraining: true, threads: 1,
      into: &gradients, wantsInputGradient: false,
      loss: meanSquaredError(try fixture.values("target")))
    #expect(relativeError(result.outputs, try fixture.values("output")) > 1e-7)
  }
}
