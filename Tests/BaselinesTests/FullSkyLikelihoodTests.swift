import Foundation
import RandomFields
import SkyModels
import Testing
import Verification

@testable import Baselines

/// The T1 likelihood with white noise σ per pixel of an nside 16 map.
func peakedLikelihood(noise sigma: Double) throws -> FullSkyLikelihood {
  try FullSkyLikelihood(
    family: PeakedModel(),
    noise: FullSkyLikelihood.whiteNoise(standardDeviation: sigma, pixelCount: 3072, lmax: 47))
}

/// Ĉ_l of one simulated sky.
func realised(_ likelihood: FullSkyLikelihood, at parameter: Double, map: Int) -> [Double] {
  BayesLimit.drawRealisedSpectrum(
    likelihood, at: parameter, key: MapKey(seed: 91, split: .test, index: UInt64(map)))
}

@Suite("Likelihood over the full sky")
struct FullSkyLikelihoodTests {

  /// −2 ln L is 0 where the model is the realised spectrum, and by hand 3 (2 − ln 2 − 1) when one
  /// degree, l = 1, has twice the power of the model: the sum of at most 48 terms, each 4 roundings
  /// of (2l + 1)(ratio + |ln ratio| + 1).
  @Test("By hand")
  func byHand() throws {
    let likelihood = try peakedLikelihood(noise: 5)
    var spectrum = likelihood.totalSpectrum(at: 11)
    let bound = 4 * 48.0.squareRoot() * 95 * 2 * Double.ulpOfOne
    #expect(abs(try likelihood.minusTwoLogLikelihood(at: 11, realised: spectrum)) <= bound)
    spectrum[1] *= 2
    let expected = 3 * (1 - log(2.0))
    let value = try likelihood.minusTwoLogLikelihood(at: 11, realised: spectrum)
    #expect(abs(value - expected) <= bound)
    // Negative control: without the determinant's logarithm the sum is 3.
    #expect(abs(3 - expected) > 1000 * bound)
  }

  /// The tabulated likelihood differs from the definition by a constant. Sums of 48 terms of
  /// size S = Σ (2l + 1)(Ĉ/T + |ln T|): 8 √48 u S. Blind to: the constant.
  @Test("Table against definition", arguments: [0.0, 15])
  func table(sigma: Double) throws {
    let likelihood = try peakedLikelihood(noise: sigma)
    let grid = try LikelihoodGrid(likelihood, count: 37)
    let spectrum = realised(likelihood, at: 8.3, map: 0)
    let values = try grid.logLikelihood(realised: spectrum)
    let definition = try grid.parameters.map {
      -0.5 * (try likelihood.minusTwoLogLikelihood(at: $0, realised: spectrum))
    }
    func scale(_ j: Int) -> Double {
      let total = likelihood.totalSpectrum(at: grid.parameters[j])
      var sum = 0.0
      for l in 0...47 {
        sum += Double(2 * l + 1) * (spectrum[l] / total[l] + abs(log(total[l])))
      }
      return sum
    }
    let control = grid.quadraticForm(realised: spectrum).map { -0.5 * $0 }
    var worstControl = 0.0
    for j in values.indices {
      let bound = 8 * 48.0.squareRoot() * Double.ulpOfOne * (scale(j) + scale(0))
      #expect(abs((values[j] - values[0]) - (definition[j] - definition[0])) <= bound)
      let wrong = abs((control[j] - control[0]) - (definition[j] - definition[0]))
      worstControl = max(worstControl, wrong / bound)
    }
    // Negative control: the quadratic form without the determinant.
    #expect(worstControl > 1000)
  }

