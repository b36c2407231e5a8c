/// How far a run is, for whoever watches it.
public struct TrainingProgress: Sendable {
  /// Optimiser steps so far, and of the whole run.
  public let step: Int, stepCount: Int
  /// Training maps so far, and of the whole run.
  public let maps: Int, mapCount: Int
  /// The epoch, counted from 0, and the number of epochs.
  public let epoch: Int, epochCount: Int
  /// Loss of this step.
  public let loss: Double
  /// Learning rate of this step.
  public let learningRate: Double
  /// Maps per second since this session began, validation included.
  public let mapsPerSecond: Double
  /// Seconds until all maps are seen, at this rate.
  public let secondsLeft: Double
  /// The latest validation.
  public let validation: ValidationPoint?
}
