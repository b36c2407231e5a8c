/// Which sky the maps are drawn from. For T1 both are the same.
public enum SkyProtocol: String, Codable, Sendable, CaseIterable {
  /// Correct covariances.
  case physical
  /// The effective sky of the published pipeline, to reproduce its numbers.
  case published
}
