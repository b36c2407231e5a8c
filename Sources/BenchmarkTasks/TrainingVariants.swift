import SkyModels
import SpectralNetworks
import Training

/// A published network and its training as they are published, or with single things changed.
///
/// Shares of steps become numbers of steps once the recipe knows how many there are.
public struct PublishedVariant: Sendable, Equatable {
  /// How the learning rate moves.
  public var schedule = TrainingRecipe.PublishedSchedule.plateau
  /// Share of the steps, the first ones, in which all orders of a degree have one weight
  /// (`PublishedConfiguration.sharedSteps`).
  public var shared = 0.0
  /// Bands of orders that share (`PublishedConfiguration.sharedBands`).
  public var sharedBands = 1
  /// Share of the steps, the first ones, in which normalisation uses the batch's statistics
  /// (`PublishedConfiguration.batchStatisticsSteps`).
  public var batchStatistics = 1.0
  /// Maps, of all, to which the dense layers are fitted in the end (`DenseFit`).
  public var readoutMaps = 0
  /// Probability of dropout.
  public var dropout = 0.2
  /// How maps reach the grid.
  public var sampling = PublishedSampling.containingPixel
  /// What is read out of the last block.
  public var pooling = PublishedPooling.mean
  /// Whether masked points are filled with the mean of the observed ones; nil: on a cut sky.
  public var inpaints: Bool?

  /// As published.
  public init() {}

  /// As published.
  public static let published = PublishedVariant()

  /// A copy with changes.
  public func with(_ change: (inout PublishedVariant) -> Void) -> PublishedVariant {
    var copy = self
    change(&copy)
    return copy
  }

  /// Throws the first value that makes no training.
  ///
  /// - Throws: `NetworkConfigurationError.invalid`.
  public func validate() throws(NetworkConfigurationError) {
    for (key, share) in [
      ("share of steps with shared orders", shared),
      ("share of steps with the batch's statistics", batchStatistics),
    ] where !(0...1).contains(share) {
      throw .invalid(key: key, found: "\(share)", expected: "0...1")
    }
    guard readoutMaps >= 0 else {
      throw .invalid(
        key: "number of readout maps", found: "\(readoutMaps)", expected: "0 or more")
    }
    guard sharedBands == 1 || (sharedBands > 1 && shared > 0) else {
      throw .invalid(
        key: "number of shared bands", found: "\(sharedBands)",
        expected: "1, or more where orders are shared")
    }
  }

  /// Sets the fields of a configuration that differ from the published ones, for `steps` steps in all.
  func apply(to configuration: inout PublishedConfiguration, steps: Int) {
    configuration.dropout = dropout
    if let inpaints { configuration.inpaints = inpaints }
    let sharedSteps = Int((shared * Double(steps)).rounded())
    if sharedSteps > 0 {
      configuration.sharedSteps = sharedSteps
      if sharedBands > 1 { configuration.sharedBands = sharedBands }
    }
    if batchStatistics < 1 {
      configuration.batchStatisticsSteps = Int((batchStatistics * Double(steps)).rounded())
    }
    if sampling != .containingPixel { configuration.sampling = sampling }
    if pooling != .mean { configuration.pooling = pooling }
  }
}

/// An isotropic network and its training: the defaults suit the task, and each can be changed.
public struct IsotropicVariant: Sendable, Equatable {
  /// How the readout gets its weights.
  public enum ReadoutTraining: String, Sendable, Equatable {
    /// Fitted to maps before gradient training and after it, in closed form or by maximum likelihood.
    case fitted
    /// By the steps of the optimiser alone, from the mean of the prior. All maps go into the steps.
    case gradients
  }

  /// How polarisation of a cut sky is read.
  public enum CutSky: String, Sendable, Equatable {
    /// Through inverse-covariance filters of the observed pixels.
    case filters
    /// Maps with zeros outside the mask, analysed like those of the full sky.
    case masking
  }

  /// The readout; nil: `TrainingRecipe.standardReadout`.
  public var readout: TrainingRecipe.Readout?
  /// How the readout gets its weights.
  public var training = ReadoutTraining.fitted
  /// How polarisation of a cut sky is read.
  public var cutSky = CutSky.filters
  /// Values of every parameter that the filters of a cut sky assume (`TaskSettings.fiducialPoints`); nil:
  /// `TaskSettings.standardFiducialCount`.
  public var fiducials: Int?
  /// Bands of E and as many of B, for every filter of a cut sky; nil: `TrainingRecipe.filterBands` behind filters,
  /// otherwise one per degree.
  public var bands: Int?
  /// Output channels of every block, for temperature; nil: one block with as many as there are degrees.
  public var channels: [Int]?

  /// The defaults, or another readout.
  public init(readout: TrainingRecipe.Readout? = nil) { self.readout = readout }

  /// Throws the first value that makes no network of a row.
  ///
  /// - Throws: `NetworkConfigurationError.invalid`.
  public func validate(for settings: TaskSettings) throws(NetworkConfigurationError) {
    let hasFilters = settings.mask != nil && cutSky == .filters
    if channels != nil, settings.task != .t1 {
      throw .invalid(
        key: "list of channels", found: "one for \(settings.task.rawValue)",
        expected: "none: the bands of polarisation are given per filter")
    }
    if let bands, settings.task == .t1 || !(2...TaskSettings.lmax - 1).contains(bands) {
      throw .invalid(
        key: "number of bands", found: "\(bands) for \(settings.task.rawValue)",
        expected: "2...\(TaskSettings.lmax - 1), for polarisation")
    }
    if let fiducials, !hasFilters || !TaskSettings.fiducialCounts.contains(fiducials) {
      throw .invalid(
        key: "number of fiducials per parameter",
        found: hasFilters ? "\(fiducials)" : "\(fiducials) without filters",
        expected: "\(TaskSettings.fiducialCounts), where filters read a cut sky")
    }
  }

  /// A copy with changes.
  public func with(_ change: (inout IsotropicVariant) -> Void) -> IsotropicVariant {
    var copy = self
    change(&copy)
    return copy
  }
}
