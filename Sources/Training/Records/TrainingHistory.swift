import Kernels
import SpectralNetworks

/// Where a run stands: everything but the tensors. Part of a checkpoint.
struct TrainingPosition: Codable, Sendable, Equatable {
  /// Optimiser steps so far.
  var step = 0
  /// Epochs whose validation is done.
  var epochsValidated = 0
  var plateau: PlateauState?
  var stopping = EarlyStoppingState()
  var lossCurve: [LossPoint] = []
  var validationCurve: [ValidationPoint] = []
  /// Sum and number of losses since the last point of the curve.
  var pendingLoss = 0.0
  var pendingSteps = 0
  /// Seconds of earlier sessions of this run. The only entry that the bits do not follow.
  var secondsBefore = 0.0
}

/// A network's trained state.
struct NetworkState<T: LaneScalar>: Sendable, Equatable {
  var parameters: [NamedTensor<T>]
  var buffers: [NamedTensor<T>]
}

/// Everything a run needs besides the network to go on as if it had not been stopped.
struct TrainingState<T: LaneScalar>: Sendable, Equatable {
  var position = TrainingPosition()
  var adam: Adam<T>
  /// The state with the best validation metric, if one is kept.
  var best: NetworkState<T>?
}
