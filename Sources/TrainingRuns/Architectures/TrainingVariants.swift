import SpectralNetworks
import Tasks

/// The parts of a recipe that differ from the default, for the architectures that have such a
/// choice.
package struct TrainingVariants {
  /// Those of the published network.
  package var published = PublishedVariant.published
  /// Those of the isotropic network.
  package var isotropic = IsotropicVariant()

  /// Throws the first value that makes no training of a row.
  ///
  /// - Throws: `NetworkConfigurationError.invalid`.
  func validate(for settings: TaskSettings) throws(NetworkConfigurationError) {
    try published.validate(for: settings)
    try isotropic.validate(for: settings)
  }
}
