import Kernels
import SpectralNetworks
import Testing
import Verification

@testable import PixelNetworks

/// The gradients of whole networks of pixels, from maps to outputs, along random directions through
/// all parameters and through the maps.
///
/// Kinks: two points and a small step, as for the other networks; none lies within the step for
/// these seeds (another `SPHERE_TEST_SEED` may meet one, and then shows an error of one part in the
/// number of pixels).
/// Blind to: what forward and backward have in common (PixelNetworkFixtureTests).
@Suite("Gradients of networks of pixels")
struct PixelNetworkGradientTests {
  static let maps = 5

  struct Case: Sendable, CustomStringConvertible {
    var configuration: PixelConfiguration
    var dropoutStep: Int?
    var description: String {
      "widths \(configuration.channels), \(configuration.inputChannels) channels, dropout "
        + (dropoutStep.map { "of step \($0)" } ?? "none")
    }
  }

  static let cases = [
    Case(configuration: .small([3], inputs: 1, outputs: 1)),
    Case(configuration: .small([4, 3])),
    Case(configuration: .small([4, 3], inputs: 3), dropoutStep: 5),
  ]

  typealias Evaluation = (value: Double, parameters: [Double], maps: [Double])

  static func evaluate(
    _ network: PixelNetwork<Double>, _ maps: [Double], dropoutStep: Int?
  ) -> Evaluation {
    var gradients = network.parameters.map(\.zeros)
    let pass = network.differentiate(
      maps, count: Self.maps, dropoutStep: dropoutStep, threads: 2, into: &gradients,
      wantsInputGradient: true, loss: randomProduct(Self.maps * network.outputCount, seed: 12))
    return (pass.value, gradients.flatMap(\.values), pass.inputGradient ?? [])
  }

  static func with(_ network: PixelNetwork<Double>, _ point: [Double]) -> PixelNetwork<Double> {
    var copy = network
    var first = 0
    for i in copy.parameters.indices {
      let count = copy.parameters[i].count
      copy.parameters[i].values = Array(point[first..<first + count])
      first += count
    }
    return copy
  }

  private func checks(
    _ network: PixelNetwork<Double>, _ maps: [Double], _ gradients: Evaluation, dropoutStep: Int?
  ) -> [GradientCheck] {
    let error = RoundingBound.probable(operations: 4096)
    return [
      GradientCheck(
        gradients.parameters, at: network.parameters.flatMap(\.values),
        along: .directions(count: 3, seed: 1), stencil: .twoPoint, evaluationError: error
      ) { Self.evaluate(Self.with(network, $0), maps, dropoutStep: dropoutStep).value },
      GradientCheck(
        gradients.maps, at: maps, along: .directions(count: 3, seed: 2), stencil: .twoPoint,
        evaluationError: error
      ) { Self.evaluate(network, $0, dropoutStep: dropoutStep).value },
    ]
  }

  /// What differencing may contribute, with a factor for length scale and size of f, which are
  /// taken as 1.
  private func bound(_ check: GradientCheck) -> Double { 8 * check.differencingBound }

  @Test("Parameters and maps", arguments: cases)
  func directions(_ c: Case) throws {
    let network = try PixelNetwork<Double>.random(c.configuration, seed: 21)
    let maps: [Double] = randomMaps(
      nside: 4, lanes: Self.maps * c.configuration.inputChannels, seed: 22)
    let gradients = Self.evaluate(network, maps, dropoutStep: c.dropoutStep)
    for found in checks(network, maps, gradients, dropoutStep: c.dropoutStep) {
      #expect(found.relativeL2 <= min(bound(found), 1e-7), "\(c): \(found)")
    }
  }

  /// Another step's dropout; the first block's gradients halved and the maps' with the wrong sign.
  @Test("Negative controls")
  func negativeControls() throws {
    let c = Self.cases[2]
    let network = try PixelNetwork<Double>.random(c.configuration, seed: 21)
    let maps: [Double] = randomMaps(nside: 4, lanes: Self.maps * 3, seed: 22)
    var halved = Self.evaluate(network, maps, dropoutStep: 5)
    for i in 0..<network.parameters[0].count { halved.parameters[i] /= 2 }
    halved.maps = halved.maps.map { -$0 }
    for wrong in [Self.evaluate(network, maps, dropoutStep: 6), halved] {
      for found in checks(network, maps, wrong, dropoutStep: 5) {
        #expect(found.relativeL2 > 1000 * bound(found), "\(found)")
      }
    }
  }
}
