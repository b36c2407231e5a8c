import Foundation
import SpecialFunctions
import Testing

/// Moments, quantiles, regions and samples of tabulated densities of several parameters, against
/// normal distributions, whose numbers are known.
struct PosteriorGridTests {
  /// A normal density in q, far from the ends of uniform priors.
  private static func normal(
    _ priors: [ParameterPrior], centre: [Double], deviation: [Double], correlation: Double = 0
  ) -> PosteriorGrid {
    PosteriorGrid.zoomed(priors) { quantiles in
      let axes = quantiles.enumerated().map { axis, q in
        q.map { ($0 - centre[axis]) / deviation[axis] }
      }
      let products = axes.reduce([[]]) { points, axis in
        points.flatMap { point in axis.map { point + [$0] } }
      }
      return products.map { (z: [Double]) in
        let squares = z.reduce(0) { $0 + $1 * $1 }
        let mixed = z.count > 1 ? 2 * correlation * z[0] * z[1] : 0
        return -0.5 * (squares - mixed) / (1 - correlation * correlation)
      }
    }
  }

  @Test func momentsOfANormalDensity() {
    let priors = [ParameterPrior.uniform(0...10), .uniform(-1...1)]
    let grid = Self.normal(
      priors, centre: [0.4, 0.55], deviation: [0.01, 0.03], correlation: 0.6)
    let (mean, covariance) = grid.moments
    #expect(abs(mean[0] - 4) < 1e-9 && abs(mean[1] - 0.1) < 1e-9)
    #expect(abs(covariance[0][0].squareRoot() - 0.1) < 1e-7)
    #expect(abs(covariance[1][1].squareRoot() - 0.06) < 1e-7)
    #expect(abs(covariance[0][1] - 0.6 * 0.1 * 0.06) < 1e-8)
    #expect(covariance[0][1] == covariance[1][0])
    let interval = grid.interval(0, probability: 0.6826894921)
    #expect(abs(interval.lowerBound - 3.9) < 3e-4 && abs(interval.upperBound - 4.1) < 3e-4)
    #expect(abs(grid.probabilityBelow(1, 0.1 + 0.06) - 0.841344746) < 1e-3)
    // ln(1/(σ √(2πe))) nats.
    let expected = -log(0.03 * (2 * Double.pi * M_E).squareRoot())
    #expect(abs(grid.information(1) - expected) < 1e-4)
  }

  /// The region of highest density of a normal density in D dimensions that reaches to the radius ρ
  /// holds the probability of χ² with D degrees of freedom below ρ².
  @Test func regionsAreThoseOfChiSquare() {
    let prior = ParameterPrior.uniform(0...1)
    let within: [(Double) -> Double] = [
      { erf($0 / 2.0.squareRoot()) },
      { 1 - exp(-$0 * $0 / 2) },
      { erf($0 / 2.0.squareRoot()) - (2 / Double.pi).squareRoot() * $0 * exp(-$0 * $0 / 2) },
    ]
    for dimensions in 1...3 {
      let grid = Self.normal(
        [ParameterPrior](repeating: prior, count: dimensions),
        centre: [Double](repeating: 0.5, count: dimensions),
        deviation: [Double](repeating: 0.04, count: dimensions))
      for radius in [0.7, 1.0, 2.2] {
        var point = [Double](repeating: 0.5, count: dimensions)
        point[dimensions - 1] += 0.04 * radius
        let found = grid.probabilityAbove(point)
        #expect(abs(found - within[dimensions - 1](radius)) < 0.012, "\(dimensions), \(radius)")
      }
      let level = grid.level(probability: within[dimensions - 1](1.5))
      let peak = grid.density.max() ?? 0
      #expect(abs(log(peak / level) - 1.125) < 0.06, "\(dimensions)")
    }
  }

  /// Without data the posterior is the prior: no information, and its moments are those of 1/(θ +
  /// c).
  @Test func aFlatDensityIsThePrior() {
    let (a, b, c) = (0.0, 0.01, 1e-4)
    let grid = PosteriorGrid.zoomed([.logUniform(a...b, offset: c)]) { $0[0].map { _ in 3 } }
    #expect(abs(grid.information(0)) < 1e-12)
    let mean = (b - a) / log((b + c) / (a + c)) - c
    #expect(abs(grid.mean[0] / mean - 1) < 1e-5)
    #expect(grid.interval(0, probability: 0.5).lowerBound == grid.quantile(0, 0.25))
    #expect(abs(grid.quantile(0, 0.25) - ((a + c) * pow(101, 0.25) - c)) < 1e-9)
    #expect(grid.logDensity(at: [0.005]).magnitude < 1e-12)
    #expect(grid.probabilityBelow(0, b) == 1 && grid.probabilityBelow(0, a) == 0)
  }

  /// A density with two peaks keeps both: the box spans them.
  @Test func bothPeaksAreKept() {
    let grid = PosteriorGrid.zoomed([.uniform(0...1)]) { quantiles in
      quantiles[0].map { q in
        log(exp(-0.5 * pow((q - 0.2) / 0.01, 2)) + exp(-0.5 * pow((q - 0.7) / 0.01, 2)))
      }
    }
    #expect(abs(grid.mean[0] - 0.45) < 1e-6)
    #expect(abs(grid.probabilityBelow(0, 0.5) - 0.5) < 1e-6)
    #expect(grid.logDensity(at: [0.99]) == -.infinity)
    #expect(grid.probabilityAbove([0.99]) == 1)
  }

  @Test func samplesHaveTheMoments() {
    let priors = [ParameterPrior.uniform(0...10), .uniform(-1...1)]
    let grid = Self.normal(
      priors, centre: [0.4, 0.55], deviation: [0.01, 0.03], correlation: -0.5)
    // A lattice of three irrational steps fills the cube evenly.
    let count = 20_000
    let steps = [0.8191725133961645, 0.6710436067037893, 0.5497004779019703]
    let uniforms = (1...count).flatMap { k in
      steps.map { (Double(k) * $0).truncatingRemainder(dividingBy: 1) }
    }
    let samples = grid.samples(uniforms)
    let n = Double(count)
    let mean = (0...1).map { i in samples.reduce(0) { $0 + $1[i] } / n }
    #expect(abs(mean[0] - 4) < 5e-3 && abs(mean[1] - 0.1) < 3e-3)
    let mixed = samples.reduce(0) { $0 + ($1[0] - mean[0]) * ($1[1] - mean[1]) } / n
    #expect(abs(mixed / (0.1 * 0.06) + 0.5) < 0.02)
  }
}
