import Models
import SpectralNetworks
import Tasks

/// The sizes of a network that the benchmark trains: what a recipe needs of an architecture.
package protocol BenchmarkConfiguration: SkyNetworkConfiguration where Network: BenchmarkNetwork {
  /// Maps of a training, of every kind, unless asked otherwise.
  static var defaultMaps: Int { get }

  /// The default recipe for a row of the benchmark.
  ///
  /// - Parameters:
  ///   - settings: the row.
  ///   - total: maps for everything but the test.
  ///   - batch: maps per optimiser step.
  ///   - variants: what is not the default.
  /// - Returns: the recipe without seed and labels.
  /// - Throws: `NetworkConfigurationError`, `HealpixError` for sizes that make no network.
  static func recipe(
    _ settings: TaskSettings, total: Int, batch: Int, _ variants: TrainingVariants
  ) throws -> TrainingRecipe

  /// What the last fit of a readout keeps of every map; by default nil, for no such fit.
  func keptFeatures(_ recipe: TrainingRecipe) -> KeptFeatures?

  /// Bytes of the layers that a step keeps for its gradient, within a factor of two.
  ///
  /// - Parameters:
  ///   - nside: resolution of the maps, which need not be the network's own.
  ///   - fields: fields of a map.
  ///   - batch: maps per step.
  /// - Returns: the bytes.
  func layerBytes(nside: Int, fields: Int, batch: Int) -> Double
}

extension BenchmarkConfiguration {
  package func keptFeatures(_ recipe: TrainingRecipe) -> KeptFeatures? { nil }
}

extension ModelConfiguration {
  /// The sizes as those of a network that the benchmark trains.
  ///
  /// - Throws: `TaskError.notTrainable` for an architecture that has no recipe.
  func trainable() throws(TaskError) -> any BenchmarkConfiguration {
    guard let own = sizes as? any BenchmarkConfiguration else {
      throw .notTrainable(architecture: architecture.rawValue)
    }
    return own
  }
}

extension Architecture {
  /// The type of sizes as that of networks that the benchmark trains.
  ///
  /// - Throws: `TaskError.notTrainable` for an architecture that has no recipe.
  func trainable() throws(TaskError) -> any BenchmarkConfiguration.Type {
    guard let own = configuration as? any BenchmarkConfiguration.Type else {
      throw .notTrainable(architecture: rawValue)
    }
    return own
  }
}
