import Kernels
import LinearAlgebra
import RandomFields
import SkyModels
import SpecialFunctions

/// The least mean |error|/θ that any estimator can reach, found by simulation.
///
/// Definition: the mean over the prior and over skies of |estimate − θ|/θ, with the estimate the
///             median of the exact posterior weighted by 1/θ (`Posterior.optimalEstimate`).
/// Method:     θ uniform in the prior range, the coefficients of signal and noise together drawn
///             with the spectrum T_l(θ), the posterior tabulated; nothing is transformed or fitted.
/// Cost:       see `simulate`.
/// Checked by: BayesLimitTests.
public struct BayesLimit: Sendable {
  /// The optimal estimator of the metric.
  public let optimal: MeanPercentError
  /// The posterior mean, optimal for the mean square error.
  public let posteriorMean: MeanPercentError
  /// The maximum of the likelihood within the prior range.
  public let maximumLikelihood: MeanPercentError
  /// Share of maps whose likelihood is largest at an end of the prior range.
  public let boundaryFraction: Double
  public let skyCount: Int
  public let seed: UInt64

  /// True values and the three estimates on the same skies, in the order of their index.
  struct Skies: Sendable {
    var truths: [Double] = []
    var optimal: [Double] = []
    var posteriorMean: [Double] = []
    var maximumLikelihood: [Double] = []
    var boundaryCount = 0
  }

  /// The errors of the estimates on some skies.
  init(_ skies: Skies, seed: UInt64) {
    func error(_ estimates: [Double]) -> MeanPercentError {
      MeanPercentError(relativeErrors: zip(estimates, skies.truths).map { abs($0 - $1) / $1 })
    }
    optimal = error(skies.optimal)
    posteriorMean = error(skies.posteriorMean)
    maximumLikelihood = error(skies.maximumLikelihood)
    boundaryFraction = Double(skies.boundaryCount) / Double(skies.truths.count)
    skyCount = skies.truths.count
    self.seed = seed
  }

  /// Simulates the limit.
  ///
  /// Sky k is drawn from the address (seed, limit, k), and the skies are cut into parts of 64: the
  /// result has the same bits for every number of threads.
  /// Cost:       80 μs per sky, core and field at lmax 47.
  ///
  /// - Parameters:
  ///   - grid: the tabulated likelihood.
  ///   - skyCount: number of skies, at least 2.
  ///   - seed: the seed of all skies.
  ///   - component: the parameter's number in its model, which says what its true values are drawn
  ///     from.
  ///   - threads: any number gives the same bits.
  ///   - progress: told after every part how many skies are done; stops the simulation.
  /// - Returns: the errors of the three estimators.
  /// - Throws: `BaselineError.tooFewMaps` below 2 skies; `.gridTooCoarse` if a posterior is
  ///   narrower than the grid's spacing; `.interrupted`.
  public static func simulate(
    _ grid: LikelihoodGrid, skies skyCount: Int, seed: UInt64, component: Int = 0,
    threads: Int = 1, progress: WorkProgress = WorkProgress()
  ) throws(BaselineError) -> BayesLimit {
    guard skyCount >= 2 else { throw .tooFewMaps(found: skyCount) }
    let parts = evenRanges(skyCount, parts: (skyCount + 63) / 64)
    let all = try skies(grid, parts: parts, seed: seed, component: component, threads, progress)
    return BayesLimit(all, seed: seed)
  }

  private static func skies(
    _ grid: LikelihoodGrid, parts: [Range<Int>], seed: UInt64, component: Int, _ threads: Int,
    _ progress: WorkProgress
  ) throws(BaselineError) -> Skies {
    let results = Locked<[Result<Skies, BaselineError>?]>(
      [Result<Skies, BaselineError>?](repeating: nil, count: parts.count))
    let total = parts.last?.upperBound ?? 0
    let counter = ProgressCounter(progress, total: total)
    parallelFor(parts.count, threads: threads) { part in
      let result = Result { () throws(BaselineError) in
        if progress.isStopped() { throw BaselineError.interrupted }
        return try estimates(grid, skies: parts[part], seed: seed, component: component)
      }
      results.withLock { $0[part] = result }
      counter.add(parts[part].count)
    }
    var all = Skies()
    for result in results.withLock({ $0 }) {
      guard let part = try result?.get() else { preconditionFailure("a part was not computed") }
      all.truths += part.truths
      all.optimal += part.optimal
      all.posteriorMean += part.posteriorMean
      all.maximumLikelihood += part.maximumLikelihood
      all.boundaryCount += part.boundaryCount
    }
    return all
  }

  /// Draws some skies and estimates their parameter in the three ways.
  static func estimates(
    _ grid: LikelihoodGrid, skies: Range<Int>, seed: UInt64, component: Int = 0
  ) throws(BaselineError) -> Skies {
    let likelihood = grid.likelihood
    var result = Skies()
    for sky in skies {
      let key = MapKey(seed: seed, split: .limit, index: UInt64(sky))
      let truth = drawParameter(
        in: likelihood.family.parameterRange, key: key, component: component)
      let realised = drawRealisedSpectra(likelihood, at: truth, key: key)
      let values = try grid.logLikelihood(realised: realised)
      let posterior = try grid.posterior(logLikelihood: values)
      let (maximum, isAtBoundary) = grid.maximum(of: values, realised: realised)
      result.truths.append(truth)
      result.optimal.append(posterior.optimalEstimate)
      result.posteriorMean.append(posterior.mean)
      result.maximumLikelihood.append(maximum)
      result.boundaryCount += isAtBoundary ? 1 : 0
    }
    return result
  }

  /// Ĉ_l of the fields of a simulated map with signal and noise, `[field][l]`. The sum of two
  /// independent Gaussian fields is one whose spectrum is the sum.
  static func drawRealisedSpectra(
    _ likelihood: FullSkyLikelihood, at parameter: Double, key: MapKey
  ) -> [[Double]] {
    likelihood.components.map { component in
      let lmax = component.family.lmax
      guard let spectrum = try? PowerSpectrum(component.totalSpectrum(at: parameter)) else {
        preconditionFailure("the sum of two spectra is one")
      }
      return realisedSpectrum(
        gaussianCoefficients(
          spectrum: spectrum, lmax: lmax, key: key, field: component.field.rawValue), lmax: lmax)
    }
  }

  /// The same of the first field alone.
  static func drawRealisedSpectrum(
    _ likelihood: FullSkyLikelihood, at parameter: Double, key: MapKey
  ) -> [Double] {
    drawRealisedSpectra(likelihood, at: parameter, key: key)[0]
  }
}
