import Foundation
import PixelNetworks
import SkyModels
import SpectralNetworks
import Training

/// How a model is trained: the network, the stages, and how many maps each of them gets.
///
/// Stages of the isotropic network: whitening of the band values and a first closed-form fit of the
/// readout; gradient training; whitening and fit again; error bars; test. The published network has
/// gradient training, with `refitMaps` a fit of its dense layers, error bars and test; the network
/// of pixels has the scale of its input, gradient training, error bars and test.
/// Maps:     no map serves two stages, but the first fit and whitening use maps of the last fit,
///           and without a fit whitening and scale those of the first steps.
/// Sky:      temperature has 48 bands and a polynomial or a density of all of them; E and B have a
///           band per degree each on the full sky and `filterBands` wide ones behind every filter
///           of a cut sky, and a readout with as many leaders as parameters.
public struct TrainingRecipe: Codable, Sendable, Equatable {
  /// The network.
  public enum Network: Codable, Sendable, Equatable {
    case isotropic(IsotropicConfiguration)
    case published(PublishedConfiguration)
    case pixel(PixelConfiguration)
  }

  /// The network that training begins with.
  ///
  /// - Throws: what the network's initialiser throws.
  public func initialNetwork() throws -> ModelNetwork {
    let configuration: ModelConfiguration
    switch network {
    case .isotropic(let sizes): configuration = .isotropic(sizes)
    case .published(let sizes): configuration = .published(sizes)
    case .pixel(let sizes): configuration = .pixel(sizes)
    }
    return try configuration.network(seed: training.seed)
  }

  /// How the learning rate of the published network moves.
  public enum PublishedSchedule: String, CaseIterable, Codable, Sendable {
    /// The published rule: lowered when validation stops improving, which needs many epochs.
    case plateau
    /// Once up and down over the given number of maps: the most for a fixed budget.
    case oneCycle = "one-cycle"
  }

  /// What the isotropic network reads its variables out with.
  public enum Readout: String, CaseIterable, Codable, Sendable {
    /// A polynomial, by least squares.
    case polynomial
    /// A posterior density, by maximum likelihood.
    case density
  }

  public var network: Network
  /// The gradient training.
  public var training: TrainingConfiguration
  /// Maps for the whitening of band values, or for the scale of a network of pixels; 0 for none.
  public var whiteningMaps: Int
  /// Maps for the readout fit before gradient training; 0 for none.
  public var firstFitMaps: Int
  /// Maps for the last readout fit; 0 for none.
  public var refitMaps: Int
  /// What the last fit minimises.
  public var refit: ClosedFormOptions
  /// How a density readout is fitted.
  public var densityFit = DensityFitOptions()
  /// How the dense layers of a published network are fitted.
  public var denseFit = DenseFitOptions()
  /// Maps for the error bars.
  public var calibrationMaps: Int
  /// Maps for the figures that are quoted.
  public var testMaps: Int

  /// Which network.
  public var architecture: Architecture {
    switch network {
    case .isotropic: return .isotropic
    case .published: return .published
    case .pixel: return .pixel
    }
  }

  /// Maps in all, test maps not counted, if no stop comes early.
  public var totalMaps: Int {
    training.maps + mapsBesideSteps(validations: training.plan.epochCount)
  }

  /// Maps of validation, fit and error bars, after `validations` validations.
  func mapsBesideSteps(validations: Int) -> Int {
    let sets = training.redrawsValidation ? validations : 1
    return training.validationMaps * sets + refitMaps + calibrationMaps
  }

  /// Maps per step.
  public static let batches = 1...1 << 20
  /// Most maps of a run: more than a network sees in a year.
  public static let mostMaps = 1_000_000_000

  /// Total number of maps by default.
  public static func defaultMaps(_ architecture: Architecture) -> Int {
    switch architecture {
    case .isotropic: return 300_000
    case .published: return 8_600_000
    case .pixel: return 400_000
    }
  }

