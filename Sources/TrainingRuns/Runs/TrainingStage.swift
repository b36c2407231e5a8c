import Training

/// How far a run is.
public enum TrainingStage: Sendable {
  /// Gradient training.
  case gradient(TrainingProgress)
  /// Another stage, with the maps done and in all.
  case other(name: String, done: Int, total: Int)
  /// An iterative fit, with the evaluations of its objective done and about as many as there can
  /// be.
  case fit(name: String, evaluations: Int, most: Int)
  /// Another stage, with the hundredths of it that are done.
  case part(name: String, hundredths: Int)
  /// Work whose progress is not measured begins.
  case working(String)
}
