/// What a model's file says of it without its tensors.
public struct ModelSummary: Sendable {
  public let architecture: Architecture
  /// HEALPix resolution of the maps.
  public let nside: Int
  public let description: ModelDescription

  /// A summary of these parts.
  package init(architecture: Architecture, nside: Int, description: ModelDescription) {
    self.architecture = architecture
    self.nside = nside
    self.description = description
  }
}
