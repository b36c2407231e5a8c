import FourierTransforms
import Testing
import Verification

@testable import SpectralNetworks

/// The gradients of whole networks, from maps to outputs, along random directions through all
/// parameters and along random directions of the maps.
///
/// Kinks: a network with rectified fields has hundreds of them, so its function is differenced with
/// two points and a small step. A kink within the step would show as an error of the order of one
/// part in the number of points; there is none for these seeds (another `SPHERE_TEST_SEED` may meet
/// one).
/// Blind to: what forward and backward have in common (the fixtures see that).
@Suite("Gradients of whole networks")
struct NetworkGradientTests {
  static let maps = 3

  struct PublishedCase: Sendable, CustomStringConvertible {
    var configuration: PublishedConfiguration
    var isTraining: Bool
    var dropoutStep: Int?
    var description: String {
      "published, \(configuration.blockCount) blocks, \(configuration.inputChannels) channels, "
        + "inpaints \(configuration.inpaints), training \(isTraining), "
        + "sampling \(configuration.sampling?.rawValue ?? "as published"), "
        + "pooling \(configuration.pooling?.rawValue ?? "as published"), "
        + "dropout \(dropoutStep.map { "of step \($0)" } ?? "none")"
    }
  }

  static let publishedCases = [
    PublishedCase(configuration: .small(blocks: 1), isTraining: true),
    PublishedCase(configuration: .small(blocks: 1), isTraining: true, dropoutStep: 5),
    PublishedCase(configuration: .small(blocks: 1, channels: 1), isTraining: false),
    PublishedCase(configuration: .small(blocks: 2), isTraining: true, dropoutStep: 3),
    PublishedCase(configuration: .small(blocks: 2), isTraining: false),
    PublishedCase(
      configuration: .small(blocks: 2, channels: 3, inpaints: true), isTraining: true),
    PublishedCase(configuration: .small(blocks: 3, hidden: 2), isTraining: true),
    PublishedCase(
      configuration: .small(blocks: 1).with(nil, .power), isTraining: true, dropoutStep: 5),
    PublishedCase(configuration: .small(blocks: 2).with(nil, .power), isTraining: false),
    PublishedCase(
      configuration: .small(blocks: 2, channels: 1).with(.harmonic, .power), isTraining: true),
    PublishedCase(configuration: .small(blocks: 1).with(.harmonic), isTraining: true),
    PublishedCase(
      configuration: .small(blocks: 1, channels: 3, inpaints: true).with(.bilinear),
      isTraining: true),
  ]

  struct IsotropicCase: Sendable, CustomStringConvertible {
    var configuration: IsotropicConfiguration
    var isTraining: Bool
    var description: String {
      "isotropic, widths \(configuration.channels), \(configuration.powerFunction), degree "
        + "\(configuration.readoutDegree), training \(isTraining), "
        + (configuration.polarisation.map { $0.filterBank == nil ? "Q and U" : "filters" }
          ?? "scalars")
    }
  }

  static let isotropicCases = [
    IsotropicCase(configuration: .small([3]), isTraining: true),
    IsotropicCase(configuration: .small([4], power: .squareRoot, degree: 2), isTraining: false),
    IsotropicCase(configuration: .small([2], power: .identity, degree: 1), isTraining: true),
    IsotropicCase(configuration: .small([3, 4]), isTraining: true),
    IsotropicCase(configuration: .small([3, 4]), isTraining: false),
    IsotropicCase(configuration: .small([3, 2, 4], channels: 1, degree: 2), isTraining: true),
    IsotropicCase(configuration: .polarised([6], groups: 2), isTraining: true),
    IsotropicCase(configuration: .polarised([3, 4], groups: 1), isTraining: true),
    IsotropicCase(configuration: .polarised([8], groups: 4, isCut: true), isTraining: false),
    IsotropicCase(configuration: .dense([4]), isTraining: true),
  ]

  // MARK: - One evaluation

  /// The value of the loss and the gradients of all parameters and of the maps.
  typealias Evaluation = (value: Double, parameters: [Double], maps: [Double])

