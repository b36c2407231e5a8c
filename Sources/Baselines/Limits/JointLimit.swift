import Foundation
import Kernels
import LinearAlgebra
import RandomFields
import SkyModels
import SpecialFunctions

/// The least root mean square error of every parameter that any estimator can reach on the full
/// sky, found by simulation, for a model whose parameters may share spectra.
///
/// Definition: √⟨(⟨θ⟩ − θ)²⟩ of the exact posterior mean, which no estimator undercuts on average
///             over the prior. With fixed parameters it is the error of the same estimator there:
///             one that knew the parameters would have none.
/// Method:     θ drawn from the prior, coefficients of signal and noise drawn with T_l(θ), the
///             posterior tabulated (`FullSkyPosterior`); nothing is transformed or fitted.
/// Checked by: JointLimitTests.
public struct JointLimit: Sendable {
  /// Root mean square error, one per parameter.
  public let rmse: [Double]
  /// Mean error, one per parameter.
  public let bias: [Double]
  /// Mean of what a sky says of all parameters, ln p at the truth relative to the prior, nats.
  public let gain: Double
  public let skyCount: Int

  /// Simulates the limit.
  ///
  /// Sky k takes the address (seed, limit, k): any number of threads gives the same bits.
  ///
  /// - Parameters:
  ///   - posterior: the likelihood with its noise.
  ///   - noise: N_l of each field, as the likelihood has it.
  ///   - skyCount: number of skies, at least 2.
  ///   - seed: the seed of all skies.
  ///   - fixed: parameters of all skies; nil: drawn from the prior.
  ///   - threads: threads to use at most.
  ///   - progress: told how many skies are done; stops the simulation.
  /// - Throws: `BaselineError.tooFewMaps`, `.interrupted`.
  public init(
    _ posterior: FullSkyPosterior, noise: [SkyField: [Double]], skies skyCount: Int, seed: UInt64,
    fixed: [Double]? = nil, threads: Int = 1, progress: WorkProgress = WorkProgress()
  ) throws(BaselineError) {
    guard skyCount >= 2 else { throw .tooFewMaps(found: skyCount) }
    let model = posterior.model
    let n = model.parameters.count
    var (squares, sums) = ([Double](repeating: 0, count: n), [Double](repeating: 0, count: n))
    var gain = 0.0
    for first in stride(from: 0, to: skyCount, by: 64) {
      if progress.isStopped() { throw .interrupted }
      let skies = first..<min(first + 64, skyCount)
      let truths = skies.map { sky in
        fixed
          ?? model.parameters.enumerated().map { index, parameter in
            parameter.prior.value(
              at: RandomStream(
                MapKey(seed: seed, split: .limit, index: UInt64(sky)), purpose: .parameter
              ).uniform(index))
          }
      }
      let realised = zip(skies, truths).map { sky, truth in
        Self.realisedSpectra(
          posterior, noise, truth, MapKey(seed: seed, split: .limit, index: UInt64(sky)))
      }
      for (grid, truth) in zip(try posterior.posteriors(realised, threads: threads), truths) {
        for (i, mean) in grid.mean.enumerated() {
          squares[i] += (mean - truth[i]) * (mean - truth[i])
          sums[i] += mean - truth[i]
        }
        gain += grid.logDensity(at: truth)
      }
      progress.update(skies.upperBound, skyCount)
    }
    let total = Double(skyCount)
    rmse = squares.map { ($0 / total).squareRoot() }
    bias = sums.map { $0 / total }
    self.gain = gain / total
    self.skyCount = skyCount
  }

