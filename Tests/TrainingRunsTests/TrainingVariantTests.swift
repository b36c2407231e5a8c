import SpectralNetworks
import Testing
import Training
import Verification

@testable import Tasks
@testable import TrainingRuns

/// Sees: the sizes that variants give a network, and that variants and sizes of steps that make no
/// training are refused. Blind to: poor ones.
@Suite("Variants of a training")
struct TrainingVariantTests {
  /// No recipe, for the reason that this value of this key is not what is expected.
  private func expectRefusal(
    _ key: String, _ found: String, _ recipe: () throws -> TrainingRecipe
  ) {
    let error = #expect(throws: NetworkConfigurationError.self) { try recipe() }
    let text = error.map { "\($0)" } ?? ""
    #expect(text.hasPrefix("the network's \(key) is \(found), expected "), "\(text)")
  }

  @Test(
    "Shares, bands, maps of the published network",
    arguments: [
      ("share of steps with shared orders", "nan"), ("share of steps with shared orders", "1.5"),
      ("share of steps with the batch's statistics", "-1.0"), ("number of shared bands", "0"),
      ("number of shared bands", "4"), ("number of readout maps", "-1"),
      ("largest learning rate", "0.0"), ("loss", "a density"),
    ])
  func published(key: String, found: String) throws {
    let variant = PublishedVariant.published.with {
      switch key {
      case "share of steps with shared orders": $0.shared = found == "nan" ? .nan : 1.5
      case "share of steps with the batch's statistics": $0.batchStatistics = -1
      case "largest learning rate": $0.maximumRate = 0
      case "loss":
        $0.loss = .negativeLogDensity(DensityFamily(degree: 3, range: 0...1))
      case "number of shared bands": $0.sharedBands = found == "0" ? 0 : 4
      default: $0.readoutMaps = -1
      }
    }
    let settings = try TaskSettings(task: .t1)
    expectRefusal(key, found) {
      try TrainingRecipe.standard(
        .published, settings: settings, maps: 20_000, seed: 1, published: variant)
    }
  }