  static func evaluate(
    _ network: PublishedNetwork<Double>, _ maps: [Double], _ c: PublishedCase,
    isTraining: Bool? = nil
  ) -> Evaluation {
    var gradients = network.parameters.map(\.zeros)
    let result = network.differentiate(
      maps, count: Self.maps, isTraining: isTraining ?? c.isTraining, dropoutStep: c.dropoutStep,
      threads: 2, into: &gradients, wantsInputGradient: true,
      loss: randomProduct(Self.maps * network.outputCount, seed: 12))
    return (result.value, gradients.flatMap(\.values), result.inputGradient ?? [])
  }

  static func evaluate(
    _ network: IsotropicNetwork<Double>, _ maps: [Double], _ c: IsotropicCase,
    isTraining: Bool? = nil
  ) -> Evaluation {
    var gradients = network.parameters.map(\.zeros)
    let result = network.differentiate(
      .maps(maps), count: Self.maps, isTraining: isTraining ?? c.isTraining, threads: 2,
      into: &gradients, wantsInputGradient: true,
      loss: randomProduct(Self.maps * network.configuration.readoutWidth, seed: 12))
    return (result.value, gradients.flatMap(\.values), result.inputGradient ?? [])
  }

  /// The parameters set to the numbers of one vector.
  static func with<N: TrainableNetwork>(_ network: N, _ point: [Double]) -> N
  where N.Scalar == Double {
    var copy = network
    var first = 0
    for i in copy.parameters.indices {
      let count = copy.parameters[i].count
      copy.parameters[i].values = Array(point[first..<first + count])
      first += count
    }
    return copy
  }

  // MARK: - Checks

  /// Compares along three directions through the parameters and three of the maps. `hasKinks` when
  /// fields are rectified; `evaluate` is the function at given parameters and maps.
  private func checks<N: TrainableNetwork>(
    _ network: N, _ maps: [Double], gradients: Evaluation, hasKinks: Bool,
    evaluate: (N, [Double]) -> Double
  ) -> [GradientCheck] where N.Scalar == Double {
    let stencil = hasKinks ? GradientCheck.Stencil.twoPoint : .fourPoint
    // Some thousand terms behind every number; f bends where a pre-activation changes by its own
    // size.
    let error = RoundingBound.probable(operations: 4096)
    let point = network.parameters.flatMap(\.values)
    return [
      GradientCheck(
        gradients.parameters, at: point, along: .directions(count: 3, seed: 1), stencil: stencil,
        evaluationError: error
      ) { evaluate(Self.with(network, $0), maps) },
      GradientCheck(
        gradients.maps, at: maps, along: .directions(count: 3, seed: 2), stencil: stencil,
        evaluationError: error
      ) { evaluate(network, $0) },
    ]
  }

  /// The bound of every check below: what differencing may contribute, with a factor for the length
  /// scale and the size of f, which are taken as 1.
  private func bound(_ check: GradientCheck) -> Double { 8 * check.differencingBound }

  private func expectGood(_ checks: [GradientCheck], _ name: String) {
    for check in checks {
      #expect(check.relativeL2 <= min(bound(check), 1e-7), "\(name): \(check)")
    }
  }

  /// Mask lanes hold 0.5 and −0.25, so that a small step leaves observed points observed.
  static func publishedMaps(_ c: PublishedConfiguration, seed: UInt64) -> [Double] {
    let lanes = maps * c.inputChannels
    let values = randomMaps(nside: 4, lanes: lanes, seed: seed, as: Double.self)
    guard c.inpaints else { return values }
    return values.indices.map { i in
      guard i % c.inputChannels == c.inputChannels - 1 else { return values[i] }
      return (i / lanes) % 3 == 0 ? -0.25 : 0.5
    }
  }

  @Test("Published network", arguments: publishedCases)
  func published(_ c: PublishedCase) throws {
    let network = try PublishedNetwork<Double>.random(c.configuration, seed: 21)
    let maps = Self.publishedMaps(c.configuration, seed: 22)
    let gradients = Self.evaluate(network, maps, c)
    let found = checks(network, maps, gradients: gradients, hasKinks: true) {
      Self.evaluate($0, $1, c).value
    }
    expectGood(found, "\(c)")
  }

