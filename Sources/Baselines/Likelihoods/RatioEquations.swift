import Foundation
import LinearAlgebra
import RandomFields
import SkyModels

/// The equations ln r_l = ln C_EB(θ) − ln C_EE(θ).
struct RatioEquations<Model: SkyModel> {
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
