/// What a run leaves behind, besides the trained network.
public struct TrainingResult: Sendable, Equatable {
  public var ending: TrainingEnding
  /// Optimiser steps.
  public var steps: Int
  /// Training maps.
  public var maps: Int
  public var lossCurve: [LossPoint]
  public var validationCurve: [ValidationPoint]
  /// The epoch whose state was the best, and its metric, if there was validation.
  public var bestEpoch: Int?
  public var bestMetric: Double?
  /// Seconds of all sessions of this run.
  public var seconds: Double
  /// Seconds of this session that the network waited for maps.
  public var secondsWaitingForMaps: Double

  /// What a run left behind.
  package init(
    ending: TrainingEnding, steps: Int, maps: Int, lossCurve: [LossPoint],
    validationCurve: [ValidationPoint], bestEpoch: Int?, bestMetric: Double?, seconds: Double,
    secondsWaitingForMaps: Double = 0
  ) {
    self.ending = ending
    self.steps = steps
    self.maps = maps
    self.lossCurve = lossCurve
    self.validationCurve = validationCurve
    self.bestEpoch = bestEpoch
    self.bestMetric = bestMetric
    self.seconds = seconds
    self.secondsWaitingForMaps = secondsWaitingForMaps
  }

  /// What a run without gradient steps leaves behind.
  package static let withoutSteps = TrainingResult(
    ending: .completed, steps: 0, maps: 0, lossCurve: [], validationCurve: [], bestEpoch: nil,
    bestMetric: nil, seconds: 0)
}
