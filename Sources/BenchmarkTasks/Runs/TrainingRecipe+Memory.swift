import LinearAlgebra
import PixelNetworks
import SpectralNetworks

/// What the stages of a run take of the machine.
extension TrainingRecipe {
  /// The features that the last fit of a readout keeps; nil without such a fit, or if it keeps
  /// none.
  ///
  /// Definition: maps · (features + targets) · 8 bytes, and once more for a density or dense
  /// layers, whose fits
  ///             keep scaled features beside them.
  public var featureEstimate: WorkEstimate? {
    let features: Int
    let targets: Int
    let copies: Int
    switch network {
    case .isotropic(let configuration):
      features = configuration.readoutFeatureCount
      targets = configuration.outputCount
      copies = configuration.density != nil ? 2 : refit.absoluteIterations > 0 ? 1 : 0
    case .published(let configuration):
      (features, targets, copies) = (configuration.hiddenChannels, configuration.outputCount, 2)
    case .pixel: return nil
    }
    guard refitMaps > 0, copies > 0 else { return nil }
    func bytes(_ maps: Int) -> Double { Double(copies * 8 * maps) * Double(features + targets) }
    // The steps of the alternatives are those of a number that one would type.
    let fewer = stride(from: 9, through: 1, by: -1).map { tenths in
      WorkEstimate.Alternative(
        change: "a run of \(totalMaps / 10 * tenths) maps", bytes: bytes(refitMaps / 10 * tenths))
    }
    return WorkEstimate(
      stage: "the readout fit keeps \(features) features of \(refitMaps) maps, "
        + "\(copies == 1 ? "once" : "twice")",
      bytes: bytes(refitMaps), multiplications: 0, alternatives: fewer)
  }

  /// The maps of a step, twice as the next batch is made meanwhile, and the layers that a step
  /// keeps for its gradient.
  ///
  /// Accuracy: a factor of two; filters of a cut sky are not counted
  /// (`FilterBankConfiguration.workEstimate`).
  public func trainingEstimate(_ settings: TaskSettings) -> WorkEstimate {
    func bytes(_ nside: Int, batch: Int) -> Double {
      let pixels = 12 * Double(nside) * Double(nside)
      let maps = 4 * pixels * Double(settings.fieldCount * batch)
      let layers: Double
      switch network {
      // Of maps that are not trained on at the time: slices, fields in lanes and their rings.
      case .isotropic: layers = 4 * maps
      case .published(let c):
        // Of every block: what enters it, its synthesis and its normalisation.
        layers =
          12 * Double(c.latitudeCount * c.longitudeCount) * Double(c.hiddenChannels * c.blockCount)
          * Double(batch)
      case .pixel(let c):
        // Of the first block, nearly all: neighbours gathered, convolved and normalised.
        layers = 12 * pixels * Double(c.channels.first ?? 1) * Double(batch)
      }
      return 2 * maps + layers
    }
    let batch = training.batch
    let smaller = sequence(first: batch / 2) { $0 / 2 }.prefix { $0 >= 1 }.map {
      WorkEstimate.Alternative(
        change: "\($0) maps per step", bytes: bytes(settings.nside, batch: $0))
    }
    let lower = sequence(first: settings.nside / 2) { $0 / 2 }
      .prefix { TaskSettings.nsides.contains($0) }
      .map {
        WorkEstimate.Alternative(change: "maps of nside \($0)", bytes: bytes($0, batch: batch))
      }
    return WorkEstimate(
      stage: "training with \(batch) maps of nside \(settings.nside) per step",
      bytes: bytes(settings.nside, batch: batch), multiplications: 0,
      alternatives: smaller + lower)
  }
}
