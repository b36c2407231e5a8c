import Foundation
import SpecialFunctions
import Testing

/// Summaries, marginal densities, finer points and contour levels of posteriors against normal
/// densities, whose numbers are known.
///
/// Blind to: densities with several peaks closer than a few points.
@Suite("Summaries of posteriors")
struct PosteriorSummaryTests {
  private static let wide = ParameterPrior.uniform(0...1)

  /// A normal density in q of widths σ_i and correlation ρ of the first two parameters.
  private static func normal(
    _ priors: [ParameterPrior], deviations: [Double], correlation rho: Double = 0
  ) -> PosteriorGrid {
    PosteriorGrid.zoomed(priors) { quantiles in
      let axes = quantiles.enumerated().map { axis, q in q.map { ($0 - 0.5) / deviations[axis] } }
      let points = axes.reduce([[]]) { points, axis in
        points.flatMap { point in axis.map { point + [$0] } }
      }
      return points.map { (z: [Double]) in
        let mixed = z.count > 1 ? z[0] * z[0] - 2 * rho * z[0] * z[1] + z[1] * z[1] : z[0] * z[0]
        let rest = z.dropFirst(2).reduce(0) { $0 + $1 * $1 }
        return -0.5 * (mixed / (1 - rho * rho) + rest)
      }
    }
  }

