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

/// The equations ln r_l = ln C_EB(θ) − ln C_EE(θ).
private struct RatioEquations<Model: SkyModel> {
  let model: Model
  let degrees: ClosedRange<Int>
  let logRatios: [Double]

  func residuals(_ values: [Double]) -> [Double] {
    let spectra = model.spectra(at: values)
    return zip(degrees, logRatios).map { l, logRatio in
      logRatio - log(spectra.eb[l] / spectra.ee[l])
    }
  }

  func cost(_ values: [Double]) -> Double { residuals(values).reduce(0) { $0 + $1 * $1 } }

  /// The best of 33 points along each axis of the prior.
  func bestGridPoint() -> [Double] {
    var points: [[Double]] = [[]]
    for parameter in model.parameters {
      let (low, high) = (parameter.range.lowerBound, parameter.range.upperBound)
      let steps = (0..<33).map { low + (high - low) * Double($0) / 32 }
      points = points.flatMap { point in steps.map { point + [$0] } }
    }
    var best = (cost: Double.infinity, point: points[0])
    for point in points {
      let cost = cost(point)
      if cost < best.cost { best = (cost, point) }
    }
    return best.point
  }

  /// Gauss-Newton steps within the prior, at most fifty.
  func refined(from start: [Double]) -> (values: [Double], residual: Double) {
    var (values, best) = (start, cost(start))
    for _ in 0..<50 {
      guard let step = step(at: values) else { break }
      var factor = 1.0
      var accepted = false
      while factor > 1e-3 && !accepted {
        let trial = model.parameters.indices.map { i in
          let range = model.parameters[i].range
          return min(max(values[i] + factor * step[i], range.lowerBound), range.upperBound)
        }
        let cost = cost(trial)
        accepted = cost < best
        if accepted { (values, best) = (trial, cost) }
        factor /= 2
      }
      if !accepted { break }
    }
    return (values, (best / Double(degrees.count)).squareRoot())
  }

  /// The step that solves the linearised equations; nil where they are singular.
  private func step(at values: [Double]) -> [Double]? {
    let spectra = model.spectra(at: values)
    let rows: [[Double]] = model.derivatives(at: values).map { slope in
      let (cross, power) = (slope[.eb], slope[.ee])
      return degrees.map { l -> Double in
        cross[l] / spectra.eb[l] - power[l] / spectra.ee[l]
      }
    }
    let residuals = residuals(values)
    func product(_ a: [Double], _ b: [Double]) -> Double {
      zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let normal = Matrix(rows: rows.count, columns: rows.count) { product(rows[$0], rows[$1]) }
    return try? CholeskyFactor(normal).solve(rows.map { product($0, residuals) })
  }
}
