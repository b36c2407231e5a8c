import FileFormats
import Models
import Tasks

/// A row of the benchmark with the training that makes its model: a run by its name.
///
/// The run's record, `NAME.json`, has the same recipe but for the number of test maps, which
/// touches no weight. The run makes the same weights on any machine with the same instructions,
/// whatever the number of threads.
/// Checked by: TrainingPresetTests, which hold every preset to the shipped record of its name.
public struct TrainingPreset: Sendable, Equatable {
  /// What is estimated from which maps.
  public let task: BenchmarkTask
  /// Which sky.
  public let skyProtocol: SkyProtocol
  /// σ_n per pixel, in the map's unit.
  public let noise: Double
  /// f_sky of the published cap; 1 is the full sky.
  public let skyFraction: Double
  /// The network.
  public let architecture: Architecture
  /// Maps in all.
  public let maps: Int
  /// What differs from the published network and its training.
  public let published: PublishedVariant
  /// What differs from the isotropic network's default.
  public let isotropic: IsotropicVariant
  /// How the model's file stores weights.
  public let precision: ModelFile.Precision
  /// Minutes that the run takes, about, on two cores that do nothing else.
  public let minutes: Int

  /// The seed of the shipped models.
  public static let standardSeed: UInt64 = 1

  /// A preset.
  init(
    _ task: BenchmarkTask, _ architecture: Architecture, protocol skyProtocol: SkyProtocol,
    noise: Double = 0, skyFraction: Double = 1, maps: Int, minutes: Int,
    published: PublishedVariant = .published, isotropic: IsotropicVariant = IsotropicVariant(),
    precision: ModelFile.Precision = .float32
  ) {
    self.task = task
    self.skyProtocol = skyProtocol
    self.noise = noise
    self.skyFraction = skyFraction
    self.architecture = architecture
    self.maps = maps
    self.published = published
    self.isotropic = isotropic
    self.precision = precision
    self.minutes = minutes
  }

  /// The name, which is that of the model's file: task, sky, network; noise for temperature; f_sky
  /// below 1.
  public var name: String {
    let base = "\(task.rawValue)-\(skyProtocol.rawValue)-\(architecture.rawValue)"
    return base + (task.isPolarisation ? "" : "-noise\(NumberText.short(noise))")
      + (skyFraction < 1 ? "-fsky\(NumberText.short(skyFraction))" : "")
  }

  /// The row of the benchmark.
  ///
  /// - Throws: what `TaskSettings.init` throws for a row that cannot be; none of `all` does.
  public func settings() throws -> TaskSettings {
    try TaskSettings(
      task: task, skyProtocol: skyProtocol, noise: noise, skyFraction: skyFraction)
  }

  /// The recipe of the run.
  ///
  /// - Parameter seed: of initial weights and maps.
  /// - Returns: every stage with its maps.
  /// - Throws: what `TrainingRecipe.standard` throws; for none of `all`.
  public func recipe(seed: UInt64 = standardSeed) throws -> TrainingRecipe {
    try .standard(
      architecture, settings: settings(), maps: maps, seed: seed, published: published,
      isotropic: isotropic)
  }
}
