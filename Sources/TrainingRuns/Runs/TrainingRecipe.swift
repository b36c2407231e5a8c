import FileFormats
import Foundation
import Models
import ReadoutFits
import SpectralNetworks
import Tasks
import Training

/// How a model is trained: the network, the stages, and how many maps each of them gets.
///
/// Stages:   what an architecture does before gradient training (`BenchmarkNetwork.prepare`);
///           gradient training; what it does afterwards (`fitReadout`); error bars; test.
/// Maps:     no map serves two stages, with two exceptions: the first fit and whitening use maps of
///           the last fit, and without a fit whitening and scale use maps of the first steps.
public struct TrainingRecipe: Codable, Sendable, Equatable {
  /// The network that training begins with.
  ///
  /// - Throws: what the network's initialiser throws.
  public func initialNetwork() throws -> any SkyNetwork<Float> {
    try network.network(seed: training.seed)
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

  /// The sizes of the network, of any architecture.
  public var network: ModelConfiguration
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
  /// How the readout of a joint posterior is fitted; nil where there is none.
  public var posteriorFit: DensityFitOptions?
  /// How the dense layers of a published network are fitted.
  public var denseFit = DenseFitOptions()
  /// Maps for the error bars.
  public var calibrationMaps: Int
  /// Maps for the figures that are quoted.
  public var testMaps: Int

  /// A recipe; `standard` has those of the benchmark.
  public init(
    network: ModelConfiguration, training: TrainingConfiguration, whiteningMaps: Int,
    firstFitMaps: Int, refitMaps: Int, refit: ClosedFormOptions, calibrationMaps: Int,
    testMaps: Int
  ) {
    self.network = network
    self.training = training
    self.whiteningMaps = whiteningMaps
    self.firstFitMaps = firstFitMaps
    self.refitMaps = refitMaps
    self.refit = refit
    self.calibrationMaps = calibrationMaps
    self.testMaps = testMaps
  }

  /// Which network.
  public var architecture: Architecture { network.architecture }

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
  public static let batches = TaskSettings.batches
  /// Most maps of a run: more than a network sees in a year.
  public static let mostMaps = 1_000_000_000

  /// The default recipe of an architecture.
  ///
  /// - Parameters:
  ///   - architecture: the network.
  ///   - settings: the row of the benchmark.
  ///   - maps: total number of maps; the architecture's default if nil.
  ///   - batch: maps per optimiser step.
  ///   - seed: of initial weights and maps.
  ///   - published: the parts of the published network that differ from the published ones.
  ///   - isotropic: the parts of the isotropic network that differ from the default.
  /// - Returns: the recipe; every map of the total is used, except those that whole epochs leave
  ///   over.
  /// - Throws: `TaskError.tooFewMaps`, `.tooManyMaps`, `.invalidBatch`, `.notTrainable`;
  ///   `NetworkConfigurationError` for variants and configurations that make no network,
  ///   `HealpixError` for those of pixel networks.
  public static func standard(
    _ architecture: Architecture, settings: TaskSettings, maps: Int? = nil, batch: Int = 32,
    seed: UInt64, published: PublishedVariant = .published,
    isotropic: IsotropicVariant = IsotropicVariant()
  ) throws -> TrainingRecipe {
    let trainable = try architecture.trainable()
    let total = maps ?? trainable.defaultMaps
    guard batches.contains(batch) else { throw TaskError.invalidBatch(found: batch) }
    if settings.task.table != nil { try requireTables(architecture, settings) }
    let variants = TrainingVariants(published: published, isotropic: isotropic)
    try variants.validate(for: settings)
    // Eight steps, 64 calibration maps and something to fit a readout to.
    let least = max(512, 16 * batch)
    guard total <= mostMaps else {
      throw TaskError.tooManyMaps(found: total, most: mostMaps)
    }
    guard total >= least else {
      throw TaskError.tooFewMaps(found: total, least: least, use: "a training run")
    }
    guard published.readoutMaps <= total - least else {
      throw TaskError.tooFewMaps(
        found: max(0, total - max(0, published.readoutMaps)), least: least,
        use: "a training run beside \(published.readoutMaps) maps for the readout")
    }
    var recipe = try trainable.recipe(
      settings, total: total, batch: batch, variants)
    recipe.training.seed = seed
    recipe.training.labels = try recipe.labels(settings)
    try recipe.requireUsable(settings)
    return recipe
  }

  /// Refuses architectures that tasks of tables do not have.
  ///
  /// - Throws: `TaskError.notForTables`.
  private static func requireTables(
    _ architecture: Architecture, _ settings: TaskSettings
  ) throws(TaskError) {
    let known = [Architecture.isotropic, .published]
    guard known.contains(architecture) else {
      throw .notForTables(
        what: "the architecture \(architecture.rawValue)",
        expected: known.map(\.rawValue).joined(separator: " or "))
    }
    // The isotropic network is fitted to a likelihood, and covariances of rank one have none.
    if architecture == .isotropic, settings.isPublishedSky {
      throw .notForTables(
        what: "the architecture isotropic on the published sky",
        expected: "the architecture published, or the physical sky")
    }
  }

  /// A twentieth of the maps, at most 10,000, for the error bars.
  package static func calibrationMaps(_ total: Int) -> Int { min(10_000, max(64, total / 20)) }

  /// A twentieth of the maps, at most 2,000, for the errors in the record.
  package static func testMaps(_ total: Int) -> Int { min(2_000, max(64, total / 20)) }

  /// What a checkpoint must have in common with a run that resumes from it, besides the training
  /// configuration.
  func labels(_ settings: TaskSettings) throws -> [String: String] {
    [
      "settings": try sortedJSONText(settings),
      "network": try sortedJSONText(network),
      "maps": try sortedJSONText([
        "whitening": whiteningMaps, "firstFit": firstFitMaps, "fit": refitMaps,
        "calibration": calibrationMaps,
      ]),
    ]
  }
}

extension TrainingRecipe {
  /// Refuses a recipe of a file that no run has: numbers of maps whose sum could overflow, a
  /// training that cannot be carried out, a network that cannot be made or gives other outputs than
  /// the row.
  ///
  /// - Throws: `TaskError`, `TrainingError`, `NetworkConfigurationError`, `HealpixError`.
  func requireUsable(_ settings: TaskSettings) throws {
    for maps in [
      whiteningMaps, firstFitMaps, refitMaps, calibrationMaps, testMaps, training.maps,
      training.validationMaps, training.mapsPerEpoch,
    ] {
      guard maps >= 0 else {
        throw TaskError.tooFewMaps(found: maps, least: 0, use: "a stage of a run")
      }
      guard maps <= Self.mostMaps else {
        throw TaskError.tooManyMaps(found: maps, most: Self.mostMaps)
      }
    }
    guard testMaps > 0 else {
      throw TaskError.tooFewMaps(found: testMaps, least: 1, use: "the test of a run")
    }
    // Without maps there are no steps.
    if training.maps > 0 { try training.validate() }
    try network.sizes.validate()
    guard network.outputCount == settings.parameterNames.count, network.nside == settings.nside
    else {
      throw NetworkConfigurationError.invalid(
        key: "number of outputs, and nside",
        found: "\(network.outputCount), \(network.nside)",
        expected: "\(settings.parameterNames.count), \(settings.nside), as the row has")
    }
    // Beside Q and U a network may read the mask.
    let channels = settings.task.isPolarisation ? 2...3 : 1...1
    guard channels.contains(network.sizes.inputChannels) else {
      throw NetworkConfigurationError.invalid(
        key: "number of input channels", found: "\(network.sizes.inputChannels)",
        expected: settings.task.isPolarisation ? "2 (Q and U) or 3 (and the mask)" : "1 (T)")
    }
  }
}
