import Baselines
import HarmonicTransforms
import Kernels
import LinearAlgebra
import SkyModels
import SphereGrids
import Training

/// One field of maps `[pixel][map * channels + channel]`.
func field(
  _ maps: [Float], channel: Int, of channels: Int, count: Int, grid: any RingGrid
) -> FieldStack<Double> {
  FieldStack(
    grid: grid, lanes: count,
    values: (0..<grid.pointCount * count).map { Double(maps[$0 * channels + channel]) })
}

/// The exact full-sky posterior of the maps of a task.
///
/// Method:   coefficients by least squares (T, or E and B), their realised spectra, and one
///           `LikelihoodGrid` per parameter (`FactorisedLikelihood`) with the noise as that
///           analysis passes it on.
/// Accuracy: the noise of the coefficients is slightly correlated; the likelihood takes its mean
///           over m and no correlation.
/// Cost:     1 ms per map and parameter.
/// Checked by: FullSkyEstimatorTests, TrainingRunTests.
public final class FullSkyEstimator: SkyEstimator {
  /// What the maps are.
  public let settings: TaskSettings
  public var batchSize: Int { TestMaps.blockLength }

  private enum Analysis: Sendable {
    case temperature(LeastSquaresAnalysis<Double>)
    case polarisation(SpinLeastSquaresAnalysis<Double>)
  }

  private let analysis: Analysis
  /// One factor per parameter, with the noise of the coefficients.
  let likelihood: FactorisedLikelihood
  private let grids: [LikelihoodGrid]
  /// `[parameter]`, the fields whose spectra depend on it.
  private let fields: [[SkyField]]

  /// Prepares the analysis and the likelihood.
  ///
  /// - Throws: `HealpixError`, `HarmonicTransformError.singularAnalysis`; `BaselineError`,
  ///   `.correlatedFields` for the published sky of t2 and t3.
  public init(_ settings: TaskSettings) throws {
    precondition(settings.mask == nil, "the full-sky posterior of a cut sky")
    self.settings = settings
    let grid = try HealpixGrid(nside: settings.nside)
    let noiseVariance: [SkyField: [Double]]
    if settings.task.isPolarisation {
      let fit = try SpinLeastSquaresAnalysis<Double>(grid: grid, spin: 2, lmax: settings.lmax)
      analysis = .polarisation(fit)
      noiseVariance = [.e: fit.noiseVariance.e, .b: fit.noiseVariance.b]
    } else {
      let fit = try LeastSquaresAnalysis<Double>(grid: grid, lmax: settings.lmax)
      analysis = .temperature(fit)
      noiseVariance = [.temperature: fit.noiseVariance]
    }
    likelihood = try settings.likelihood(noiseVariance: noiseVariance)
    grids = try likelihood.grids()
    fields = likelihood.factors.map { $0.components.map(\.field) }
  }

  public func estimates(
    _ maps: [Float], count: Int, channels: Int?, threads: Int, interruption: InterruptionFlag,
    progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void
  ) throws -> [[SkyEstimate]] {
    if interruption.isRaised { throw TaskError.interrupted }
    let realised = try realisedSpectra(
      maps, count: count, channels: channels ?? settings.fieldCount, threads: threads)
    return try realised.map { ofMap in
      let estimates = try FactorisedLikelihood.estimates(realised: ofMap, grids: grids)
      return grids.indices.map { SkyEstimate(estimates, parameter: $0) }
    }
  }

  /// Ĉ_l of the fields of every parameter, `[map][parameter][field][l]`.
  func realisedSpectra(
    _ maps: [Float], count: Int, channels: Int, threads: Int
  ) throws -> [[[[Double]]]] {
    func field(_ channel: Int, _ grid: any RingGrid) -> FieldStack<Double> {
      Tasks.field(maps, channel: channel, of: channels, count: count, grid: grid)
    }
    let spectra: [SkyField: [[Double]]]
    switch analysis {
    case .temperature(let fit):
      let analysed = try fit.analysis(field(0, fit.transform.grid), threads: threads)
      spectra = [.temperature: analysed.spectra()]
    case .polarisation(let fit):
      let grid = fit.transform.grid
      let qu = SpinFields(q: field(0, grid), u: field(1, grid))
      let (ee, bb, _) = try fit.analysis(qu, threads: threads).spectra()
      spectra = [.e: ee, .b: bb]
    }
    return (0..<count).map { map in
      fields.map { ofParameter in
        ofParameter.map { field in
          guard let own = spectra[field] else {
            preconditionFailure("a parameter of \(field), which the maps do not have")
          }
          return own[map]
        }
      }
    }
  }
}

