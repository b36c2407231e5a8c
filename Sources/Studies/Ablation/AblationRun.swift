import Tasks
import TrainingRuns

/// One training run of the study, with what it changes.
package struct AblationRun: Sendable {
  /// Which maps.
  package struct Sky: Sendable, Equatable {
    var task: BenchmarkTask
    var noise = 0.0
    var skyFraction = 1.0

    static let t1 = Sky(task: .t1)
    static let t1Noise15 = Sky(task: .t1, noise: 15)
    static let t2Cut = Sky(task: .t2, skyFraction: 0.1)
  }

  /// Which network, and how it is trained.
  package enum Network: Sendable, Equatable {
    /// With this share of the maps kept for the final fit of the dense layers.
    case published(PublishedVariant, readoutShare: Double = 0)
    case isotropic(IsotropicVariant)
  }

  /// The record is the file name.json.
  package let name: String
  /// What the run helps to answer.
  package let question: AblationQuestion
  /// A few words for figures and tables, in ASCII.
  package let label: String
  /// What the run changes, in a sentence.
  package let sentence: String
  /// Which maps.
  package let sky: Sky
  /// Which network, and how it is trained.
  package let network: Network

  init(
    _ name: String, _ question: AblationQuestion, _ label: String, _ sentence: String, _ sky: Sky,
    _ network: Network
  ) {
    self.name = name
    self.question = question
    self.label = label
    self.sentence = sentence
    self.sky = sky
    self.network = network
  }

  /// The row of the benchmark; the sky of polarisation is the physical one.
  ///
  /// - Throws: what `TaskSettings.init` throws.
  package func settings() throws -> TaskSettings {
    try TaskSettings(task: sky.task, noise: sky.noise, skyFraction: sky.skyFraction)
  }

  /// The smallest budget: 512 maps beside those of a fitted readout.
  var leastMaps: Int {
    guard case .published(_, let share) = network else { return 512 }
    return Int((512 / (1 - share)).rounded(.up))
  }

  /// The recipe within a budget.
  ///
  /// - Parameters:
  ///   - maps: total number of maps, whatever they are used for.
  ///   - testMaps: maps for the figures; the first ones of the seed's test stream, the same for
  ///     every run on the same sky.
  ///   - seed: of initial weights and maps.
  /// - Returns: the recipe.
  /// - Throws: what `TrainingRecipe.standard` throws.
  package func recipe(maps: Int, testMaps: Int, seed: UInt64) throws -> TrainingRecipe {
    var recipe: TrainingRecipe
    switch network {
    case .published(let variant, let readoutShare):
      recipe = try .standard(
        .published, settings: settings(), maps: maps, seed: seed,
        published: variant.with { $0.readoutMaps = Int(readoutShare * Double(maps)) })
    case .isotropic(let variant):
      recipe = try .standard(
        .isotropic, settings: settings(), maps: maps, seed: seed, isotropic: variant)
    }
    recipe.testMaps = testMaps
    return recipe
  }
}
