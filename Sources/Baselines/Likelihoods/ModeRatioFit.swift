import Foundation
import LinearAlgebra
import RandomFields
import SkyModels

/// The parameters of a sky whose E and B are fully correlated, from the ratio B/E of its modes.
///
/// On such a sky (`PublishedSky`: E = √C_EE g, B = √C_BB g with one g) the covariance of (E_lm,
/// B_lm) is singular, C_EE C_BB = C_EB², and a Gaussian likelihood does not exist: B_lm/E_lm =
/// C_EB/C_EE is the same number for every m, free of noise and of the sky's own scatter. Each
/// degree is one equation ln(B/E) = ln C_EB(θ) − ln C_EE(θ), and two degrees determine two
/// parameters. The least possible error of any estimator is therefore that of the numbers in the
/// map: rounding.
///
/// Method:     r_l = Σ_m Re(B conj E)/Σ_m |E|², then least squares of ln r_l over the degrees with
///             equal weights by Gauss and Newton from the best point of a grid, step halved while
///             the sum of squares does not fall.
/// Domain:     the prior ranges. Parameters that give the same ratio at every l cannot be told
///             apart: for T2 these are exactly equal peaks, where B = E whatever the peak.
/// Accuracy:   rounding of the coefficients times the condition of the fit; see `residual`.
/// Checked by: ModeRatioFitTests.
public struct ModeRatioFit: Sendable {
  /// θ_1, θ_2, ...
  public let values: [Double]
  /// The root mean square of ln r_l − ln(C_EB/C_EE) at the solution: rounding, if the sky is one of
  /// the model's, 10⁻⁷ for float32 coefficients.
  public let residual: Double

  /// Fits the coefficients of one sky.
  ///
  /// - Parameters:
  ///   - model: a model whose EB spectrum is √(EE BB), such as `PublishedSky`.
  ///   - e: E_lm, [(l, m) m-major][re, im].
  ///   - b: B_lm.
  /// - Throws: `BaselineError.noModeRatio` when a degree has no E or a ratio that is not positive.
  public init(_ model: some SkyModel, e: [Double], b: [Double]) throws(BaselineError) {
    let lmax = model.lmax
    let cross = realisedCrossSpectrum(e, b, lmax: lmax)
    let power = realisedSpectrum(e, lmax: lmax)
    let degrees = SkyField.e.firstDegree...lmax
    var logRatios: [Double] = []
    for l in degrees {
      let ratio = cross[l] / power[l]
      guard ratio > 0 && ratio.isFinite else { throw .noModeRatio(l: l, ratio: ratio) }
      logRatios.append(log(ratio))
    }
    let fit = RatioEquations(model: model, degrees: degrees, logRatios: logRatios)
    let start = fit.bestGridPoint()
    (values, residual) = fit.refined(from: start)
  }
}
