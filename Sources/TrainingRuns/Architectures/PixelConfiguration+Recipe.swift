import PixelNetworks
import ReadoutFits
import SpectralNetworks
import Tasks
import Training

extension PixelConfiguration: BenchmarkConfiguration {
  package static let defaultMaps = 400_000

  /// Maps that fix the scale of the input, at most: it is then known to a percent.
  private static let scaleMaps = 1_024
  /// Validations of a run, and the share of an epoch that each of them takes, at most 2,000 maps.
  private static let epochCount = 20
  private static let validationShare = 10

  /// Gradient training of a network of pixels: one cycle of Adam over fresh maps in twenty epochs,
  /// each judged on the same validation maps; the best state is kept.
  ///
  /// On a cut sky the mask is a channel of its own, and masked pixels are zero. Without dropout: no
  /// map is seen twice, so that there is nothing to learn by heart (Docs/Results.md has what was
  /// tried).
  /// - Throws: `HealpixError`, `NetworkConfigurationError` for an nside that cannot be halved down
  ///   to 1.
  package static func recipe(
    _ settings: TaskSettings, total: Int, batch: Int, _ variants: TrainingVariants
  ) throws -> TrainingRecipe {
    let configuration = PixelConfiguration(
      nside: settings.nside,
      inputChannels: settings.fieldCount + (settings.mask == nil ? 0 : 1),
      outputCount: settings.parameterNames.count, dropout: 0)
    try configuration.validate()
    let calibration = TrainingRecipe.calibrationMaps(total)
    let validation = min(2_000, max(1, (total - calibration) / (epochCount * validationShare)))
    let maps = total - calibration - validation
    var training = TrainingConfiguration(
      maps: maps, batch: batch,
      mapsPerEpoch: max(batch, (maps + epochCount - 1) / epochCount), validationMaps: validation,
      metric: .percentageError, loss: .relativeHuber(delta: 0.05), keepsBest: true)
    training.schedule = .oneCycle(OneCycle(maximum: 6e-3, steps: training.plan.stepCount))
    return TrainingRecipe(
      network: .pixel(configuration), training: training,
      whiteningMaps: min(scaleMaps, maps), firstFitMaps: 0, refitMaps: 0,
      refit: ClosedFormOptions(), calibrationMaps: calibration,
      testMaps: TrainingRecipe.testMaps(total))
  }

  /// Of the first block, nearly all: neighbours gathered, convolved and normalised.
  package func layerBytes(nside: Int, fields: Int, batch: Int) -> Double {
    12 * 12 * Double(nside) * Double(nside) * Double(channels.first ?? 1) * Double(batch)
  }
}
