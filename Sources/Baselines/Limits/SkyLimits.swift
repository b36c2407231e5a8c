import HarmonicTransforms
import Kernels
import LinearAlgebra
import RandomFields
import SkyMaps
import SkyModels

/// The limits of a sky model: one call for each combination of a model, a sky and a question.
///
/// Definition: θ uniform in the prior, skies drawn from the model, the exact posterior, its optimal
///             estimate (`Posterior.optimalEstimate`) and the mean of |estimate − θ|/θ; or the
///             Cramér-Rao bound of the same likelihood averaged over the prior.
/// Numbers:    sky k of a seed is the address (seed, limit, k); parameter i takes element i of its
///             parameter stream, a field its own number.
/// Checked by: FactorisedLikelihoodTests, OpticalDepthLimitTests, SkyLimitSlowTests.
public enum SkyLimits {

  /// The limits over the full sky, by simulation.
  ///
  /// The likelihood factorises (`FactorisedLikelihood`): one one-parameter posterior per parameter.
  /// Cost:       80 μs per sky, core and field at lmax 47.
  ///
  /// - Parameters:
  ///   - model: fields without correlation, each with one parameter.
  ///   - noise: σ of the white noise of a pixel in every map, in the map's unit.
  ///   - pixelCount: number of pixels, 12 nside², which turns σ into N_l; 3072 is nside 16.
  ///   - skies: number of skies.
  ///   - seed: the seed of all skies.
  ///   - gridCount: points of each posterior.
  ///   - threads: any number gives the same bits.
  ///   - progress: reports and stops; counts the skies of all parameters.
  /// - Returns: one limit per parameter, in the model's order.
  /// - Throws: `BaselineError` of `FactorisedLikelihood` and `BayesLimit`.
  public static func fullSky(
    _ model: some SkyModel, noise: Double = 0, pixelCount: Int = 3072, skies: Int, seed: UInt64,
    gridCount: Int = 1501, threads: Int = 1, progress: WorkProgress = WorkProgress()
  ) throws(BaselineError) -> [ParameterLimit] {
    let likelihood = try FactorisedLikelihood(model, whiteNoise: noise, pixelCount: pixelCount)
    let grids = try likelihood.grids(count: gridCount)
    var limits: [ParameterLimit] = []
    for (i, grid) in grids.enumerated() {
      let part = WorkProgress(isStopped: progress.isStopped) { done, _ in
        progress.update(i * skies + done, grids.count * skies)
      }
      limits.append(
        ParameterLimit(
          name: likelihood.parameters[i].name,
          limit: try BayesLimit.simulate(
            grid, skies: skies, seed: seed, component: i, threads: threads, progress: part)))
    }
    return limits
  }

  /// The Cramér-Rao bounds over the full sky, percent, in the order of the model's parameters.
  ///
  /// - Throws: `BaselineError` of `FactorisedLikelihood`.
  public static func fullSkyCramerRao(
    _ model: some SkyModel, noise: Double = 0, pixelCount: Int = 3072
  ) throws(BaselineError) -> [Double] {
    try FactorisedLikelihood(model, whiteNoise: noise, pixelCount: pixelCount)
      .factors.map(\.cramerRaoPercentError)
  }

  /// The limits on a cut sky, by simulation: the exact posterior of the observed pixels.
  ///
  /// Skies have the white noise σ and that of the floor, as the likelihood assumes.
  /// Cost:       `CutSkyPosterior`: at f_sky 0.1, nside 16 half a minute for 3000 skies on
  ///             two shared cores.
  ///
  /// - Parameters:
  ///   - model: a model of E and B with one or two parameters.
  ///   - mask: which pixels are observed.
  ///   - noise: σ per pixel, in the map's unit.
  ///   - floor: the floor.
  ///   - skies: number of skies.
  ///   - seed: the seed of all skies.
  ///   - nodes: nodes per parameter.
  ///   - threads: any number gives the same bits.
  ///   - progress: reports the nodes that are done, and stops.
  /// - Returns: one limit per parameter, in the model's order.
  /// - Throws: `BaselineError` of `PixelLikelihood` and `CutSkyPosterior`, `.tooFewMaps`;
  ///   `HealpixError`.
  public static func cutSky(
    _ model: some SkyModel, mask: SkyMask, noise: Double = 0, floor: PixelFloor, skies: Int,
    seed: UInt64, nodes: Int = CutSkyPosterior.standardNodeCount, threads: Int = 1,
    progress: WorkProgress = WorkProgress()
  ) throws -> [ParameterLimit] {
    guard skies >= 2 else { throw BaselineError.tooFewMaps(found: skies) }
    let likelihood = try PixelLikelihood(
      model, mask: mask, noise: noise, floor: floor, threads: threads, progress: progress.stopOnly)
    let posterior = try CutSkyPosterior(likelihood, nodes: nodes)
    let (maps, truths) = try likelihood.simulated(
      0..<skies, seed: seed, split: .limit, threads: threads)
    let estimates = try posterior.estimates(maps, threads: threads, progress: progress)
    return model.parameters.indices.map { i in
      let skies = BayesLimit.Skies(
        truths: truths.map { $0[i] }, optimal: estimates.map { $0.optimal[i] },
        posteriorMean: estimates.map { $0.posteriorMean[i] },
        maximumLikelihood: estimates.map { $0.maximumLikelihood[i] },
        boundaryCount: estimates.count { $0.isAtBoundary[i] })
      return ParameterLimit(
        name: model.parameters[i].name, limit: BayesLimit(skies, seed: seed))
    }
  }

