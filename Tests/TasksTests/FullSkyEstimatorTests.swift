import Baselines
import SkyModels
import Testing
import Verification

@testable import Tasks

/// The estimator of full skies: what its likelihood takes for the noise of its analysis.
/// TrainingRunTests has the optimum on maps against the one simulated in harmonic space.
@Suite("Optimal estimator of the full sky")
struct FullSkyEstimatorTests {
  /// The mean of Ĉ_l over maps of nothing but noise is the N_l of the likelihood, degree by degree.
  /// With n maps the mean has the relative error √(2/((2l + 1) n)), a little more where
  /// coefficients are correlated; five of these. Control: N_l of ideal white noise, which
  /// least squares exceeds near l = 3 nside.
  /// Blind to: correlations between coefficients.
  @Test("Noise of the analysis", arguments: [BenchmarkTask.t1, .t2])
  func noise(task: BenchmarkTask) throws {
    let settings = try TaskSettings(task: task, noise: 3)
    let estimator = try FullSkyEstimator(settings)
    let (count, channels) = (400, settings.fieldCount)
    var numbers = TestNumbers(seed: 91)
    let maps = numbers.normals(settings.pixelCount * count * channels).map { Float(3 * $0) }
    let realised = try estimator.realisedSpectra(
      maps, count: count, channels: channels, threads: 2)
    let ideal = FullSkyLikelihood.whiteNoise(
      standardDeviation: 3, pixelCount: settings.pixelCount, lmax: TaskSettings.lmax)
    for (parameter, factor) in estimator.likelihood.factors.enumerated() {
      for (place, component) in factor.components.enumerated() {
        var control = 0.0
        for l in (settings.fieldCount == 1 ? 0 : 2)...TaskSettings.lmax {
          let mean = realised.reduce(0) { $0 + $1[parameter][place][l] / Double(count) }
          func score(_ expected: Double) -> Double {
            let relative = (2 / (Double(2 * l + 1) * Double(count))).squareRoot()
            return StandardScore(
              mean: mean, standardError: relative * expected, expected: expected
            ).magnitude
          }
          #expect(score(component.noise[l]) <= 5, "\(component.field), l = \(l)")
          control = max(control, score(ideal[l]))
        }
        #expect(control > 20, "\(component.field): ideal noise within \(control)")
      }
    }
  }
}
