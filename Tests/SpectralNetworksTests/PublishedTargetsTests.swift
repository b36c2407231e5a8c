import Foundation
import SpecialFunctions
import Testing

@testable import SpectralNetworks

/// Coordinates of parameters, against their definitions.
struct PublishedTargetsTests {
  private static let r = ParameterPrior.logUniform(0...0.01, offset: 1e-4)
  private static let tau = ParameterPrior.uniform(0.03...0.08)
  private static let gaussian = ParameterPrior.gaussian(
    -1...3, mean: 0.5, standardDeviation: 0.7)

  @Test func quantilesAreThoseOfThePrior() {
    for prior in [Self.r, Self.tau] {
      for k in 0...20 {
        let value = prior.value(at: Double(k) / 20)
        let found = PublishedTargets.quantile.coordinate(of: value, prior: prior)
        // Some roundings of the logarithm, of size 10 at most.
        #expect(abs(found - prior.quantile(of: value)) < 32 * .ulpOfOne, "\(prior), \(value)")
      }
    }
    // A Gaussian prior's own q would end with the prior: the range is taken linearly.
    #expect(PublishedTargets.quantile.coordinate(of: 1, prior: Self.gaussian) == 0.5)
    #expect(PublishedTargets.quantile.coordinate(of: 5, prior: Self.gaussian) == 1.5)
  }

  @Test func publishedCoordinatesAreNotScaled() {
    let own = PublishedTargets.published
    #expect(own.coordinate(of: 0.0029, prior: Self.r) == log(0.0029 + 1e-4))
    #expect(own.coordinate(of: 0.054, prior: Self.tau) == 0.054)
    #expect(own.coordinate(of: 2, prior: Self.gaussian) == 2)
  }

  /// Every coordinate has its parameter, outside the prior, too.
  ///
  /// Bound: θ + c is an exponential, of an argument below 10 with a few roundings; the others are
  /// products and sums of numbers below 4.
  @Test func parametersComeBack() {
    for targets in PublishedTargets.allCases {
      for (prior, values) in [
        (Self.r, [-5e-5, 0, 1e-6, 0.003, 0.01, 0.05]), (Self.tau, [0, 0.03, 0.055, 0.2]),
        (Self.gaussian, [-3, 0, 2.5, 7]),
      ] {
        for value in values {
          let u = targets.coordinate(of: value, prior: prior)
          let back = targets.parameter(of: u, prior: prior)
          #expect(abs(back - value) <= 64 * .ulpOfOne * (abs(value) + 4), "\(targets), \(value)")
          if case .logUniform = prior {
            #expect(abs(back - value) <= 128 * .ulpOfOne * (value + 1e-4), "\(targets), \(value)")
          }
        }
      }
    }
  }
}
