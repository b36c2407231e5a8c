import Baselines
import HarmonicTransforms
import SkyModels
import SphereGrids

/// One row of the benchmark: a task with its resolution and noise.
public struct TaskSettings: Codable, Sendable, Hashable {
  public var task: BenchmarkTask
  public var skyProtocol: SkyProtocol
  /// HEALPix resolution of the maps.
  public var nside: Int
  /// σ_n, standard deviation of the white noise per pixel, in the map's unit.
  public var noise: Double

  /// The largest degree of the sky, inclusive.
  public static let lmax = 47

  /// A row of the benchmark.
  ///
  /// - Throws: `BenchmarkError.taskNotAvailable`, `.invalidNoise`, `.degreesBeyondGrid`.
  public init(
    task: BenchmarkTask = .t1, skyProtocol: SkyProtocol = .physical, nside: Int = 16,
    noise: Double = 0
  ) throws(BenchmarkError) {
    guard task == .t1 else {
      throw .taskNotAvailable(task: task.rawValue, available: [BenchmarkTask.t1.rawValue])
    }
    guard noise >= 0, noise.isFinite else { throw .invalidNoise(found: noise) }
    // The range first: 3 nside of an absurd nside would overflow.
    guard (1...HealpixGrid.largestNside).contains(nside), 3 * nside - 1 >= Self.lmax else {
      throw .degreesBeyondGrid(nside: nside, lmax: Self.lmax)
    }
    self.task = task
    self.skyProtocol = skyProtocol
    self.nside = nside
    self.noise = noise
  }

  /// The spectra: T1's peaked model.
  public var family: PeakedModel { PeakedModel(lmax: Self.lmax) }
  /// The range of the uniform prior of each parameter.
  public var priorRange: ClosedRange<Double> { family.parameterRange }
  /// Names of the parameters.
  public var parameterNames: [String] { task.parameterNames }
  /// 12 nside².
  public var pixelCount: Int { 12 * nside * nside }

  /// The exact likelihood of a full-sky map, tabulated over the prior.
  ///
  /// - Parameter noiseVariance: the variance of a_lm per degree relative to ideal white noise, as
  ///   the analysis has it (`LeastSquaresAnalysis.noiseVariance`); nil: ideal.
  /// - Returns: the likelihood with this noise.
  /// - Throws: `BaselineError`.
  public func likelihoodGrid(noiseVariance: [Double]? = nil) throws -> LikelihoodGrid {
    var spectrum = FullSkyLikelihood.whiteNoise(
      standardDeviation: noise, pixelCount: pixelCount, lmax: Self.lmax)
    for l in spectrum.indices { spectrum[l] *= noiseVariance?[l] ?? 1 }
    return try LikelihoodGrid(FullSkyLikelihood(family: family, noise: spectrum))
  }
}
