import Foundation
import RandomFields
import SkyModels
import Testing
import Verification

@testable import Baselines

@Suite("Limits of the T3 task")
struct OpticalDepthLimitTests {

  /// EE and BB of one parameter over the full sky against the independent reference, 2.933 ± 0.007
  /// for the optimal estimator and 2.988 for maximum likelihood (their difference is known better
  /// than either), within four combined standard errors. Blind to: errors below three percent.
  @Test("Full sky")
  func fullSky() throws {
    let model = UncorrelatedModel.opticalDepth()
    let limits = try SkyLimits.fullSky(model, skies: 4000, seed: 401, gridCount: 601, threads: 2)
    #expect(limits.map(\.name) == ["tau"])
    let limit = limits[0].limit
    let squares = pow(limit.optimal.standardError, 2) + pow(0.007, 2)
    #expect(abs(limit.optimal.percent - 2.933) < 4 * squares.squareRoot() + 0.0005)
    #expect(limit.optimal.percent < limit.maximumLikelihood.percent)
    // Negative control: E alone knows less, and B alone hardly anything.
    let bound = try SkyLimits.fullSkyCramerRao(model)[0]
    let alone = try [SkyField.e, .b].map { field in
      try FullSkyLikelihood([
        .init(field, family: ParameterSlice(model, field: field, parameter: 0))
      ]).cramerRaoPercentError
    }
    #expect(bound < alone[0] && bound < alone[1])
    #expect(abs(limit.optimal.percent / bound - 1) < 0.1)
  }

  /// On the published sky tau follows from the ratio B/E of one noise-free map, to rounding: the
  /// log ratio changes with tau by d ln(C_BB/C_EE)/dτ, of order 1/τ at low degrees.
  @Test("Published sky")
  func publishedSky() throws {
    let sky = PublishedSky(UncorrelatedModel.opticalDepth(.published))
    let key = MapKey(seed: 402, split: .test, index: 0)
    let modes = correlatedCoefficients(spectra: sky.spectra(at: [0.0567]), lmax: 47, key: key)
    let fit = try ModeRatioFit(sky, e: modes.e, b: modes.b)
    #expect(abs(fit.values[0] / 0.0567 - 1) < 1e-12)
    #expect(fit.residual <= 64 * Double.ulpOfOne)
  }
}
