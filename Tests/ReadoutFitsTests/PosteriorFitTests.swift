import Foundation
import RandomNumbers
import SpecialFunctions
import SpectralNetworks
import Testing

@testable import ReadoutFits

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

  /// Band powers p_b with ν/2 (p_b/C_b + ln C_b) of them in −ln L, in place of maps: for every
  /// parameter eight bands with C_b = exp(−(q − q_b)²/2w²) + 10⁻⁵, w a third of the prior and q_b
  /// up to twice the prior, much like the benchmark's spectra; ν modes each, such that the
  /// posterior's deviation is about `deviation`.
  private struct Bands {
    let parameters: Int
    let modes: Double

    static let places = (0..<8).map { 2 * Double($0) / 7 }

    init(parameters: Int, deviation: Double) {
      self.parameters = parameters
      // ν/2 Σ_b (∂ ln C_b)² = 1/σ², with ∂ ln C_b = −9 (q − q_b) and Σ_b (q − q_b)² about 3.5.
      modes = (2 / (81 * 3.5 * deviation * deviation)).rounded()
    }

    static func power(_ q: Double, _ band: Int) -> Double {
      let distance = (q - places[band]) * 3
      return exp(-0.5 * distance * distance) + 1e-5
    }

    /// Powers and q of some maps. The cube of a normal variable of mean 1 − s and variance
    /// s = 2/9ν stands for χ²/ν: ν is large.
    func data(_ count: Int, seed: UInt64) -> (features: [Double], targets: [Double]) {
      var (features, targets): ([Double], [Double]) = ([], [])
      for k in 0..<count {
        let key = MapKey(seed: seed, split: .training, index: UInt64(k))
        let stream = RandomStream(key, purpose: .parameter)
        let q = (0..<parameters).map { stream.uniform($0) }
        let normals = RandomStream(key, purpose: .noise).normals(count: 8 * parameters)
        for (axis, value) in q.enumerated() {
          for band in 0..<8 {
            let share = 2 / (9 * modes)
            let root = 1 - share + share.squareRoot() * normals[8 * axis + band]
            features.append(Self.power(value, band) * root * root * root)
          }
        }
        targets += q
      }
      return (features, targets)
    }

    /// The exact posterior of some powers.
    func posterior(_ powers: ArraySlice<Double>, _ priors: [ParameterPrior]) -> PosteriorGrid {
      let p = Array(powers)
      return PosteriorGrid.zoomed(priors) { quantiles in
        let axes = quantiles.enumerated().map { axis, points in
          points.map { q in
            (0..<8).reduce(0) { sum, band in
              let expected = Self.power(q, band)
              return sum - 0.5 * modes * (p[8 * axis + band] / expected + log(expected))
            }
          }
        }
        return axes.dropFirst().reduce(axes[0]) { sums, axis in
          sums.flatMap { sum in axis.map { sum + $0 } }
        }
      }
    }
  }

  /// Mean divergence of the exact posteriors from those of a fit, and their mean deviation in q.
  private static func divergence(
    _ parameters: Int, deviation: Double, maps: Int, family: PosteriorFamily, uses: [[Int]]?,
    iterations: Int = 60
  ) throws -> (divergence: Double, width: Double, unknowns: Int) {
    let bands = Bands(parameters: parameters, deviation: deviation)
    let (features, targets) = bands.data(maps, seed: 11)
    let count = 8 * parameters
    let fit = try PosteriorFit(
      StoredFeatures(
        features: features, targets: targets, featureCount: count, outputCount: parameters),
      family: family, uses: uses,
      options: DensityFitOptions(iterations: iterations, tolerance: 1e-3), threads: 2)
    let readout = PosteriorReadout(family)
    let terms = family.termCount
    let tests = 40
    let others = bands.data(tests, seed: 12).features
    var (loss, width) = (0.0, 0.0)
    for map in 0..<tests {
      let x = others[map * count..<(map + 1) * count]
      let eta = (0..<terms).map { k in
        x.enumerated().reduce(fit.bias[k]) { $0 + $1.element * fit.weights[$1.offset * terms + k] }
      }
      let exact = bands.posterior(x, family.priors)
      width += exact.standardDeviations[0] / Double(tests)
      let points = exact.axes.map(\.quantiles)
      // ln Z from the sum over the exact posterior's own points, where all of the density is.
      let own = PosteriorGrid(
        axes: exact.axes, logDensity: readout.exponents(eta, quantiles: points))
      let middle = points.map { $0[$0.count / 2] }
      let shift =
        readout.exponents(eta, quantiles: middle.map { [$0] })[0]
        - own.logDensity(at: zip(family.priors, middle).map { $0.value(at: $1) })
      loss += exact.divergence { quantiles in
        readout.exponents(eta, quantiles: quantiles).map { $0 - shift }
      }
    }
    return (loss / Double(tests), width, fit.report.unknowns)
  }

  /// Posteriors as narrow as 1/300 of one prior and 1/100 of two are found, within three times P/2N
  /// nats; the polynomials of wide posteriors, of degree 16, lose more than ten times as much.
  @Test func aNarrowPosteriorIsFound() throws {
    let priors: [ParameterPrior] = [.uniform(0...1)]
    let splines = PosteriorFamily(priors: priors, degree: 5, pieces: 6)
    let found = try Self.divergence(
      1, deviation: 1.0 / 300, maps: 4000, family: splines, uses: nil)
    #expect(found.unknowns == 99)
    #expect((1.0 / 400...1.0 / 250).contains(found.width))
    #expect(found.divergence < 3 * 99 / 8000.0)
    let polynomials = try Self.divergence(
      1, deviation: 1.0 / 300, maps: 4000, family: PosteriorFamily(priors: priors, degree: 16),
      uses: nil)
    #expect(polynomials.divergence > 10 * found.divergence)
  }

  /// The end does not depend on the beginning: features less a constant, which the bias takes up,
  /// are not positive, and the search begins at the prior.
  @Test func theBeginningDoesNotDecide() throws {
    // Of the first three bands alone, which leave it some 1/15 wide.
    let bands = Bands(parameters: 1, deviation: 1.0 / 30)
    let (features, targets) = bands.data(1500, seed: 13)
    #expect(features.allSatisfy { $0 > 0 })
    let family = PosteriorFamily(priors: [.uniform(0...1)], degree: 3, pieces: 3)
    func fit(_ shift: Double) throws -> DensityFitReport {
      try PosteriorFit(
        StoredFeatures(
          features: features.map { $0 - shift }, targets: targets, featureCount: 8, outputCount: 1),
        family: family, uses: (0..<8).map { $0 < 3 ? Array(0..<6) : [] },
        options: DensityFitOptions(iterations: 300, tolerance: 1e-5), threads: 2
      ).report
    }
    let (near, far) = (try fit(0), try fit(0.01))
    #expect(near.hasConverged && far.hasConverged)
    #expect(near.iterations < far.iterations)
    #expect(abs(near.meanLogDensity - far.meanLogDensity) < 1e-3)
  }

  @Test func logarithmsOfGammaVariables() {
    #expect(abs(PosteriorStart.digamma(1) + 0.577_215_664_901_532_9) < 1e-10)
    #expect(abs(PosteriorStart.digamma(0.5) + 1.963_510_026_021_423_5) < 1e-10)
    #expect(abs(PosteriorStart.trigamma(1) - .pi * .pi / 6) < 1e-10)
    #expect(abs(PosteriorStart.trigamma(0.5) - .pi * .pi / 2) < 1e-10)
    for shape in [0.5, 1.5, 20, 1000] {
      let found = PosteriorStart.shape(
        ofLogarithmsVariance: PosteriorStart.trigamma(shape))
      #expect(abs(found / shape - 1) < 1e-6)
    }
  }

  @Test func aNarrowPosteriorOfTwoIsFound() throws {
    let priors: [ParameterPrior] = [.uniform(0...1), .uniform(0...1)]
    let splines = PosteriorFamily(priors: priors, degree: 5, pieces: 6)
    let uses = (0..<16).map { feature in
      splines.terms.indices.filter { splines.terms[$0][feature / 8] > 0 }
    }
    let found = try Self.divergence(
      2, deviation: 1.0 / 100, maps: 3000, family: splines, uses: uses)
    #expect(found.unknowns == 198)
    #expect((1.0 / 130...1.0 / 80).contains(found.width))
    #expect(found.divergence < 3 * 198 / 6000.0)
    // Coefficients with the splines of the other parameter do not take the place of its own.
    let crossed = (0..<16).map { feature in uses[(feature + 8) % 16] }
    let wrong = try Self.divergence(
      2, deviation: 1.0 / 100, maps: 3000, family: splines, uses: crossed, iterations: 8)
    #expect(wrong.divergence > 1)
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
