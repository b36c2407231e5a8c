import HarmonicTransforms
import Testing
import Verification

@testable import SpectralNetworks

/// The networks that train against themselves as stages by their definitions.
///
/// Sees: how layers, transforms and their gradients are put together. Blind to: what both share,
/// λ_lm, quadrature rules and the functions of pixels; dropout (NetworkGradientTests).
@Suite("Networks against their definitions")
struct NetworkDefinitionTests {
  static let maps = 3
  /// Some thousand terms behind every number, each gradient relative to the largest of all:
  /// normalisation takes most of some of them away and leaves the rounding of what it took.
  static let bound = 64 * RoundingBound.probable(operations: 4096)

  static let publishedCases: [PublishedConfiguration] = [
    .small(blocks: 1, channels: 1), .small(blocks: 2),
    .small(blocks: 2, channels: 3, inpaints: true),
    .small(blocks: 1).with(.bilinear, .power), .small(blocks: 2, channels: 1).with(.harmonic),
  ]

  static let isotropicCases: [IsotropicConfiguration] = [
    .small([3]), .small([2], power: .squareRoot, degree: 2), .small([3, 4], channels: 1),
    .dense([3]),
  ]

  /// The largest difference over the largest of the expected numbers.
  private func expectClose(
    _ found: [NamedTensor<Double>], _ expected: [NamedTensor<Double>], _ about: String
  ) {
    let scale = expected.flatMap(\.values).map(abs).max() ?? .nan
    for tensor in expected {
      guard let other = found.first(where: { $0.name == tensor.name }) else {
        Issue.record("\(about): no \(tensor.name)")
        continue
      }
      #expect(other.shape == tensor.shape, "\(about): \(tensor.name)")
      let errors = zip(other.values, tensor.values).map { abs($0 - $1) }
      let error = errors.contains { $0.isNaN } ? .nan : errors.max() ?? .nan
      #expect(error <= Self.bound * scale, "\(about): \(tensor.name) \(error / scale)")
    }
  }

  @Test("Published network", arguments: publishedCases.indices, [true, false])
  func published(index: Int, isTraining: Bool) throws {
    let c = Self.publishedCases[index]
    let network = try PublishedNetwork<Double>.random(c, seed: 61)
    let x = NetworkGradientTests.publishedMaps(c, seed: 62)
    let loss: ([Double]) -> (value: Double, gradient: [Double]) = randomProduct(
      Self.maps * c.outputCount, seed: 63)
    var gradients = network.parameters.map(\.zeros)
    let fast = network.differentiate(
      x, count: Self.maps, isTraining: isTraining, dropoutStep: nil, threads: 2,
      into: &gradients, wantsInputGradient: true, loss: loss)
    let pixels = x.count / (Self.maps * c.inputChannels)
    func evaluate(_ state: [NamedTensor<Double>], isTraining: Bool) throws -> StagedNetwork.Pass {
      try PublishedNetwork.byDefinition(c, state: state, isTraining: isTraining)
        .evaluate(x.transposed(rows: pixels), loss: loss)
    }
    let slow = try evaluate(network.publishedState, isTraining: isTraining)
    #expect(relativeError(fast.outputs, slow.outputs) <= Self.bound)
    let expected = try #require(slow.gradients)
    expectClose(network.publishedTensors(gradients), expected.parameters, "\(c)")
    let inputGradient = try #require(fast.inputGradient).transposed(rows: pixels)
    #expect(relativeError(inputGradient, expected.input) <= Self.bound)
    #expect(expected.updates.count == (isTraining ? 2 * c.blockCount : 0))
    // The other mode is another network.
    let other = try evaluate(network.publishedState, isTraining: !isTraining)
    #expect(relativeError(other.outputs, slow.outputs) > 1000 * Self.bound)
  }

  @Test("Isotropic network", arguments: isotropicCases.indices, [true, false])
  func isotropic(index: Int, readsMaps: Bool) throws {
    let c = Self.isotropicCases[index]
    let network = try IsotropicNetwork<Double>.random(c, seed: 64)
    let lanes = Self.maps * c.inputChannels
    var a = CoefficientStack<Double>(lmax: c.lmax, lanes: lanes)
    var numbers = TestNumbers(seed: 65)
    for i in a.values.indices { a.values[i] = numbers.normal() }
    a.clearImaginaryOfOrderZero()
    let x =
      readsMaps ? randomMaps(nside: c.nside, lanes: lanes, seed: 66, as: Double.self) : a.values
    let loss: ([Double]) -> (value: Double, gradient: [Double]) = randomProduct(
      Self.maps * c.readoutWidth, seed: 67)
    var gradients = network.parameters.map(\.zeros)
    let fast = network.differentiate(
      readsMaps ? .maps(x) : .coefficients(x), count: Self.maps, isTraining: true, threads: 2,
      into: &gradients, wantsInputGradient: true, loss: loss)
    func evaluate(_ x: [Double]) throws -> StagedNetwork.Pass {
      try IsotropicNetwork.byDefinition(
        c, state: network.parameters + network.buffers, readsMaps: readsMaps, isTraining: true
      ).evaluate(x, loss: loss)
    }
    let rows = x.count / lanes
    let slow = try evaluate(x.transposed(rows: rows))
    #expect(relativeError(fast.outputs, slow.outputs) <= Self.bound)
    let expected = try #require(slow.gradients)
    expectClose(gradients, expected.parameters, "\(c)")
    let inputGradient = try #require(fast.inputGradient).transposed(rows: rows)
    #expect(relativeError(inputGradient, expected.input) <= Self.bound)
    // Fields in another order are other maps.
    let other = try evaluate(Array(x.transposed(rows: rows).reversed()))
    #expect(relativeError(other.outputs, slow.outputs) > 1000 * Self.bound)
  }
}
