/// A way in which a map is unlike the maps of the calibration.
public struct Unlikeness: Sendable, Equatable {
  /// Which powers are unlike, in words.
  public let meaning: String
  /// χ² of these powers given the prediction.
  public let chiSquare: Double
  /// Number of powers.
  public let count: Int
  /// The χ² that one in `rarity` good maps exceeds.
  public let limit: Double
  /// See `limit`.
  public let rarity: Double
}
