import Foundation
import Models

/// How a run ended.
public enum TrainingOutcome: Sendable {
  case completed(TrainedModel, RunRecord)
  /// The checkpoint is up to date, if one is kept.
  case interrupted(checkpoint: URL?)
}