  /// Loss and largest learning rate of a variant are those of the gradient training, under either
  /// schedule; without them they are the published ones.
  @Test("Loss and learning rate of the published network")
  func lossAndRate() throws {
    func training(
      _ change: (inout PublishedVariant) -> Void
    ) throws -> TrainingConfiguration {
      try TrainingRecipe.standard(
        .published, settings: TaskSettings(), maps: 20_000, seed: 1,
        published: PublishedVariant.published.with(change)
      ).training
    }
    let published = try training { _ in }
    #expect(published.loss == .meanSquared && published.schedule == .plateau(PlateauRule()))
    let plateau = try training { $0.maximumRate = 2e-3 }
    #expect(plateau.schedule == .plateau(PlateauRule(initialRate: 2e-3)))
    let cycle = try training {
      $0.schedule = .oneCycle
      $0.maximumRate = 3e-3
      $0.loss = PublishedVariant.relativeLoss
    }
    #expect(cycle.loss == .relativeHuber(delta: 0.02))
    #expect(
      cycle.schedule == .oneCycle(OneCycle(maximum: 3e-3, steps: cycle.plan.stepCount)))
  }

  @Test("Filters and bands of a cut sky")
  func filters() throws {
    func recipe(
      _ settings: TaskSettings, maps: Int = 60_000,
      _ change: (inout IsotropicVariant) -> Void = { _ in }
    ) throws -> IsotropicConfiguration {
      let recipe = try TrainingRecipe.standard(
        .isotropic, settings: settings, maps: maps, seed: 1,
        isotropic: IsotropicVariant().with(change))
      return try #require(recipe.network.typed(IsotropicConfiguration.self))
    }
    func sizes(_ configuration: IsotropicConfiguration) -> [Int?] {
      [
        configuration.polarisation?.filterBank?.fiducials.count, configuration.groups,
        configuration.channels[0],
      ]
    }
    let cut = try TaskSettings(task: .t2, skyFraction: 0.1)
    let standard = try recipe(cut)
    #expect(sizes(standard) == [9, 18, 18 * 8] && standard.bandWidth == 0.6)
    let narrow = try recipe(cut) { ($0.fiducials, $0.bands) = (2, 46) }
    #expect(sizes(narrow) == [4, 8, 8 * 46] && narrow.bandWidth == nil)
    #expect(sizes(try recipe(cut) { $0.fiducials = 1 }) == [1, 2, 2 * 8])
    let masked = try recipe(cut) { $0.cutSky = .masking }
    #expect(sizes(masked) == [nil, 2, 2 * 46] && masked.bandWidth == nil)
    #expect(sizes(try recipe(try TaskSettings(task: .t3, skyFraction: 0.1))) == [3, 6, 6 * 8])
    let full = try TaskSettings(task: .t2)
    #expect(sizes(try recipe(full)) == [nil, 2, 2 * 46])
    #expect(sizes(try recipe(full) { $0.bands = 12 }) == [nil, 2, 2 * 12])

    // Sixteen filters with a band per degree: 10,303 features of the fourth degree, 7,359 of the
    // third, of which the store of the fit holds 50,957 maps. The fourth degree would have less
    // than six maps for each.
    let most = try TrainingRecipe.standard(
      .isotropic, settings: cut, maps: 200_000, seed: 1,
      isotropic: IsotropicVariant().with { ($0.fiducials, $0.bands) = (4, 46) })
    let largest = try recipe(cut, maps: 200_000) { ($0.fiducials, $0.bands) = (4, 46) }
    #expect(largest.readoutDegree == 3 && largest.readoutFeatureCount == 1_472 * 5 - 1)
    #expect(most.refitMaps == 375_000_000 / largest.readoutFeatureCount)

    // Peaks in the middle of three parts of 5...20, and the pair that is not.
    let middles = [7.5, 12.5, 17.5]
    let expected = middles.flatMap { e in middles.map { [e, $0] } }
    #expect(relativeError(cut.fiducialPoints().flatMap { $0 }, expected.flatMap { $0 }) < 1e-14)
    let pair = cut.fiducialPoints(perParameter: 2).flatMap { $0 }
    #expect(relativeError(pair, [8, 8, 8, 16, 16, 8, 16, 16]) < 1e-14)
  }

  @Test(
    "Filters and bands that cannot be",
    arguments: [
      ("number of fiducials per parameter", "5"), ("number of fiducials per parameter", "0"),
      ("number of fiducials per parameter", "2 without filters"),
      ("number of fiducials per parameter", "3 without filters"),
      ("number of bands", "1 for t2"), ("number of bands", "47 for t2"),
      ("number of bands", "8 for t1"),
    ])
  func noFilters(key: String, found: String) throws {
    // Three without filters: the full sky.
    let settings =
      found.hasSuffix("t1")
      ? try TaskSettings(task: .t1)
      : try TaskSettings(task: .t2, skyFraction: found.hasPrefix("3 without") ? 1 : 0.1)
    let value = try #require(Int(found.prefix { $0.isNumber }))
    let variant = IsotropicVariant().with {
      if key == "number of bands" { $0.bands = value } else { $0.fiducials = value }
      if found.hasPrefix("2 without") { $0.cutSky = .masking }
    }
    expectRefusal(key, found) {
      try TrainingRecipe.standard(
        .isotropic, settings: settings, maps: 20_000, seed: 1, isotropic: variant)
    }
  }

  @Test("Blocks of polarisation, batches of no maps")
  func others() throws {
    var variant = IsotropicVariant()
    variant.channels = [16, 48]
    let (t1, t2) = (try TaskSettings(task: .t1), try TaskSettings(task: .t2))
    _ = try TrainingRecipe.standard(
      .isotropic, settings: t1, maps: 20_000, seed: 1, isotropic: variant)
    #expect(throws: NetworkConfigurationError.self) {
      try TrainingRecipe.standard(
        .isotropic, settings: t2, maps: 20_000, seed: 1, isotropic: variant)
    }
    #expect(throws: TaskError.invalidBatch(found: 0)) {
      try TrainingRecipe.standard(.isotropic, settings: t1, maps: 20_000, batch: 0, seed: 1)
    }
  }
}