extension TaskSettings {
  /// Most pixels of Q and U, and half as many as of T, for which the posterior of the pixels is
  /// computed beside other work; the cost grows with their cube. At nside 16 the cap of f_sky 0.2
  /// has 611.
  public static let mostPosteriorPixels = 640
  /// Most pixels for which it is computed where it is what was asked for: at nside 16 the cap of
  /// f_sky 0.5 has 1536.
  public static let mostEvaluatedPixels = 1600

  /// Whether this is a cut sky with few enough pixels for their exact posterior.
  public var hasPixelPosterior: Bool {
    hasFilters && likelihoodOrder <= 2 * Self.mostPosteriorPixels
  }

  /// Pixels of a map that are observed.
  var observedPixelCount: Int { mask?.observedPixels.count ?? pixelCount }

  /// Values of a map that are observed: pixels times fields.
  public var observedValueCount: Int { observedPixelCount * fieldCount }

  /// Degrees of freedom of the coefficients of a map.
  private var coefficientNumbers: Int {
    task.fields.reduce(0) { sum, field in
      sum + (lmax + 1) * (lmax + 1) - field.firstDegree * field.firstDegree
    }
  }

  /// Whether the exact likelihood takes coefficients for data, not pixels: on a full sky with noise
  /// everywhere that has more pixels than coefficients.
  var hasReducedLikelihood: Bool {
    mask == nil && noiseMap != nil && coefficientNumbers < observedValueCount
  }

  /// Data of the exact likelihood of the pixels.
  var likelihoodOrder: Int { hasReducedLikelihood ? coefficientNumbers : observedValueCount }

  /// The optimal estimator of this row: of a task of a table that of the joint posterior; nil where
  /// there is none: where the likelihood has no factor per parameter (`FactorisedLikelihood`), as
  /// on the published sky of t2 and t3, whose parameters follow exactly from single modes
  /// (`ModeRatioFit`), and on cut skies of more than `pixels` pixels.
  ///
  /// - Parameters:
  ///   - threads: for the preparation.
  ///   - pixels: most pixels of a cut sky.
  ///   - floor: the floor of a cut sky, as a fraction of the rms; nil: `PixelFloor.standard`.
  /// - Returns: the estimator.
  /// - Throws: as `FullSkyEstimator.init` and `CutSkyEstimator.init`.
  public func estimator(
    threads: Int = 1, most pixels: Int = mostPosteriorPixels, floor: Double? = nil
  ) throws -> (any SkyEstimator)? {
    if task.table != nil {
      return try posteriorEstimator(threads: threads, most: pixels, floor: floor)
    }
    guard try hasFactors(), mask == nil || observedValueCount <= 2 * pixels else { return nil }
    guard mask != nil else { return try FullSkyEstimator(self) }
    return try CutSkyEstimator(self, floor: floor ?? PixelFloor.standard, threads: threads)
  }

  /// Whether the likelihood has a factor per parameter.
  private func hasFactors() throws(BaselineError) -> Bool {
    do {
      _ = try likelihood()
      return true
    } catch .correlatedFields, .entangledParameters {
      return false
    }
  }

  /// The exact likelihood of a full-sky map, one factor per parameter.
  ///
  /// - Parameter noiseVariance: the variance of a_lm per degree relative to ideal white noise, as
  ///   the analysis has it; ideal for fields that are not named.
  /// - Returns: the likelihood with this noise.
  /// - Throws: `BaselineError`.
  public func likelihood(
    noiseVariance: [SkyField: [Double]] = [:]
  ) throws(BaselineError) -> FactorisedLikelihood {
    let white = FullSkyLikelihood.whiteNoise(
      standardDeviation: noise, pixelCount: pixelCount, lmax: lmax)
    var spectra: [SkyField: [Double]] = [:]
    for field in SkyField.allCases {
      spectra[field] = white.indices.map { white[$0] * (noiseVariance[field]?[$0] ?? 1) }
    }
    return try FactorisedLikelihood(model(), noise: spectra)
  }
}
