/// What the maps of a calibration looked like, as files have it.
public struct LikenessCalibration: Codable, Sendable, Equatable {
  /// Number of maps.
  public let mapCount: Int
  /// Largest degree of the analysis, inclusive.
  let lmax: Int
  /// The functions of the predictions.
  let basis: PredictionBasis
  /// One distribution per group of powers.
  let powers: [ConditionalPowers]
}
