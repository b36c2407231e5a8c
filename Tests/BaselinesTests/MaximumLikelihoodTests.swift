import Foundation
import SkyModels
import Testing
import Verification

@testable import Baselines

@Suite("Maximum likelihood")
struct MaximumLikelihoodTests {

  /// A map whose realised spectrum is the model's own has its maximum at the true parameter, and
  /// the curvature there is the Fisher information. The root is found to 10⁻¹⁰ of the range; the
  /// curvature is a difference over h = 10⁻³ σ: h² relatively, and rounding u S/(h slope).
  @Test("The model's own spectrum", arguments: [5.5, 9.0, 12.34, 19.7], [0.0, 10])
  func ownSpectrum(parameter: Double, sigma: Double) throws {
    let likelihood = try peakedLikelihood(noise: sigma)
    let grid = try LikelihoodGrid(likelihood)
    let result = try grid.maximumLikelihood(realised: likelihood.totalSpectrum(at: parameter))
    #expect(abs(result.estimate - parameter) <= 1e-10 * 15)
    #expect(!result.isAtBoundary)
    let expected = 1 / likelihood.fisherInformation(at: parameter).squareRoot()
    let error = try #require(result.curvatureError)
    #expect(abs(error / expected - 1) < 1e-6)
    #expect(abs(error / (expected * 2.0.squareRoot()) - 1) > 0.1)
  }

  /// On simulated skies: no point near the estimate has a higher likelihood, and the slope vanishes
  /// there: to 10⁻¹⁰ of the range times the curvature, or is outward at a boundary.
  @Test("Simulated skies", arguments: [0.0, 5, 15])
  func simulated(sigma: Double) throws {
    let likelihood = try peakedLikelihood(noise: sigma)
    let grid = try LikelihoodGrid(likelihood, count: 301)
    var boundaryCount = 0
    for map in 0..<60 {
      let truth = 5 + 15 * Double(map) / 59
      let spectrum = realised(likelihood, at: truth, map: map)
      let result = try grid.maximumLikelihood(realised: spectrum)
      let slope = likelihood.slope(at: result.estimate, realised: spectrum)
      if result.isAtBoundary {
        boundaryCount += 1
        #expect(result.estimate == 5 ? slope >= 0 : slope <= 0)
        #expect(result.curvatureError == nil)
      } else {
        let curvature = 2 / pow(try #require(result.curvatureError), 2)
        #expect(abs(slope) <= 2 * 1e-10 * 15 * curvature + 2304 * 8 * Double.ulpOfOne)
      }
      let best = try likelihood.minusTwoLogLikelihood(at: result.estimate, realised: spectrum)
      for parameter in stride(from: 5.0, through: 20, by: 0.25) {
        let other = try likelihood.minusTwoLogLikelihood(at: parameter, realised: spectrum)
        #expect(other >= best - 2304 * 8 * Double.ulpOfOne)
      }
    }
    #expect(boundaryCount < 30)
  }

  /// Errors over skies have the scatter of the Fisher information: (θ̂ − θ)√F has the variance 1 to
  /// √(2/N) and second-order terms, the mean 0 to 1/√N.
  @Test("Unbiased and efficient without noise")
  func efficiency() throws {
    let (mean, variance) = try pulls { grid, spectrum in
      try grid.maximumLikelihood(realised: spectrum).estimate
    }
    #expect(abs(mean) < 5 / 1500.0.squareRoot())
    #expect(abs(variance - 1) < 5 * (2 / 1500.0).squareRoot())
  }

  /// Negative control for the determinant: minimising Σ (2l + 1) Ĉ/T alone prefers the model with
  /// the most power where the data have any, and is wrong by many standard deviations; so is the
  /// least-squares fit Σ (2l + 1)/2 (Ĉ/T − 1)², whose variance depends on the parameter, without
  /// its determinant.
  @Test("Without the determinant the estimate is biased")
  func withoutDeterminant() throws {
    let quadratic = try pulls { grid, spectrum in
      argmin(grid.parameters, grid.quadraticForm(realised: spectrum))
    }
    #expect(abs(quadratic.mean) > 10)
    let likelihood = try peakedLikelihood(noise: 0)
    let totals = try LikelihoodGrid(likelihood, count: 601).parameters.map {
      likelihood.totalSpectrum(at: $0)
    }
    let leastSquares = try pulls { grid, spectrum in
      let values = totals.map { total in
        (0...47).reduce(0.0) { sum, l in
          let deviation = spectrum[l] / total[l] - 1
          return sum + 0.5 * Double(2 * l + 1) * deviation * deviation
        }
      }
      return argmin(grid.parameters, values)
    }
    #expect(abs(leastSquares.mean) > 3 * 5 / 1500.0.squareRoot())
  }

  private func argmin(_ parameters: [Double], _ values: [Double]) -> Double {
    var best = 0
    for j in values.indices where values[j] < values[best] {
      best = j
    }
    return parameters[best]
  }

  /// Mean and mean square of (θ̂ − θ)√F over skies at θ = 12.
  private func pulls(
    count: Int = 1500, _ estimate: (LikelihoodGrid, [Double]) throws -> Double
  ) throws -> (mean: Double, variance: Double) {
    let likelihood = try peakedLikelihood(noise: 0)
    let grid = try LikelihoodGrid(likelihood, count: 601)
    let root = likelihood.fisherInformation(at: 12).squareRoot()
    let pulls = try (0..<count).map { map in
      (try estimate(grid, realised(likelihood, at: 12, map: map)) - 12) * root
    }
    let mean = pulls.reduce(0, +) / Double(count)
    return (mean, pulls.reduce(0) { $0 + $1 * $1 } / Double(count))
  }
}
