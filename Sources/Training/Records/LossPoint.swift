/// A point of the loss curve.
public struct LossPoint: Codable, Sendable, Equatable {
  /// Optimiser steps so far.
  public var step: Int
  /// Mean loss of the steps since the point before.
  public var loss: Double
  /// Learning rate of the last of them.
  public var learningRate: Double
}
