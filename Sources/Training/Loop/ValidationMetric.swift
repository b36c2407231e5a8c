/// What decides whether an epoch was better than the ones before, measured on validation maps.
public enum ValidationMetric: String, Codable, Sendable {
  /// The training loss.
  case loss
  /// The mean absolute percentage error, summed over the outputs.
  case percentageError
}
