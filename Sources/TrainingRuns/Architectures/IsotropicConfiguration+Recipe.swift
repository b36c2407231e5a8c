import FourierTransforms
import ReadoutFits
import SkyModels
import SpectralNetworks
import Tasks
import Training

extension IsotropicConfiguration: BenchmarkConfiguration {
  package static let defaultMaps = 300_000

  /// Temperature has 48 bands and a polynomial or a density of all of them; E and B have a band per
  /// degree each on the full sky and `TrainingRecipe.filterBands` wide ones behind every filter of
  /// a cut sky, and a readout with as many leaders as parameters.
  ///
  /// Four fifths of the maps, at most 250,000, fit the readout: without noise a map helps there
  /// more than in a gradient step. At least eight steps are left. Its polynomial has the highest
  /// degree whose coefficients are determined by at least six maps each; with fewer maps than that
  /// for the first degree there is no fit, and the readout has what gradient steps give it. A
  /// readout that is trained by gradients alone is the same polynomial, and gets the maps of the
  /// fits as steps, with a larger learning rate (`gradientReadoutRate`): its weights have further
  /// to go.
  package static func recipe(
    _ settings: TaskSettings, total: Int, batch: Int, _ variants: TrainingVariants
  ) throws -> TrainingRecipe {
    let variant = variants.isotropic
    if settings.task.table != nil {
      return try posteriorRecipe(settings, total: total, batch: batch, variant)
    }
    let readout = variant.readout ?? TrainingRecipe.standardReadout(settings)
    var configuration =
      settings.task.isPolarisation
      ? polarisation(settings, variant)
      : IsotropicConfiguration(
        nside: settings.nside, lmax: TaskSettings.lmax, readoutDegree: 1,
        outputCount: settings.parameterNames.count)
    if let channels = variant.channels { configuration.channels = channels }
    if readout == .density {
      configuration.density = DensityFamily(degree: 10, range: settings.priorRange)
      // The posterior of temperature is linear in the powers themselves.
      if !settings.task.isPolarisation { configuration.powerFunctions = [.identity] }
    }
    var refitMaps = 0
    let calibrationMaps = TrainingRecipe.calibrationMaps(total)
    let share = min(250_000, min(total / 5 * 4, total - calibrationMaps - 8 * batch))
    let largestDegree =
      readout == .density ? 1 : configuration.readoutLeaders == nil ? 3 : 4
    for degree in 1...largestDegree {
      var next = configuration
      next.readoutDegree = degree
      let maps = min(share, largestFeatureStore / next.readoutFeatureCount)
      guard maps >= 6 * next.readoutFeatureCount else { break }
      configuration = next
      refitMaps = maps
    }
    let isFitted = variant.training == .fitted
    if !isFitted { refitMaps = 0 }
    var training = TrainingConfiguration(
      maps: total - refitMaps - calibrationMaps, batch: batch,
      loss: configuration.density.map { .negativeLogDensity($0) } ?? .relativeHuber(delta: 0.05))
    training.schedule = .oneCycle(
      OneCycle(
        maximum: isFitted ? 1e-3 : gradientReadoutRate, steps: training.plan.stepCount))
    return TrainingRecipe(
      network: .isotropic(configuration), training: training,
      whiteningMaps: min(4096, refitMaps > 0 ? refitMaps : training.maps),
      firstFitMaps: min(20_000, refitMaps), refitMaps: refitMaps,
      refit: ClosedFormOptions(absoluteIterations: 5), calibrationMaps: calibrationMaps,
      testMaps: TrainingRecipe.testMaps(total))
  }

