import Foundation
import SkyModels
import Testing
import Verification

@testable import Baselines

@Suite("Bayes-optimal errors")
struct BayesLimitTests {

  /// One row of the independent reference: mean % errors from 100,000 skies.
  struct Row: Sendable, CustomTestStringConvertible {
    let sigma, optimal, optimalError, posteriorMean, maximumLikelihood: Double
    var testDescription: String { "σ = \(sigma)" }
  }
  static let rows = [
    Row(
      sigma: 0, optimal: 0.536, optimalError: 0.002, posteriorMean: 0.537,
      maximumLikelihood: 0.538),
    Row(
      sigma: 5, optimal: 2.357, optimalError: 0.007, posteriorMean: 2.363,
      maximumLikelihood: 2.395),
    Row(
      sigma: 10, optimal: 4.266, optimalError: 0.013, posteriorMean: 4.293,
      maximumLikelihood: 4.399),
    Row(
      sigma: 15, optimal: 6.852, optimalError: 0.021, posteriorMean: 6.935,
      maximumLikelihood: 7.185),
  ]

  /// Against an independent computation of the same limits, within four combined standard errors,
  /// the reference's rounding included. The three estimators share their skies, so their order is
  /// known although they differ by less than their errors. Blind to: errors below a percent of the
  /// value.
  @Test("Reference values", arguments: rows)
  func reference(row: Row) throws {
    let grid = try LikelihoodGrid(peakedLikelihood(noise: row.sigma))
    let limit = try BayesLimit.simulate(grid, skies: 8000, seed: 101, threads: 2)
    func agrees(_ found: MeanPercentError, _ expected: Double) -> Bool {
      let squares = pow(found.standardError, 2) + pow(row.optimalError, 2)
      return abs(found.percent - expected) < 4 * squares.squareRoot() + 0.0005
    }
    #expect(agrees(limit.optimal, row.optimal), "\(limit)")
    #expect(agrees(limit.posteriorMean, row.posteriorMean), "\(limit)")
    #expect(agrees(limit.maximumLikelihood, row.maximumLikelihood), "\(limit)")
    #expect(limit.optimal.percent < limit.posteriorMean.percent)
    #expect(limit.posteriorMean.percent < limit.maximumLikelihood.percent)
    // Negative control: noise taken 20 % too large (as σ √1.44) misses the value.
    if row.sigma > 0 {
      let wrong = try BayesLimit.simulate(
        LikelihoodGrid(peakedLikelihood(noise: 1.2 * row.sigma)), skies: 2000, seed: 101)
      #expect(!agrees(wrong.optimal, row.optimal))
    }
  }

  /// Parts are cut by the number of skies alone: any number of threads gives the same bits.
  @Test("Threads do not matter")
  func threads() throws {
    let grid = try LikelihoodGrid(peakedLikelihood(noise: 5), count: 301)
    let one = try BayesLimit.simulate(grid, skies: 700, seed: 102, threads: 1)
    let three = try BayesLimit.simulate(grid, skies: 700, seed: 102, threads: 3)
    let other = try BayesLimit.simulate(grid, skies: 700, seed: 103, threads: 1)
    #expect(one.optimal == three.optimal)
    #expect(one.posteriorMean == three.posteriorMean)
    #expect(one.maximumLikelihood == three.maximumLikelihood)
    #expect(one.optimal != other.optimal)
  }

  /// The posterior is calibrated: over the prior, the truth lies below the posterior's quantile q
  /// with the probability q, to √(q(1 − q)/N). Blind to: errors symmetric about the quantiles
  /// tested.
  @Test("Calibration")
  func calibration() throws {
    let likelihood = try peakedLikelihood(noise: 10)
    let grid = try LikelihoodGrid(likelihood, count: 601)
    let count = 3000
    func coverage(_ quantile: Double, wrongNoise: Bool = false) throws -> Double {
      let used = wrongNoise ? try LikelihoodGrid(peakedLikelihood(noise: 5)) : grid
      var below = 0
      for map in 0..<count {
        let truth = 5 + 15 * (Double(map) + 0.5) / Double(count)
        let posterior = try used.posterior(
          realised: realised(likelihood, at: truth, map: map))
        below += truth < posterior.quantile(quantile) { _ in 1 } ? 1 : 0
      }
      return Double(below) / Double(count)
    }
    for quantile in [0.16, 0.5, 0.84] {
      let error = (quantile * (1 - quantile) / Double(count)).squareRoot()
      #expect(abs(try coverage(quantile) - quantile) < 5 * error)
    }
    // Negative control: a likelihood that knows half of the noise.
    let error = (0.16 * 0.84 / Double(count)).squareRoot()
    #expect(abs(try coverage(0.16, wrongNoise: true) - 0.16) > 10 * error)
  }
}