  /// The slope against a central difference: truncation h²/6 of the third derivative, which is
  /// below 10 (2/σ²)/w for a curvature 2/σ² and a model of width w = 5, and rounding u S/h.
  @Test("Slope", arguments: [0.0, 5, 15])
  func slope(sigma: Double) throws {
    let likelihood = try peakedLikelihood(noise: sigma)
    let spectrum = realised(likelihood, at: 12, map: 1)
    let h = 1e-4
    for parameter in [11.5, 12.25] {
      let above = try likelihood.minusTwoLogLikelihood(at: parameter + h, realised: spectrum)
      let below = try likelihood.minusTwoLogLikelihood(at: parameter - h, realised: spectrum)
      let slope = likelihood.slope(at: parameter, realised: spectrum)
      let curvature = 2 * likelihood.fisherInformation(at: parameter)
      let truncation = h * h / 6 * 10 * curvature / 5
      let bound = truncation + 2304 * 8 * Double.ulpOfOne / h
      #expect(abs(slope - (above - below) / (2 * h)) <= bound)
      // Negative control: Ĉ and T exchanged in the bracket.
      #expect(abs(-slope - (above - below) / (2 * h)) > 1000 * bound)
    }
  }

  /// ½ d(−2 ln L)/dθ has the variance F(θ) over skies at the true parameter, and the mean 0. Over N
  /// skies the mean errs by √(F/N) and the variance by F √(κ/N); κ is 2 for a normal variable and
  /// below 3 for this sum of χ² variables.
  @Test("Fisher information is the variance of the score", arguments: [0.0, 10])
  func fisher(sigma: Double) throws {
    let likelihood = try peakedLikelihood(noise: sigma)
    let count = 4000
    let scores = (0..<count).map {
      0.5 * likelihood.slope(at: 9, realised: realised(likelihood, at: 9, map: $0))
    }
    let fisher = likelihood.fisherInformation(at: 9)
    let n = Double(count)
    let mean = scores.reduce(0, +) / n
    let variance = scores.reduce(0) { $0 + $1 * $1 } / n
    #expect(abs(mean) < 5 * (fisher / n).squareRoot())
    #expect(abs(variance / fisher - 1) < 5 * (3 / n).squareRoot())
    // Negative control: F without the factor ½.
    #expect(abs(variance / (2 * fisher) - 1) > 2 * 5 * (3 / n).squareRoot())
  }

  /// White noise: ⟨Ĉ_l⟩ = σ² 4π/npix, so that Σ (2l + 1) N_l/4π over as many coefficients as pixels
  /// is σ². Exact up to three roundings.
  @Test("White noise")
  func whiteNoise() {
    let noise = FullSkyLikelihood.whiteNoise(standardDeviation: 3, pixelCount: 3072, lmax: 5)
    #expect(noise.count == 6)
    let total = noise[2] / (4 * .pi) * 3072
    #expect(abs(total - 9) <= 4 * 9 * Double.ulpOfOne)
  }

  /// A constant Fisher information, from a family whose logarithm is linear in the parameter, has
  /// the integral in closed form: F = ½ Σ (2l + 1), and ⟨1/θ⟩ = ln(b/a)/(b − a) on a...b. Simpson's
  /// rule errs by h⁴/180 max|24/θ⁵| (b − a), h = (b − a)/300.
  @Test("Cramér-Rao mean")
  func cramerRao() throws {
    struct Amplitude: SpectrumFamily {
      let parameterName = "log_amplitude"
      let parameterRange = 2.0...5
      let lmax = 3
      func spectrum(at parameter: Double) -> PowerSpectrum {
        guard let spectrum = try? PowerSpectrum([Double](repeating: exp(parameter), count: 4))
        else { preconditionFailure("an exponential is positive") }
        return spectrum
      }
      func derivative(at parameter: Double) -> [Double] {
        [Double](repeating: exp(parameter), count: 4)
      }
    }
    let likelihood = try FullSkyLikelihood(family: Amplitude())
    let factor = 100 * (2 / Double.pi).squareRoot() / 8.0.squareRoot()
    let expected = factor * log(2.5) / 3
    let bound = factor * (pow(0.01, 4) / 180 * 24 / 32) + 32 * expected * Double.ulpOfOne
    #expect(abs(likelihood.cramerRaoPercentError - expected) <= bound)
    #expect(abs(likelihood.cramerRaoPercentError - expected / 2.0.squareRoot()) > 1000 * bound)
  }

  /// The bound of the noise-free T1 task is just above what a bounded prior allows.
  @Test("Cramér-Rao of the T1 task")
  func cramerRaoOfPeakedModel() throws {
    let bound = try peakedLikelihood(noise: 0).cramerRaoPercentError
    #expect(abs(bound / 0.538 - 1) < 0.01)
  }
}