  /// Ĉ_l of signal and noise of one sky; the sum of two independent Gaussian fields is one whose
  /// spectrum is the sum.
  private static func realisedSpectra(
    _ posterior: FullSkyPosterior, _ noise: [SkyField: [Double]], _ values: [Double], _ key: MapKey
  ) -> [SpectrumName: [Double]] {
    let spectra = posterior.model.spectra(at: values).adding(noise: noise)
    let lmax = spectra.lmax
    let fields = correlatedCoefficients(spectra: spectra, lmax: lmax, key: key)
    var result: [SpectrumName: [Double]] = [:]
    for name in posterior.spectrumNames {
      switch name {
      case .tt: result[name] = realisedSpectrum(fields.temperature, lmax: lmax)
      case .ee: result[name] = realisedSpectrum(fields.e, lmax: lmax)
      case .bb: result[name] = realisedSpectrum(fields.b, lmax: lmax)
      default: result[name] = realisedCrossSpectrum(fields.temperature, fields.e, lmax: lmax)
      }
    }
    return result
  }
}

extension FullSkyPosterior {
  /// The Fisher information of one map on the parameters,
  /// F_ij = ½ Σ_l (2l + 1) tr(T_l⁻¹ ∂_i C_l T_l⁻¹ ∂_j C_l), over the degrees with power.
  ///
  /// No unbiased estimator has a covariance below F⁻¹ [Tegmark1997].
  ///
  /// - Parameters:
  ///   - values: θ.
  ///   - noise: N_l of each field; a field that is not named has none.
  /// - Returns: a row and a column per parameter, in the inverse product of their units.
  public func fisherInformation(
    at values: [Double], noise: [SkyField: [Double]] = [:]
  ) -> Matrix {
    let spectra = model.spectra(at: values)
    let slopes = model.derivatives(at: values)
    let n = slopes.count
    var result = Matrix(rows: n, columns: n)
    for l in 0...model.lmax {
      func total(_ field: SkyField) -> Double {
        l < field.firstDegree || !fields.contains(field)
          ? 0 : spectra[field.spectrum][l] + (noise[field]?[l] ?? 0)
      }
      let weight = 0.5 * Double(2 * l + 1)
      let (t, e, b) = (total(.temperature), total(.e), total(.b))
      let c = t > 0 && e > 0 ? spectra.te[l] : 0
      let determinant = t * e - c * c
      // T⁻¹ of T and E: (e, t, −c)/determinant; of one of them alone 1/t or 1/e.
      let inverse =
        t > 0 && e > 0
        ? (e / determinant, t / determinant, -c / determinant)
        : (t > 0 ? 1 / t : 0, e > 0 ? 1 / e : 0, 0)
      func products(_ slope: SpectrumDerivatives) -> [Double] {
        let (dt, de, dc) = (slope[.tt][l], slope[.ee][l], t > 0 && e > 0 ? slope[.te][l] : 0)
        let (x, y, z) = inverse
        // T⁻¹ ∂C, row by row.
        return [x * dt + z * dc, x * dc + z * de, z * dt + y * dc, z * dc + y * de]
      }
      for i in 0..<n {
        for j in 0..<n {
          let (p, q) = (products(slopes[i]), products(slopes[j]))
          var sum = p[0] * q[0] + p[1] * q[2] + p[2] * q[1] + p[3] * q[3]
          if b > 0 { sum += slopes[i][.bb][l] * slopes[j][.bb][l] / (b * b) }
          result[i, j] += weight * sum
        }
      }
    }
    return result
  }
}

extension NamedSpectra {
  /// The spectra of signal and independent noise, from the first degree of each field on.
  ///
  /// - Parameter noise: N_l of each field, l = 0...lmax; a field that is not named has none.
  /// - Returns: again a covariance.
  public func adding(noise: [SkyField: [Double]]) -> NamedSpectra {
    func sum(_ field: SkyField) -> [Double] {
      self[field.spectrum].enumerated().map { l, value in
        l < field.firstDegree ? value : value + (noise[field]?[l] ?? 0)
      }
    }
    guard
      let result = try? NamedSpectra(
        tt: sum(.temperature), ee: sum(.e), bb: sum(.b), te: te, eb: eb, tb: tb)
    else { preconditionFailure("the sum of two covariances is one") }
    return result
  }
}
