import Kernels
import SpectralNetworks

/// The outcome of a validation.
public struct ValidationPoint: Codable, Sendable, Equatable {
  /// The epoch just completed, counted from 0.
  public var epoch: Int
  /// Optimiser steps so far.
  public var step: Int
  /// Training maps so far.
  public var maps: Int
  /// Mean loss over the validation maps.
  public var loss: Double
  /// Mean absolute percentage error of each output; nil when some target is 0.
  public var percentageError: PercentageError?
  /// Learning rate of the epoch's last step.
  public var learningRate: Double
}