  /// A band per degree, and the joint posterior of all parameters, linear in their powers or in the
  /// combinations of them that the likelihood depends on (`PosteriorPlan`). Nothing is left for
  /// gradient steps: all maps fit the readout.
  private static func posteriorRecipe(
    _ settings: TaskSettings, total: Int, batch: Int, _ variant: IsotropicVariant
  ) throws -> TrainingRecipe {
    let fiducials = variant.fiducials ?? settings.usualFiducialCount
    let parameters = settings.parameterNames.count
    var configuration = IsotropicConfiguration(
      nside: settings.nside, lmax: settings.lmax, inputChannels: settings.fieldCount,
      powerFunction: .identity, readoutDegree: 1, outputCount: parameters)
    if settings.task.isPolarisation {
      configuration.polarisation = PolarisationInput(
        filterBank: settings.filterBank(fiducialsPerParameter: fiducials))
    } else {
      configuration.scalarFilters = settings.filterBank(fiducialsPerParameter: fiducials)
    }
    let channels = configuration.coefficientChannels
    if channels > 1 { configuration.groups = channels }
    let first = settings.task.fields[0].firstDegree
    configuration.channels = [channels * (settings.lmax + 1 - first)]
    if !settings.hasFilters, settings.nside > JointPosteriorEstimator.mostLeastSquaresNside {
      configuration.quadratureIterations = corrections
    }
    let plan = try PosteriorPlan(settings, fiducials: fiducials)
    configuration.readoutComponents = plan.components?.rows.count
    configuration.posterior = plan.family
    let calibrationMaps = TrainingRecipe.calibrationMaps(total)
    let refitMaps = total - calibrationMaps
    var recipe = TrainingRecipe(
      network: .isotropic(configuration),
      training: TrainingConfiguration(maps: 0, batch: batch, mapsPerEpoch: batch),
      whiteningMaps: min(8192, refitMaps), firstFitMaps: 0, refitMaps: refitMaps,
      refit: ClosedFormOptions(), calibrationMaps: calibrationMaps,
      testMaps: TrainingRecipe.testMaps(total))
    recipe.posteriorFit = DensityFitOptions(iterations: 60, tolerance: 1e-3)
    return recipe
  }

  /// Corrections of the quadrature above nside 32: without any, r and tau at nside 128, lmax 256
  /// and 6 uK arcmin have the errors of the exact posterior (Docs/YourOwnSky.md); one would take
  /// two transforms more per map.
  private static let corrections = 0

  /// Largest learning rate where the readout has no fit (Docs/Ablation.md has what was tried).
  private static let gradientReadoutRate = 1e-2

  /// Numbers that the reweighted readout fit keeps, at most: three gigabytes.
  private static let largestFeatureStore = 375_000_000

  /// E and B, each in a group of its own, so that no band mixes the two: with a band per degree on
  /// the full sky, with `filterBands` wide ones behind every fiducial filter of a cut sky, or a
  /// band per degree of the masked maps.
  private static func polarisation(
    _ settings: TaskSettings, _ variant: IsotropicVariant
  ) -> IsotropicConfiguration {
    var configuration = IsotropicConfiguration(
      nside: settings.nside, lmax: TaskSettings.lmax, inputChannels: 2, readoutDegree: 1,
      outputCount: settings.parameterNames.count)
    let filters =
      variant.cutSky == .filters
      ? settings.filterBank(
        fiducialsPerParameter: variant.fiducials ?? TaskSettings.standardFiducialCount) : nil
    configuration.polarisation = PolarisationInput(filterBank: filters)
    let groups = configuration.coefficientChannels
    let bands =
      variant.bands ?? (filters == nil ? TaskSettings.lmax - 1 : TrainingRecipe.filterBands)
    configuration.groups = groups
    configuration.channels = [groups * bands]
    if bands < TaskSettings.lmax - 1 { configuration.bandWidth = wideBandWidth }
    configuration.readoutLeaders = settings.parameterNames.count
    // With few modes per band a logarithm alone is not enough.
    if settings.task == .t3 { configuration.powerFunctions = [.logarithm, .identity] }
    return configuration
  }

  /// Width of bands that are farther apart than a degree, in units of their distance: the powers of
  /// neighbours, w², cross at half their height.
  private static let wideBandWidth = 0.6

  package func keptFeatures(_ recipe: TrainingRecipe) -> KeptFeatures? {
    let copies =
      density != nil || posterior != nil ? 2 : recipe.refit.absoluteIterations > 0 ? 1 : 0
    return KeptFeatures(features: readoutFeatureCount, targets: outputCount, copies: copies)
  }

  /// Of maps that are not trained on at the time: slices, fields in lanes and their rings.
  package func layerBytes(nside: Int, fields: Int, batch: Int) -> Double {
    4 * 4 * 12 * Double(nside) * Double(nside) * Double(fields * batch)
  }
}

extension TrainingRecipe {
  /// Densities for noisy temperature, where the posterior is wide and bent by the prior's ends, and
  /// linear in the band powers; polynomials elsewhere. A density as narrow as that of a noise-free
  /// full sky takes a polynomial of very large coefficients, and on a cut sky the posterior is not
  /// linear in the powers of a few filters (Docs/Decisions/readouts.md has the measurements).
  public static func standardReadout(_ settings: TaskSettings) -> Readout {
    !settings.task.isPolarisation && settings.noise >= 10 ? .density : .polynomial
  }

  /// Bands of E, and of B, behind every filter of a cut sky (Docs/Decisions/cut-sky-filters.md).
  public static let filterBands = 8
}
