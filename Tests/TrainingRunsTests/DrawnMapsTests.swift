import Kernels
import RandomFields
import SpectralNetworks
import Testing
import Training

@testable import Models
@testable import Tasks
@testable import TrainingRuns

/// The batches that a source makes, in order.
private final class DrawLog: Sendable {
  /// Batches of one split whose indices follow one another.
  struct Pass: Equatable, Sendable, CustomStringConvertible {
    var split: DataSplit
    var maps: Range<Int>
    var description: String { "\(split) \(maps)" }
  }

  private let log = Locked<[Pass]>([])

  func add(_ split: DataSplit, _ maps: Range<Int>) {
    log.withLock { passes in
      // Validation comes between steps, and ahead of time: every split has passes of its own.
      let last = passes.lastIndex { $0.split == split }
      if let last, passes[last].maps.upperBound == maps.lowerBound,
        split == .training || split == .validation || last == passes.count - 1
      {
        passes[last].maps = passes[last].maps.lowerBound..<maps.upperBound
      } else {
        passes.append(Pass(split: split, maps: maps))
      }
    }
  }

  var passes: [Pass] { log.withLock { $0 } }
}

/// Which maps every stage of a training run draws. Steps, validation, fits, error bars and test
/// have splits of their own, whose maps MapSourceTests finds different.
@Suite("Maps that a training run draws")
struct DrawnMapsTests {
  private func passes(
    _ recipe: TrainingRecipe, _ settings: TaskSettings
  ) throws -> [DrawLog.Pass] {
    let log = DrawLog()
    var run = try TrainingRun(
      settings: settings, recipe: recipe, execution: TrainingExecution(threads: 2))
    run.source.observer = { log.add($0, $1) }
    guard case .completed = try run.run() else { throw TaskError.interrupted }
    return log.passes
  }

  /// What steps, validation, error bars and test draw in every architecture: their own split from
  /// its first map on, as many as the recipe says, none twice but those of the validation.
  private func expectOwnSplits(_ passes: [DrawLog.Pass], _ recipe: TrainingRecipe) {
    func maps(_ split: DataSplit) -> [Range<Int>] {
      passes.filter { $0.split == split }.map(\.maps)
    }
    #expect(maps(.calibration) == [0..<recipe.calibrationMaps], "\(passes)")
    #expect(maps(.test) == [0..<recipe.testMaps], "\(passes)")
    let (validation, epochs) = (
      recipe.training.validationMaps, recipe.training.plan.epochCount
    )
    let expected =
      recipe.training.redrawsValidation
      ? [0..<validation * epochs] : [Range<Int>](repeating: 0..<validation, count: epochs)
    #expect(maps(.validation) == (validation > 0 ? expected : []), "\(passes)")
    #expect(maps(.limit).isEmpty)
    // Error bars and test are the last, and the model is the same for both.
    #expect(passes.suffix(2).map(\.split) == [.calibration, .test])
  }

  @Test("Isotropic network: whitening and fits share maps, and nothing else does")
  func isotropic() throws {
    let settings = try TaskSettings()
    let recipe = try TrainingRecipe.standard(
      .isotropic, settings: settings, maps: 2_000, seed: 3)
    let passes = try passes(recipe, settings)
    expectOwnSplits(passes, recipe)
    let fits = passes.filter { $0.split == .refit }.map(\.maps)
    let whitening = 0..<recipe.whiteningMaps
    #expect(
      fits == [whitening, 0..<recipe.firstFitMaps, whitening, 0..<recipe.refitMaps], "\(passes)")
    #expect(recipe.whiteningMaps > 0 && recipe.whiteningMaps <= recipe.refitMaps)
    #expect(
      passes.filter { $0.split == .training }.map(\.maps) == [0..<recipe.training.maps],
      "\(passes)")
  }

  /// A density readout, as at noise 10, draws the same; without fits whitening has the first maps
  /// of the steps.
  @Test("Isotropic network: density readout, and no fit")
  func isotropicVariants() throws {
    let noisy = try TaskSettings(noise: 10)
    let density = try TrainingRecipe.standard(
      .isotropic, settings: noisy, maps: 2_000, seed: 3,
      isotropic: IsotropicVariant(readout: .density))
    let drawn = try passes(density, noisy)
    expectOwnSplits(drawn, density)
    let whitening = 0..<density.whiteningMaps
    #expect(
      drawn.filter { $0.split == .refit }.map(\.maps)
        == [whitening, 0..<density.firstFitMaps, whitening, 0..<density.refitMaps], "\(drawn)")

    let settings = try TaskSettings()
    var variant = IsotropicVariant()
    variant.training = .gradients
    let gradients = try TrainingRecipe.standard(
      .isotropic, settings: settings, maps: 2_000, seed: 3, isotropic: variant)
    let steps = try passes(gradients, settings)
    expectOwnSplits(steps, gradients)
    #expect(steps.filter { $0.split == .refit }.isEmpty, "\(steps)")
    #expect(
      steps.filter { $0.split == .training }.map(\.maps)
        == [0..<gradients.whiteningMaps, 0..<gradients.training.maps], "\(steps)")
  }

  @Test("Published network: the dense layers are fitted to maps of their own")
  func published() throws {
    let settings = try TaskSettings()
    var recipe = try TrainingRecipe.standard(
      .published, settings: settings, maps: 1_400, seed: 3,
      published: PublishedVariant.published.with {
        $0.schedule = .oneCycle
        $0.readoutMaps = 400
      })
    recipe.network.update(PublishedConfiguration.self) {
      ($0.hiddenChannels, $0.blockCount) = (4, 1)
    }
    recipe.denseFit.iterations = 3
    let passes = try passes(recipe, settings)
    expectOwnSplits(passes, recipe)
    #expect(passes.filter { $0.split == .refit }.map(\.maps) == [0..<400])
    #expect(
      passes.filter { $0.split == .training }.map(\.maps) == [0..<recipe.training.maps])
  }

  @Test("Network of pixels: the scale is that of the first steps' maps")
  func pixel() throws {
    let settings = try TaskSettings()
    let recipe = try TrainingRecipe.standard(.pixel, settings: settings, maps: 600, seed: 3)
    let passes = try passes(recipe, settings)
    expectOwnSplits(passes, recipe)
    #expect(passes.filter { $0.split == .refit }.isEmpty)
    #expect(
      passes.filter { $0.split == .training }.map(\.maps)
        == [0..<recipe.whiteningMaps, 0..<recipe.training.maps], "\(passes)")
  }

  /// An evaluation draws the first maps of the test split, or of the one it is given.
  @Test("Evaluation")
  func evaluation() throws {
    let settings = try TaskSettings()
    for split in [nil, DataSplit.calibration] {
      let log = DrawLog()
      var source = try SkyMapSource(settings, seed: 4)
      source.observer = { log.add($0, $1) }
      let maps =
        split.map { TestMaps(source, split: $0, count: 300, threads: 1) }
        ?? TestMaps(source, count: 300, threads: 1)
      _ = try BaselineEvaluation(try FullSkyEstimator(settings), on: maps, threads: 1)
      #expect(log.passes == [DrawLog.Pass(split: split ?? .test, maps: 0..<300)])
    }
  }
}