  /// The default recipe of an architecture.
  ///
  /// - Parameters:
  ///   - architecture: the network.
  ///   - settings: the row of the benchmark.
  ///   - maps: total number of maps; `defaultMaps` if nil.
  ///   - batch: maps per optimiser step.
  ///   - seed: of initial weights and maps.
  ///   - published: what of the published network is not as published.
  ///   - isotropic: what of the isotropic network is not the default.
  /// - Returns: the recipe; every map of the total has a use, but for what whole epochs leave over.
  /// - Throws: `BenchmarkError.tooFewMaps`, `.tooManyMaps`, `.invalidBatch`;
  ///   `NetworkConfigurationError` for variants and configurations that make no network,
  ///   `HealpixError` for those of pixel networks.
  public static func standard(
    _ architecture: Architecture, settings: TaskSettings, maps: Int? = nil, batch: Int = 32,
    seed: UInt64, published: PublishedVariant = .published,
    isotropic: IsotropicVariant = IsotropicVariant()
  ) throws -> TrainingRecipe {
    let total = maps ?? defaultMaps(architecture)
    guard batches.contains(batch) else { throw BenchmarkError.invalidBatch(found: batch) }
    try published.validate()
    try isotropic.validate(for: settings)
    // Eight steps, 64 calibration maps and something to fit a readout to.
    let least = max(512, 16 * batch)
    guard total <= mostMaps else {
      throw BenchmarkError.tooManyMaps(found: total, most: mostMaps)
    }
    guard total >= least else {
      throw BenchmarkError.tooFewMaps(found: total, least: least, use: "a training run")
    }
    guard published.readoutMaps <= total - least else {
      throw BenchmarkError.tooFewMaps(
        found: max(0, total - max(0, published.readoutMaps)), least: least,
        use: "a training run beside \(published.readoutMaps) maps for the readout")
    }
    var recipe: TrainingRecipe
    switch architecture {
    case .isotropic:
      recipe = Self.isotropic(settings, total: total, batch: batch, isotropic)
    case .published:
      recipe = try Self.published(settings, total: total, batch: batch, published)
    case .pixel: recipe = try pixel(settings, total: total, batch: batch)
    }
    recipe.training.seed = seed
    recipe.training.labels = try recipe.labels(settings)
    return recipe
  }

  /// A twentieth of the maps, at most 10,000, for the error bars.
  static func calibrationMaps(_ total: Int) -> Int { min(10_000, max(64, total / 20)) }

  // MARK: - Isotropic

  /// Densities for noisy temperature, where the posterior is wide and bent by the prior's ends, and
  /// linear in the band powers; polynomials elsewhere. A density as narrow as that of a noise-free
  /// full sky takes a polynomial of very large coefficients, and on a cut sky the posterior is not
  /// linear in the powers of a few filters (Docs/Decisions/readouts.md has the measurements).
  public static func standardReadout(_ settings: TaskSettings) -> Readout {
    settings.task == .t1 && settings.noise >= 10 ? .density : .polynomial
  }

