/// What a model's file says of it without its tensors.
public struct ModelSummary: Sendable {
  public let architecture: Architecture
  /// HEALPix resolution of the maps.
  public let nside: Int
  public let description: ModelDescription
}
