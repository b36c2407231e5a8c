/// Why a run ended.
public enum TrainingEnding: Sendable, Equatable {
  /// All maps were seen.
  case completed
  /// The validation metric did not improve for as many epochs as the configuration allows.
  case stoppedEarly
  /// The interruption flag was raised; the checkpoint, if one is kept, is up to date.
  case interrupted(checkpoint: String?)
}