  /// Median μ, intervals μ ± σ and μ ± 2 σ, information −ln σ √(2πe), within 3 % of σ: the error of
  /// linear interpolation with three points to a σ.
  @Test("A normal density")
  func normalDensity() {
    for count in 1...3 {
      let priors = [ParameterPrior](repeating: .uniform(-2...2), count: count)
      let sigma = [Double](repeating: 0.02, count: count)
      let grid = Self.normal(priors, deviations: sigma, correlation: count > 1 ? 0.5 : 0)
      let found = grid.summary(count - 1)
      #expect(abs(found.median) < 1e-9)
      for (interval, width) in [(found.interval68, 0.08), (found.interval95, 0.16)] {
        #expect(abs(interval.upperBound - width) < 0.03 * 0.08, "\(count): \(interval)")
        #expect(abs(interval.lowerBound + width) < 0.03 * 0.08, "\(count): \(interval)")
      }
      #expect(abs(found.information + log(0.02 * (2 * Double.pi * M_E).squareRoot())) < 0.01)
      #expect(!found.isSkewed && !found.isFlat)
      let matrix = grid.correlation
      for i in 0..<count {
        #expect(matrix[i][i] == 1)
        for j in 0..<i { #expect(abs(matrix[i][j] - (i == 1 ? 0.5 : 0)) < 1e-6) }
      }
    }
  }

  /// An exponential density has arms of ratio ln(0.5/0.15865)/ln(0.84135/0.5) = 2.2. Controls: the
  /// prior itself is flat and not skewed, and a density of 0.7 of a normal prior's width is not
  /// flat. Information within 10⁻³: at the ends of a normal prior p falls to zero in q with an
  /// infinite slope, where trapezoidal sums converge slowly (measured 4·10⁻⁴).
  @Test("Skewed and flat densities")
  func shapes() {
    let skewed = PosteriorGrid.zoomed([Self.wide]) { $0[0].map { -20 * $0 } }.summary(0)
    #expect(skewed.isSkewed && !skewed.isFlat)
    let arms =
      (skewed.interval68.upperBound - skewed.median)
      / (skewed.median - skewed.interval68.lowerBound)
    #expect(abs(arms - log(0.5 / 0.15865) / log(0.84135 / 0.5)) < 0.01)
    let flat = PosteriorGrid.zoomed([Self.wide]) { $0[0].map { _ in 0 } }.summary(0)
    #expect(flat.isFlat && !flat.isSkewed && abs(flat.information) < 1e-12)
    let prior = ParameterPrior.gaussian(-5...5, mean: 0, standardDeviation: 1)
    for (width, isFlat) in [(0.7, false), (0.85, true)] {
      let grid = PosteriorGrid.zoomed([prior]) { quantiles in
        quantiles[0].map { q in
          let theta = prior.value(at: q)
          return -0.5 * theta * theta * (1 / (width * width) - 1)
        }
      }
      let information = grid.information(0)
      #expect(abs(information - ((width * width - 1) / 2 - log(width))) < 1e-3)
      #expect(grid.summary(0).isFlat == isFlat)
    }
  }

  /// The marginal of three parameters over two of them is their own density, of integral 1, and a
  /// single one is that of `marginal(_:)`.
  @Test("Marginal densities")
  func marginals() {
    let priors = [Self.wide, .uniform(1...3), .logUniform(0...1, offset: 0.1)]
    let grid = Self.normal(priors, deviations: [0.02, 0.05, 0.03], correlation: -0.4)
    for kept in [[0, 1], [0, 2], [1, 2], [0], [2], [0, 1, 2]] {
      let own = grid.marginal(over: kept)
      #expect(own.axes == kept.map { grid.axes[$0] })
      #expect(abs(PosteriorGrid.integral(axes: own.axes, density: own.density) - 1) < 1e-12)
      for (k, axis) in kept.enumerated() {
        #expect(abs(own.mean[k] - grid.mean[axis]) < 1e-12)
        #expect(
          abs(own.covariance[k][k] / grid.covariance[axis][axis] - 1) < 1e-10, "\(kept) \(k)")
      }
      if kept.count == 2 {
        #expect(
          abs(own.covariance[0][1] - grid.covariance[kept[0]][kept[1]]) < 1e-12, "\(kept)")
      }
    }
    let single = zip(grid.marginal(over: [1]).density, grid.marginal(1).density)
    #expect(single.allSatisfy { abs($0 - $1) < 1e-9 })
  }

  /// Cubic polynomials are exact for ln p of a normal density, so that finer points have the same
  /// density to rounding, where it is above the floor.
  @Test("Finer points")
  func refinement() {
    let grid = Self.normal([Self.wide, Self.wide], deviations: [0.02, 0.04], correlation: 0.3)
    let finer = grid.refined(by: 3)
    let peak = grid.density.max() ?? 0
    #expect(finer.axes.map(\.quantiles.count) == grid.axes.map { 3 * $0.quantiles.count - 2 })
    let (rows, columns) = (grid.axes[0].quantiles.count, grid.axes[1].quantiles.count)
    for i in stride(from: 0, to: rows, by: 7) {
      for j in stride(from: 0, to: columns, by: 5) {
        let (a, b) = (
          grid.density[i * columns + j], finer.density[3 * i * (3 * columns - 2) + 3 * j]
        )
        #expect(abs(a - b) < 1e-6 * peak)
      }
    }
    let centre = finer.axes[0].quantiles.firstIndex { $0 > 0.51 } ?? 0
    let q = finer.axes[0].quantiles[centre]
    let middle = finer.axes[1].quantiles.count / 2
    let z = (q - 0.5) / 0.02
    let y = (finer.axes[1].quantiles[middle] - 0.5) / 0.04
    let exponent = -0.5 * (z * z - 0.6 * z * y + y * y) / 0.91
    let expected = exp(exponent) / (2 * Double.pi * 0.02 * 0.04 * 0.91.squareRoot())
    let found = finer.density[centre * finer.axes[1].quantiles.count + middle]
    #expect(abs(found / expected - 1) < 1e-6)
    #expect(grid.refined(by: 1) == grid)
  }

  /// The region of probability P of a normal density in two dimensions ends where ln p has fallen
  /// by −ln(1 − P), within 1 %: the probability of a level is known to one point, and points of
  /// equal density come in fours. In θ, where the prior is uniform, densities are those in q over
  /// the ranges.
  @Test("Levels of contours")
  func levels() {
    let priors = [ParameterPrior.uniform(0...2), .uniform(0...5)]
    let grid = Self.normal(priors, deviations: [0.03, 0.03], correlation: 0.6)
    let finer = grid.refined(by: 2)
    let peak = finer.parameterDensity.max() ?? 0
    #expect(abs(peak * 10 / (finer.density.max() ?? 0) - 1) < 1e-12)
    for probability in PosteriorGrid.intervalProbabilities {
      let fall = log(peak / finer.parameterLevel(probability: probability))
      #expect(abs(fall / -log(1 - probability) - 1) < 0.01, "\(probability): \(fall)")
    }
  }

  /// 1/(θ + c) favours small θ: the density in θ of a flat posterior falls with θ as the prior
  /// does.
  @Test("Densities in the parameter")
  func parameterDensity() {
    let prior = ParameterPrior.logUniform(0...1, offset: 0.01)
    let grid = PosteriorGrid.zoomed([prior]) { $0[0].map { _ in 0 } }
    let values = grid.parameterDensity
    for (theta, density) in zip(grid.axes[0].values, values) {
      #expect(abs(density * (theta + 0.01) * log(101) - 1) < 1e-9)
    }
  }
}