  @Test("Isotropic network", arguments: isotropicCases)
  func isotropic(_ c: IsotropicCase) throws {
    let network = try IsotropicNetwork<Double>.random(c.configuration, seed: 23)
    let maps = randomMaps(
      nside: 4, lanes: Self.maps * c.configuration.inputChannels, seed: 24, as: Double.self)
    let gradients = Self.evaluate(network, maps, c)
    let hasKinks = c.configuration.channels.count > 1
    let found = checks(network, maps, gradients: gradients, hasKinks: hasKinks) {
      Self.evaluate($0, $1, c).value
    }
    expectGood(found, "\(c)")
  }

  // MARK: - Negative controls

  /// The gradient of inference, which leaves out how the batch's statistics move, is not that of
  /// training; nor is a gradient with another step's dropout, or with orders m > 0 counted twice.
  @Test("Negative controls: published")
  func publishedNegativeControls() throws {
    let c = PublishedCase(configuration: .small(blocks: 2), isTraining: true, dropoutStep: 3)
    let network = try PublishedNetwork<Double>.random(c.configuration, seed: 21)
    let maps = Self.publishedMaps(c.configuration, seed: 22)
    let right = Self.evaluate(network, maps, c)
    var otherStep = c
    otherStep.dropoutStep = 4
    var doubled = right
    let block = network.parameters[0]
    let firstOfOrder1 = block.count / block.shape[0] * (c.configuration.lmax + 1)
    for i in firstOfOrder1..<block.count { doubled.parameters[i] *= 2 }
    doubled.maps = doubled.maps.map { 2 * $0 }
    for wrong in [
      Self.evaluate(network, maps, c, isTraining: false), Self.evaluate(network, maps, otherStep),
      doubled,
    ] {
      let found = checks(network, maps, gradients: wrong, hasKinks: true) {
        Self.evaluate($0, $1, c).value
      }
      for check in found { #expect(check.relativeL2 > 1000 * bound(check), "\(check)") }
    }
  }

  @Test("Negative controls: isotropic")
  func isotropicNegativeControls() throws {
    let c = IsotropicCase(configuration: .small([3, 4]), isTraining: true)
    let network = try IsotropicNetwork<Double>.random(c.configuration, seed: 23)
    let maps = randomMaps(
      nside: 4, lanes: Self.maps * c.configuration.inputChannels, seed: 24, as: Double.self)
    var halved = Self.evaluate(network, maps, c)
    for i in 0..<network.parameters[0].count { halved.parameters[i] /= 2 }
    halved.maps = halved.maps.map { -$0 }
    for wrong in [Self.evaluate(network, maps, c, isTraining: false), halved] {
      let found = checks(network, maps, gradients: wrong, hasKinks: true) {
        Self.evaluate($0, $1, c).value
      }
      for check in found { #expect(check.relativeL2 > 1000 * bound(check), "\(check)") }
    }
  }

  /// Asking for the maps' gradient changes no bit of the parameters', and gradients are added.
  @Test("Gradients are added, with or without the maps'")
  func accumulation() throws {
    let c = Self.publishedCases[3]
    let network = try PublishedNetwork<Double>.random(c.configuration, seed: 21)
    let maps = Self.publishedMaps(c.configuration, seed: 22)
    var once = network.parameters.map(\.zeros)
    var twice = once
    let loss: ([Double]) -> (value: Double, gradient: [Double]) = randomProduct(
      Self.maps * network.outputCount, seed: 12)
    var copy = network
    _ = copy.accumulateGradients(
      maps, count: Self.maps, step: 3, threads: 1, into: &once, loss: loss)
    #expect(once.flatMap(\.values) == Self.evaluate(network, maps, c).parameters)
    for _ in 0..<2 {
      var copy = network
      _ = copy.accumulateGradients(
        maps, count: Self.maps, step: 3, threads: 1, into: &twice, loss: loss)
    }
    for (a, b) in zip(once, twice) {
      // w̄ is added term by term, so that the second sum is rounded otherwise.
      #expect(
        relativeError(b.values, a.values.map { 2 * $0 }) <= RoundingBound.probable(operations: 64),
        "\(a.name)")
    }
  }
}
