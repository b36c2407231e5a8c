import Foundation
import RandomNumbers
import ReadoutFits
import SpecialFunctions
import SpectralNetworks
import Testing

/// Fits of joint posteriors to data whose posterior is known and in the family.
struct PosteriorFitTests {
  /// q of two parameters, uniform, and x_1 = q_1 + σ n, x_2 = q_2 + ½ q_1 + σ n': the posterior is
  /// a normal density in q, cut at the ends, whose logarithm is a quadratic polynomial linear in x.
  private static func data(_ count: Int, deviation: Double, seed: UInt64) -> (
    features: [Double], targets: [Double], family: PosteriorFamily
  ) {
    let priors: [ParameterPrior] = [.logUniform(0...0.01, offset: 1e-3), .uniform(2...4)]
    var (features, targets): ([Double], [Double]) = ([], [])
    for k in 0..<count {
      let stream = RandomStream(
        MapKey(seed: seed, split: .training, index: UInt64(k)), purpose: .parameter)
      let q = [stream.uniform(0), stream.uniform(1)]
      let noise = RandomStream(
        MapKey(seed: seed, split: .training, index: UInt64(k)), purpose: .noise
      ).normals(count: 2)
      // A shift and a scale, which the fit has to take out again.
      features += [
        100 + 7 * (q[0] + deviation * noise[0]), q[1] + 0.5 * q[0] + deviation * noise[1],
      ]
      targets += zip(priors, q).map { $0.value(at: $1) }
    }
    return (features, targets, PosteriorFamily(priors: priors, degree: 2))
  }

  private static func fit(_ count: Int, deviation: Double, threads: Int) throws -> PosteriorFit {
    let (features, targets, family) = data(count, deviation: deviation, seed: 3)
    return try PosteriorFit(
      StoredFeatures(features: features, targets: targets, featureCount: 2, outputCount: 2),
      family: family, threads: threads)
  }

  /// On other data the fitted density loses P/2N nats to the true one, P = 15 unknowns.
  @Test(arguments: [0.3, 0.05])
  func theFitIsThePosterior(_ deviation: Double) throws {
    let count = 4000
    let fit = try Self.fit(count, deviation: deviation, threads: 2)
    #expect(fit.report.hasConverged && fit.report.unknowns == 15)
    let (features, _, family) = Self.data(300, deviation: deviation, seed: 4)
    let readout = PosteriorReadout(family)
    var loss = 0.0
    for map in 0..<300 {
      let x = Array(features[2 * map..<2 * map + 2])
      let eta = (0..<5).map { k in fit.bias[k] + x[0] * fit.weights[k] + x[1] * fit.weights[5 + k] }
      let own = try #require(readout.posterior(eta))
      let exact = PosteriorGrid.zoomed(family.priors) { quantiles in
        quantiles[0].flatMap { a in
          quantiles[1].map { b in
            let first = (x[0] - 100) / 7 - a
            let second = x[1] - b - 0.5 * a
            return -0.5 * (first * first + second * second) / (deviation * deviation)
          }
        }
      }
      // Σ η φ − ln Z, with ln Z from a point of the tabulated density.
      let middle = [40, 80].map { own.axes[$0 / 80].quantiles[$0] }
      let shift =
        readout.exponents(eta, quantiles: middle.map { [$0] })[0]
        - log(own.density[40 * own.axes[1].quantiles.count + 80])
      loss += exact.divergence { readout.exponents(eta, quantiles: $0).map { $0 - shift } }
    }
    #expect(loss / 300 < 3 * 15 / Double(2 * count))
    #expect(loss / 300 > 0)
  }

  @Test func threadsChangeNoBit() throws {
    let one = try Self.fit(700, deviation: 0.2, threads: 1)
    let three = try Self.fit(700, deviation: 0.2, threads: 3)
    #expect(one.weights == three.weights && one.bias == three.bias)
  }

  /// Features without a word on the parameters leave the prior.
  @Test func noiseTellsNothing() throws {
    let (features, targets, family) = Self.data(3000, deviation: 0.2, seed: 5)
    let others = Self.data(3000, deviation: 0.2, seed: 6).features
    #expect(others != features)
    let fit = try PosteriorFit(
      StoredFeatures(features: others, targets: targets, featureCount: 2, outputCount: 2),
      family: family, threads: 2)
    #expect(fit.report.meanLogDensity < 3 * 15 / 6000.0)
  }

  @Test func unusableDataAreRefused() throws {
    var (features, targets, family) = Self.data(50, deviation: 0.2, seed: 7)
    func attempt() throws {
      _ = try PosteriorFit(
        StoredFeatures(features: features, targets: targets, featureCount: 2, outputCount: 2),
        family: family, threads: 1)
    }
    targets[7] = 4.5
    #expect(throws: ClosedFormError.unusableTarget(map: 3, output: 1, value: 4.5)) { try attempt() }
    targets[7] = 3
    features[9] = .nan
    #expect {
      try attempt()
    } throws: { error in
      guard case ClosedFormError.featureNotFinite(map: 4, feature: 1, _) = error else {
        return false
      }
      return true
    }
    (features, targets, family) = Self.data(3, deviation: 0.2, seed: 7)
    #expect(throws: ClosedFormError.tooFewMaps(found: 3, unknowns: 3)) { try attempt() }
  }
}
