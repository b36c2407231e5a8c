import Baselines
import HarmonicTransforms
import Kernels
import LinearAlgebra
import SkyModels
import SpecialFunctions
import SphereGrids
import Training

/// The exact joint posterior of full-sky maps of a task whose parameters may share spectra and have
/// any priors.
///
/// Method:   coefficients by least squares up to nside 32, above by quadrature with three
///           corrections (`SpinTransform.iterated`); their realised spectra; `FullSkyPosterior`
///           with the noise as that analysis passes it on. The estimates are the posterior means.
/// Accuracy: of quadrature: what three corrections leave, below 10⁻⁴ of the field at lmax = 2
///           nside. The noise of least squares is correlated, and the likelihood takes its mean
///           over m and no correlation: without noise nothing is lost, at lmax = 2 nside next to
///           nothing, at nside 16 and lmax 47 a hundredth of the error of r (6 uK arcmin), at
///           nside 32 and lmax 95 a third of it. `isExact` says where that is excluded.
/// Checked by: JointPosteriorEstimatorTests.
public final class JointPosteriorEstimator: PosteriorEstimator {
  /// What the maps are.
  public let settings: TaskSettings
  public var batchSize: Int { TestMaps.blockLength }
  /// The likelihood.
  public let posterior: FullSkyPosterior
  /// N_l of every field, as the analysis passes the noise on.
  public let noise: [SkyField: [Double]]

  private enum Analysis: Sendable {
    case temperature(LeastSquaresAnalysis<Double>)
    case polarisation(SpinLeastSquaresAnalysis<Double>)
    case temperatureQuadrature(ScalarTransform<Double>)
    case polarisationQuadrature(SpinTransform<Double>)
  }

  private let analysis: Analysis
  private let grid: HealpixGrid

  /// The highest resolution whose least-squares operator, of the order of lmax⁴ numbers, is made.
  public static let mostLeastSquaresNside = 32
  /// Corrections of the quadrature.
  private static let iterations = 3

  /// Whether the posterior of a task on a full sky is that of its maps: without noise, up to
  /// degree 2 nside, and on the benchmark's own grid.
  public static func isExact(for settings: TaskSettings) -> Bool {
    settings.noise == 0 || settings.lmax <= 2 * settings.nside || settings.nside <= 16
  }

  /// Prepares the analysis and the likelihood.
  ///
  /// - Throws: `HealpixError`, `HarmonicTransformError.singularAnalysis`; `BaselineError` of
  ///   `FullSkyPosterior`.
  public init(_ settings: TaskSettings, threads: Int) throws {
    precondition(!settings.hasFilters, "the full-sky posterior of a cut sky or uneven noise")
    self.settings = settings
    grid = try HealpixGrid(nside: settings.nside)
    let lmax = settings.lmax
    var noise: [SkyField: [Double]] = [:]
    let white = FullSkyLikelihood.whiteNoise(
      standardDeviation: settings.noise, pixelCount: settings.pixelCount, lmax: lmax)
    func amplified(_ factors: [Double]) -> [Double] { zip(white, factors).map { $0 * $1 } }
    let isLeastSquares = settings.nside <= Self.mostLeastSquaresNside
    switch (settings.task.isPolarisation, isLeastSquares) {
    case (true, true):
      let fit = try SpinLeastSquaresAnalysis<Double>(grid: grid, spin: 2, lmax: lmax)
      analysis = .polarisation(fit)
      noise = [.e: amplified(fit.noiseVariance.e), .b: amplified(fit.noiseVariance.b)]
    case (false, true):
      let fit = try LeastSquaresAnalysis<Double>(grid: grid, lmax: lmax)
      analysis = .temperature(fit)
      noise = [.temperature: amplified(fit.noiseVariance)]
    case (true, false):
      analysis = .polarisationQuadrature(SpinTransform(grid: grid, spin: 2, lmax: lmax))
      noise = [.e: white, .b: white]
    case (false, false):
      analysis = .temperatureQuadrature(ScalarTransform(grid: grid, lmax: lmax))
      noise = [.temperature: white]
    }
    self.noise = noise
    posterior = try FullSkyPosterior(
      settings.model(), fields: settings.task.fields, noise: noise, threads: threads)
  }

  public func posteriors(
    _ maps: [Float], count: Int, channels: Int?, threads: Int, interruption: InterruptionFlag,
    progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void
  ) throws -> [PosteriorGrid] {
    if interruption.isRaised { throw TaskError.interrupted }
    return try posterior.posteriors(
      realisedSpectra(maps, count: count, channels: channels, threads: threads), threads: threads)
  }

  public func cramerRaoBounds(at values: [Double], threads: Int) throws -> [Double] {
    let inverse = try CholeskyFactor(
      posterior.fisherInformation(at: values, noise: noise)
    ).inverse()
    return values.indices.map { inverse[$0, $0].squareRoot() }
  }

  /// Ĉ_l of every map by name.
  func realisedSpectra(
    _ maps: [Float], count: Int, channels: Int?, threads: Int
  ) throws -> [[SpectrumName: [Double]]] {
    let width = channels ?? settings.fieldCount
    func own(_ channel: Int) -> FieldStack<Double> {
      field(maps, channel: channel, of: width, count: count, grid: grid)
    }
    func named(_ e: [[Double]], _ b: [[Double]]) -> [[SpectrumName: [Double]]] {
      zip(e, b).map { [.ee: $0, .bb: $1] }
    }
    switch analysis {
    case .temperature(let fit):
      return try fit.analysis(own(0), threads: threads).spectra().map { [.tt: $0] }
    case .temperatureQuadrature(let transform):
      return try transform.iterated(own(0), iterations: Self.iterations, threads: threads)
        .spectra().map { [.tt: $0] }
    case .polarisation(let fit):
      let (e, b, _) = try fit.analysis(SpinFields(q: own(0), u: own(1)), threads: threads)
        .spectra()
      return named(e, b)
    case .polarisationQuadrature(let transform):
      let (e, b, _) = try transform.iterated(
        SpinFields(q: own(0), u: own(1)), iterations: Self.iterations, threads: threads
      ).spectra()
      return named(e, b)
    }
  }
}
