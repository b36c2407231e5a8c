import LinearAlgebra
import Tasks

/// The memory that the stages of a run take.
extension TrainingRecipe {
  /// The features that the last fit of a readout keeps; nil without such a fit, or if it keeps
  /// none.
  ///
  /// Definition: maps · (features + targets) · 8 bytes, and once more for a density or dense
  ///             layers, whose fits keep scaled features beside them.
  ///
  /// - Returns: the estimate.
  /// - Throws: `TaskError.notTrainable`.
  public func featureEstimate() throws -> WorkEstimate? {
    guard refitMaps > 0, let kept = try network.trainable().keptFeatures(self), kept.copies > 0
    else {
      return nil
    }
    func bytes(_ maps: Int) -> Double {
      Double(kept.copies * 8 * maps) * Double(kept.features + kept.targets)
    }
    // The alternatives are tenths of the maps: numbers that a user would type.
    let fewer = stride(from: 9, through: 1, by: -1).map { tenths in
      WorkEstimate.Alternative(
        change: "a run of \(totalMaps / 10 * tenths) maps", bytes: bytes(refitMaps / 10 * tenths))
    }
    return WorkEstimate(
      stage: "the readout fit keeps \(kept.features) features of \(refitMaps) maps, "
        + "\(kept.copies == 1 ? "once" : "twice")", subject: .features,
      bytes: bytes(refitMaps), multiplications: 0, alternatives: fewer)
  }

  /// The maps of a step, twice as the next batch is made meanwhile, and the layers that a step
  /// keeps for its gradient.
  ///
  /// Accuracy: a factor of two; filters of a cut sky are not counted
  /// (`FilterBankConfiguration.workEstimate`).
  ///
  /// - Parameter settings: the row, whose maps they are.
  /// - Returns: the estimate, with smaller steps and lower resolutions as alternatives.
  /// - Throws: `TaskError.notTrainable`.
  public func trainingEstimate(_ settings: TaskSettings) throws -> WorkEstimate {
    let sizes = try network.trainable()
    func bytes(_ nside: Int, batch: Int) -> Double {
      let pixels = 12 * Double(nside) * Double(nside)
      let maps = 4 * pixels * Double(settings.fieldCount * batch)
      return 2 * maps
        + sizes.layerBytes(nside: nside, fields: settings.fieldCount, batch: batch)
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
      stage: "training with \(batch) maps of nside \(settings.nside) per step", subject: .step,
      bytes: bytes(settings.nside, batch: batch), multiplications: 0,
      alternatives: smaller + lower)
  }
}
