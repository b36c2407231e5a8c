/// What a batch of maps is for; sources keep the three apart, so that no map serves two purposes.
public enum MapPurpose: String, Codable, Sendable, CaseIterable {
  case training, validation, refit
}
