import HarmonicTransforms
import Testing
import Verification

@testable import SpectralNetworks

/// Bands of rotated skies: what a network reads of a sky does not depend on how it is turned.
@Suite("Rotation of the coefficients of a sky")
struct RotationEquivarianceTests {
  private static let rotation = Rotation(alpha: 0.7, beta: 1.1, gamma: -2.3)
  private static let lmax = 7

  /// Random coefficients of one map, `channels` fields.
  private func sky(_ channels: Int) -> CoefficientStack<Double> {
    var numbers = TestNumbers(seed: 3)
    var a = CoefficientStack<Double>(lmax: Self.lmax, lanes: channels)
    for i in a.values.indices { a.values[i] = numbers.normal() }
    a.clearImaginaryOfOrderZero()
    return a
  }

  private func bands(
    _ network: IsotropicNetwork<Double>, _ a: CoefficientStack<Double>
  ) -> [Double] {
    network.forward(.coefficients(a.values), count: 1, isTraining: false, threads: 1) {
      $0.bandValues[0]
    }
  }

  /// Weights per degree and mean squares commute with every rotation, for scalars and for E and B,
  /// which rotate like scalars: one block is invariant to rounding. Scale: band values of order
  /// one, logarithms of sums of (lmax + 1)² terms. A map of other orders only (m → m of a weight
  /// per order) is not.
  @Test("One block is invariant under any rotation", arguments: [false, true])
  func oneBlock(isPolarised: Bool) throws {
    let configuration =
      isPolarised
      ? IsotropicConfiguration.polarised([6], groups: 2) : .small([5], channels: 2)
    let network = try IsotropicNetwork<Double>.random(configuration, seed: 4)
    let a = sky(2)
    let turned = a.rotated(by: Self.rotation)
    #expect(relativeError(turned.values, a.values) > 0.1)
    let bound = RoundingBound.probable(operations: 16 * (Self.lmax + 1) * (Self.lmax + 1))
    #expect(relativeError(bands(network, turned), bands(network, a)) <= bound)
    // Negative control: an axis is singled out by leaving out the sectoral orders.
    func cut(_ a: CoefficientStack<Double>) -> CoefficientStack<Double> {
      var a = a
      for l in 1...Self.lmax {
        for lane in 0..<a.lanes { a[l, l, lane] = 0 }
      }
      return a
    }
    #expect(relativeError(bands(network, cut(turned)), bands(network, cut(a))) > 1000 * bound)
  }

  /// With a ReLU between two blocks invariance holds up to the aliasing of its grid, which falls
  /// with the number of rings.
  @Test("Two blocks are invariant up to aliasing")
  func twoBlocks() throws {
    var errors: [Double] = []
    for rings in [8, 32] {
      var configuration = IsotropicConfiguration.small([3, 4], channels: 1)
      configuration.gridRings = rings
      let network = try IsotropicNetwork<Double>.random(configuration, seed: 5)
      let a = sky(1)
      errors.append(
        relativeError(bands(network, a.rotated(by: Self.rotation)), bands(network, a)))
    }
    #expect(errors[1] < errors[0] / 4, "\(errors)")
    #expect(errors[0] > 1e-6, "a ReLU that does not alias: \(errors)")
  }
}
