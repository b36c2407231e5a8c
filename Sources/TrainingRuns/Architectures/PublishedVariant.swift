import SkyModels
import SpectralNetworks
import Tasks
import Training

/// A published network and its training as they are published, or with single things changed.
///
/// Shares of steps become numbers of steps once the recipe knows how many there are.
public struct PublishedVariant: Sendable, Equatable {
  /// How the learning rate moves.
  public var schedule = TrainingRecipe.PublishedSchedule.plateau
  /// The largest learning rate, of either schedule.
  public var maximumRate = 1e-3
  /// What the gradient steps minimise, and by what validation judges.
  public var loss = Loss.meanSquared
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
  /// Tasks of a table: the coordinate of the parameters that is trained on; nil:
  /// `PublishedTargets.quantile`.
  public var targets: PublishedTargets?

  /// As published.
  public init() {}

  /// As published.
  public static let published = PublishedVariant()

  /// The loss that is near the error that is quoted, and smooth where that has its corner.
  public static let relativeLoss = Loss.relativeHuber(delta: 0.02)

  /// The training of the published rows of the benchmark (Docs/PublishedNetwork.md says what each
  /// part brings): one cycle, no dropout, running statistics in the second half of the steps,
  /// orders that share weights for four fifths of them, dense layers fitted in the end.
  public static func oneCycle(readoutMaps: Int) -> PublishedVariant {
    published.with {
      $0.schedule = .oneCycle
      $0.shared = 0.8
      $0.batchStatistics = 0.5
      $0.dropout = 0
      $0.readoutMaps = readoutMaps
    }
  }

  /// A copy with changes.
  public func with(_ change: (inout PublishedVariant) -> Void) -> PublishedVariant {
    var copy = self
    change(&copy)
    return copy
  }

  /// Throws the first value that makes no training of a row.
  ///
  /// Parameters of a table may be 0, so that no loss can be relative to them, nor the fit of the
  /// dense layers, which is.
  ///
  /// - Throws: `NetworkConfigurationError.invalid`.
  public func validate(for settings: TaskSettings) throws(NetworkConfigurationError) {
    try validate()
    guard settings.task.table != nil else {
      if let targets {
        throw .invalid(
          key: "coordinate of the targets", found: targets.rawValue,
          expected: "none: it is of tasks of a table of spectra")
      }
      return
    }
    guard loss == .meanSquared else {
      throw .invalid(
        key: "loss", found: "a relative one", expected: "mean-squared for a table of spectra")
    }
    guard readoutMaps == 0 else {
      throw .invalid(
        key: "number of readout maps", found: "\(readoutMaps)",
        expected: "0 for a table of spectra: the fit is of relative errors")
    }
  }

  /// Throws the first value that makes no training of any row.
  ///
  /// - Throws: `NetworkConfigurationError.invalid`.
  public func validate() throws(NetworkConfigurationError) {
    for (key, share) in [
      ("share of steps with shared orders", shared),
      ("share of steps with the batch's statistics", batchStatistics),
    ] where !(0...1).contains(share) {
      throw .invalid(key: key, found: "\(share)", expected: "0...1")
    }
    guard maximumRate > 0, maximumRate.isFinite else {
      throw .invalid(
        key: "largest learning rate", found: "\(maximumRate)", expected: "above 0 and finite")
    }
    if case .negativeLogDensity = loss {
      throw .invalid(
        key: "loss", found: "a density", expected: "a loss of outputs and targets")
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

  /// Sets the fields of a configuration that differ from the published ones, for `steps` steps in
  /// all.
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
