import FourierTransforms
import ReadoutFits
import SpectralNetworks
import Tasks
import Training

extension PublishedConfiguration: BenchmarkConfiguration {
  package static let defaultMaps = 8_600_000

  /// The published training: epochs of 100,000 fresh maps, or an eleventh of the maps if there are
  /// fewer than 1.1 million; a tenth of an epoch for validation, redrawn each time. One cycle goes
  /// through to its end: it stops at no plateau. The state that is kept is, as published, the one
  /// of least validation loss, which need not be the last.
  package static func recipe(
    _ settings: TaskSettings, total: Int, batch: Int, _ variants: TrainingVariants
  ) throws -> TrainingRecipe {
    let variant = variants.published
    let calibrationMaps = TrainingRecipe.calibrationMaps(total)
    let rest = total - calibrationMaps - variant.readoutMaps
    let epoch = max(batch, min(100_000, rest / 11))
    let validation = max(1, epoch / 10)
    let epochs = max(1, rest / (epoch + validation))
    var training = TrainingConfiguration(
      maps: min(150, epochs) * epoch, batch: batch, mapsPerEpoch: epoch,
      validationMaps: validation, redrawsValidation: true, metric: .loss, loss: variant.loss,
      schedule: .plateau(PlateauRule(initialRate: variant.maximumRate)),
      earlyStoppingPatience: 20, keepsBest: true)
    if variant.schedule == .oneCycle {
      training.schedule = .oneCycle(
        OneCycle(maximum: variant.maximumRate, steps: training.plan.stepCount))
      training.earlyStoppingPatience = nil
    }
    var configuration = settings.task.table == nil ? sizes(settings) : tableSizes(settings)
    if settings.task.table != nil { configuration.targets = variant.targets ?? .quantile }
    variant.apply(to: &configuration, steps: training.plan.stepCount)
    try configuration.validate()
    return TrainingRecipe(
      network: .published(configuration), training: training,
      whiteningMaps: 0, firstFitMaps: 0, refitMaps: variant.readoutMaps, refit: ClosedFormOptions(),
      calibrationMaps: calibrationMaps, testMaps: testMaps(total))
  }

  /// A twentieth of the maps, at most 10,000: the weights are large files that need not be kept, so
  /// that the record alone must say how good they were.
  private static func testMaps(_ total: Int) -> Int { min(10_000, max(64, total / 20)) }

  /// Three blocks for temperature; four for Q, U and the mask, with inpainting on a cut sky.
  private static func sizes(_ settings: TaskSettings) -> PublishedConfiguration {
    guard settings.task.isPolarisation else {
      return PublishedConfiguration(
        nside: settings.nside, outputCount: settings.parameterNames.count)
    }
    return PublishedConfiguration(
      nside: settings.nside, inputChannels: 3, blockCount: 4,
      outputCount: settings.parameterNames.count, inpaints: settings.mask != nil)
  }

  /// The sizes of the published training of r and tau, at any resolution: 2 nside latitudes, twice
  /// as many longitudes, degrees up to 3 nside − 2, orders up to 2 nside, three blocks; of Q and U
  /// the mask is read, too, and a cut sky is inpainted.
  private static func tableSizes(_ settings: TaskSettings) -> PublishedConfiguration {
    let nside = settings.nside
    return PublishedConfiguration(
      nside: nside, latitudeCount: 2 * nside, longitudeCount: 4 * nside, lmax: 3 * nside - 2,
      mmax: 2 * nside, inputChannels: settings.task.isPolarisation ? 3 : 1,
      outputCount: settings.parameterNames.count, inpaints: settings.mask != nil)
  }

  package func keptFeatures(_ recipe: TrainingRecipe) -> KeptFeatures? {
    KeptFeatures(features: hiddenChannels, targets: outputCount, copies: 2)
  }

  /// Of every block: what enters it, its synthesis and its normalisation.
  package func layerBytes(nside: Int, fields: Int, batch: Int) -> Double {
    12 * Double(latitudeCount * longitudeCount) * Double(hiddenChannels * blockCount)
      * Double(batch)
  }
}