  /// The Cramér-Rao bounds of the observed pixels, percent, in the order of the model's parameters.
  ///
  /// - Parameters:
  ///   - model: a model of E and B.
  ///   - mask: which pixels are observed; all of them is allowed.
  ///   - noise: σ per pixel, in the map's unit.
  ///   - floor: the floor.
  ///   - points: points of the mean over the prior, in each parameter.
  ///   - threads: any number gives the same bits.
  ///   - progress: reports the points that are done, and stops.
  /// - Returns: percent.
  /// - Throws: `BaselineError` of `PixelLikelihood`; `LinearAlgebraError`, `HealpixError`.
  public static func cutSkyCramerRao(
    _ model: some SkyModel, mask: SkyMask, noise: Double = 0, floor: PixelFloor, points: Int = 5,
    threads: Int = 1, progress: WorkProgress = WorkProgress()
  ) throws -> [Double] {
    try PixelLikelihood(
      model, mask: mask, noise: noise, floor: floor, threads: threads, progress: progress.stopOnly
    ).cramerRaoPercentErrors(points: points, threads: threads, progress: progress)
  }
}

extension PixelLikelihood {
  /// Simulated maps with noise and floor, and their true parameters, `[map][parameter]`.
  ///
  /// Coefficients are those of `drawCorrelatedCoefficients`, synthesised to whole maps in blocks of
  /// 64; noise of standard deviation √(σ² + σ_floor²) comes from the streams 1 (Q) and 2 (U).
  /// Domain: Q and U with white noise (a precondition).
  func simulated(
    _ indices: Range<Int>, seed: UInt64, split: DataSplit, threads: Int
  ) throws(BaselineError) -> (maps: ObservedMaps, truths: [[Double]]) {
    let lmax = model.lmax
    let rows = dataCount
    let deviation = variances[0].squareRoot()
    precondition(
      fields == [.e, .b] && variances.allSatisfy { $0 == variances[0] },
      "simulations of \(fields) with uneven noise")
    var values = [Double](repeating: 0, count: rows * indices.count)
    var truths: [[Double]] = []
    for first in stride(from: indices.lowerBound, to: indices.upperBound, by: 64) {
      let block = first..<min(first + 64, indices.upperBound)
      var coefficients = SpinCoefficients<Double>(lmax: lmax, lanes: 64)
      for (lane, k) in block.enumerated() {
        let key = MapKey(seed: seed, split: split, index: UInt64(k))
        let truth = model.parameters.enumerated().map { i, parameter in
          drawParameter(in: parameter.range, key: key, component: i)
        }
        let spectra = try spectra(at: truth)
        drawCorrelatedCoefficients(
          of: .e, spectra: spectra, lmax: lmax, key: key, into: &coefficients.e.values,
          lane: lane, lanes: 64)
        drawCorrelatedCoefficients(
          of: .b, spectra: spectra, lmax: lmax, key: key, into: &coefficients.b.values,
          lane: lane, lanes: 64)
        truths.append(truth)
      }
      var fields = harmonics.transform.synthesis(coefficients, threads: threads)
      for (lane, k) in block.enumerated() {
        let key = MapKey(seed: seed, split: split, index: UInt64(k))
        addWhiteNoise(
          standardDeviation: deviation, key: key, field: 1,
          to: &fields.q.values, lane: lane, lanes: 64)
        addWhiteNoise(
          standardDeviation: deviation, key: key, field: 2,
          to: &fields.u.values, lane: lane, lanes: 64)
      }
      let observed = try ObservedMaps(fields, mask: mask)
      for row in 0..<rows {
        for lane in 0..<block.count {
          values[row * indices.count + block.lowerBound - indices.lowerBound + lane] =
            observed.values[row * 64 + lane]
        }
      }
    }
    return (ObservedMaps(count: indices.count, values: values), truths)
  }
}
