/// Which maps every optimiser step sees: a pure function of three numbers.
///
/// Definition:  training maps 0..<maps are cut into epochs of `mapsPerEpoch`, and epochs into
///              batches of `batch`; the last batch of an epoch and the last epoch may be shorter.
///              Every map is seen once.
public struct BatchPlan: Sendable, Equatable {
  /// Number of maps in all.
  public let maps: Int
  /// Number of maps between validations.
  public let mapsPerEpoch: Int
  /// Number of maps per step.
  public let batch: Int

  /// A plan; the numbers are positive, but there may be no maps.
  public init(maps: Int, mapsPerEpoch: Int, batch: Int) {
    precondition(
      maps >= 0 && mapsPerEpoch > 0 && batch > 0,
      "\(maps) maps in epochs of \(mapsPerEpoch) and batches of \(batch)")
    self.maps = maps
    self.mapsPerEpoch = mapsPerEpoch
    self.batch = batch
  }

  /// Steps of an epoch of full length.
  public var stepsPerEpoch: Int { parts(mapsPerEpoch, of: batch) }
  /// Number of epochs, the last one perhaps shorter.
  public var epochCount: Int { parts(maps, of: mapsPerEpoch) }
  /// Number of steps in all.
  public var stepCount: Int {
    maps / mapsPerEpoch * stepsPerEpoch + parts(maps % mapsPerEpoch, of: batch)
  }

  /// The maps of step 0, 1, …
  public func maps(ofStep step: Int) -> Range<Int> {
    precondition(0 <= step && step < stepCount, "step \(step) of \(stepCount)")
    let epoch = step / stepsPerEpoch
    let start = epoch * mapsPerEpoch + step % stepsPerEpoch * batch
    return start..<min(start + batch, (epoch + 1) * mapsPerEpoch, maps)
  }

  /// Number of maps seen after `steps` steps.
  public func mapsSeen(after steps: Int) -> Int {
    steps == 0 ? 0 : maps(ofStep: steps - 1).upperBound
  }

  /// Number of epochs that are complete after `steps` steps.
  public func epochsCompleted(after steps: Int) -> Int {
    steps == stepCount ? epochCount : steps / stepsPerEpoch
  }

  /// The steps of epoch 0, 1, …
  public func steps(ofEpoch epoch: Int) -> Range<Int> {
    epoch * stepsPerEpoch..<min((epoch + 1) * stepsPerEpoch, stepCount)
  }

  private func parts(_ count: Int, of size: Int) -> Int { (count + size - 1) / size }
}