  /// Four fifths of the maps, at most 250,000, fit the readout: without noise a map helps there
  /// more than in a gradient step. At least eight steps are left. Its polynomial has the highest
  /// degree whose coefficients are determined by at least six maps each; with fewer maps than that
  /// for the first degree there is no fit, and the readout has what gradient steps give it. A
  /// readout that is trained by gradients alone is the same polynomial, and gets the maps of the
  /// fits as steps, with a larger learning rate (`gradientReadoutRate`): its weights have further
  /// to go.
  private static func isotropic(
    _ settings: TaskSettings, total: Int, batch: Int, _ variant: IsotropicVariant
  ) -> TrainingRecipe {
    let readout = variant.readout ?? standardReadout(settings)
    var configuration =
      settings.task == .t1
      ? IsotropicConfiguration(
        nside: settings.nside, lmax: TaskSettings.lmax, readoutDegree: 1)
      : polarisation(settings, variant)
    if let channels = variant.channels { configuration.channels = channels }
    if readout == .density {
      configuration.density = DensityFamily(degree: 10, range: settings.priorRange)
      // The posterior of temperature is linear in the powers themselves.
      if settings.task == .t1 { configuration.powerFunctions = [.identity] }
    }
    var refitMaps = 0
    let calibrationMaps = calibrationMaps(total)
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
      testMaps: testMaps(total))
  }

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
    let bands = variant.bands ?? (filters == nil ? TaskSettings.lmax - 1 : filterBands)
    configuration.groups = groups
    configuration.channels = [groups * bands]
    if bands < TaskSettings.lmax - 1 { configuration.bandWidth = wideBandWidth }
    configuration.readoutLeaders = settings.parameterNames.count
    // With few modes per band a logarithm alone is not enough.
    if settings.task == .t3 { configuration.powerFunctions = [.logarithm, .identity] }
    return configuration
  }

  /// Bands of E, and of B, behind every filter of a cut sky (Docs/Decisions/cut-sky-filters.md).
  public static let filterBands = 8

  /// Width of bands that are farther apart than a degree, in units of their distance: the powers of
  /// neighbours, w², cross at half their height.
  private static let wideBandWidth = 0.6

  static func testMaps(_ total: Int) -> Int { min(2_000, max(64, total / 20)) }

  // MARK: - Published

  /// The published training: epochs of 100,000 fresh maps, or an eleventh of the maps if there are
  /// fewer than 1.1 million; a tenth of an epoch for validation, redrawn each time. One cycle goes
  /// through to its end: it stops at no plateau. The state that is kept is, as published, the one
  /// of least validation loss, which need not be the last.
  private static func published(
    _ settings: TaskSettings, total: Int, batch: Int, _ variant: PublishedVariant
  ) throws(NetworkConfigurationError) -> TrainingRecipe {
    let calibrationMaps = calibrationMaps(total)
    let rest = total - calibrationMaps - variant.readoutMaps
    let epoch = max(batch, min(100_000, rest / 11))
    let validation = max(1, epoch / 10)
    let epochs = max(1, rest / (epoch + validation))
    var training = TrainingConfiguration(
      maps: min(150, epochs) * epoch, batch: batch, mapsPerEpoch: epoch,
      validationMaps: validation, redrawsValidation: true, metric: .loss, loss: .meanSquared,
      schedule: .plateau(PlateauRule()), earlyStoppingPatience: 20, keepsBest: true)
    if variant.schedule == .oneCycle {
      training.schedule = .oneCycle(OneCycle(maximum: 1e-3, steps: training.plan.stepCount))
      training.earlyStoppingPatience = nil
    }
    var configuration = publishedConfiguration(settings)
    variant.apply(to: &configuration, steps: training.plan.stepCount)
    try configuration.validate()
    return TrainingRecipe(
      network: .published(configuration), training: training,
      whiteningMaps: 0, firstFitMaps: 0, refitMaps: variant.readoutMaps, refit: ClosedFormOptions(),
      calibrationMaps: calibrationMaps, testMaps: testMaps(total))
  }

  /// Three blocks for temperature; four for Q, U and the mask, with inpainting on a cut sky.
  private static func publishedConfiguration(_ settings: TaskSettings) -> PublishedConfiguration {
    guard settings.task != .t1 else { return PublishedConfiguration(nside: settings.nside) }
    return PublishedConfiguration(
      nside: settings.nside, inputChannels: 3, blockCount: 4,
      outputCount: settings.parameterNames.count, inpaints: settings.mask != nil)
  }

  /// What a checkpoint must have in common with a run that resumes from it, besides the training
  /// configuration.
  private func labels(_ settings: TaskSettings) throws -> [String: String] {
    [
      "task": settings.task.rawValue,
      "protocol": settings.skyProtocol.rawValue,
      "architecture": architecture.rawValue,
      "noise": "\(settings.noise)",
      "nside": "\(settings.nside)",
      "mask": settings.mask.map { hexadecimal($0.observed) } ?? "none",
      "network": try sortedJSON(network),
      "maps": "whitening \(whiteningMaps), first fit \(firstFitMaps), fit \(refitMaps), "
        + "calibration \(calibrationMaps)",
    ]
  }
}
