import Foundation
import Testing
import Verification

@testable import SpecialFunctions

@Suite("Posterior")
struct PosteriorTests {
  private let parameters = (0...3000).map { 5 + 15 * Double($0) / 3000 }
  private let spacing = 15.0 / 3000

  /// A normal density well inside the grid: the trapezoidal rule is exact to rounding for it at
  /// three points and more per standard deviation; the quantiles, with linear cells, err by
  /// h²/8σ. Blind to: asymmetry.
  @Test("Normal density", arguments: [0.05, 0.4])
  func normal(sigma: Double) {
    let center = 9.1234
    let posterior = Posterior(
      parameters: parameters,
      logDensity: parameters.map { -0.5 * pow(($0 - center) / sigma, 2) + 700 })
    let quadratureBound = 3000.0.squareRoot() * 8 * Double.ulpOfOne * center
    #expect(abs(posterior.mean - center) <= quadratureBound)
    #expect(abs(posterior.standardDeviation / sigma - 1) <= 1e3 * quadratureBound)
    let quantileBound = spacing * spacing / (8 * sigma)
    #expect(abs(posterior.median - center) <= quantileBound)
    // Φ(1) = ½ erfc(−1/√2).
    let one = posterior.quantile(0.5 * erfc(-1 / 2.0.squareRoot())) { _ in 1 }
    #expect(abs(one - center - sigma) <= quantileBound)
    // The factor 1/θ moves the centre to that of a normal density times 1/θ, lower by σ²/θ.
    let lowered = center - sigma * sigma / center
    #expect(abs(posterior.optimalEstimate - lowered) < 0.02 * (center - lowered) + quantileBound)
    // Negative control: weighting by θ moves it the other way.
    let wrong = posterior.quantile(0.5) { $0 }
    #expect(wrong - posterior.optimalEstimate > 1.5 * sigma * sigma / center)
  }

  /// The flat density on a...b: mean and median (a + b)/2; the median weighted by 1/θ is √(a b),
  /// the standard deviation (b − a)/√12. Linear cells are exact for the first, 1/θ errs by h²/12 of
  /// its second derivative.
  @Test("Flat density")
  func flat() {
    let posterior = Posterior(parameters: parameters, logDensity: parameters.map { _ in -3 })
    let rounding = 3000 * 4 * Double.ulpOfOne * 20
    #expect(abs(posterior.mean - 12.5) <= rounding)
    #expect(abs(posterior.median - 12.5) <= rounding)
    let weightedBound = spacing * spacing * 20 / 12 * 2 / 25
    #expect(abs(posterior.optimalEstimate - 10) <= weightedBound)
    let width = 15 / 12.0.squareRoot()
    #expect(abs(posterior.standardDeviation - width) <= spacing * spacing)
    #expect(abs(posterior.optimalEstimate - 12.5) > 1000 * weightedBound)
  }

  /// The optimal estimate minimises ∫ |x − θ|/θ p(θ) dθ over x, here compared with the integral at
  /// shifted x. The minimum is flat: a shift s costs s² p(x)/x to second order.
  @Test("The optimal estimate is optimal")
  func optimality() {
    let posterior = Posterior(
      parameters: parameters,
      logDensity: parameters.map { 3 * log($0 - 4.5) - 0.8 * $0 })
    func cost(_ x: Double) -> Double {
      var sum = 0.0
      for (parameter, density) in zip(posterior.parameters, posterior.density) {
        sum += abs(x - parameter) / parameter * density * spacing
      }
      return sum
    }
    let best = posterior.optimalEstimate
    for shift in [0.05, -0.05, 0.5, -0.5] {
      #expect(cost(best + shift) > cost(best), "shift \(shift)")
    }
    // Negative control: neither the mean nor the median is.
    #expect(cost(posterior.mean) > cost(best))
    #expect(cost(posterior.median) > cost(best))
  }

  /// A density that rises to the end of the range: exponential with scale s at the upper end,
  /// median b − s ln 2, mean b − s.
  @Test("Density at the edge of the prior")
  func edge() {
    let s = 0.25
    let posterior = Posterior(parameters: parameters, logDensity: parameters.map { $0 / s })
    let bound = spacing * spacing / s
    #expect(abs(posterior.mean - (20 - s)) <= bound)
    #expect(abs(posterior.median - (20 - s * log(2.0))) <= bound)
    #expect(abs(posterior.standardDeviation - s) <= bound)
    #expect(abs(posterior.median - (20 - s)) > 100 * bound)
  }
}
