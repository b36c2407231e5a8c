/// What a map is used for. With one seed, the maps of different splits are still different maps, so
/// a network is never tested on what it was trained with.
public enum DataSplit: UInt8, Sendable, Hashable, CaseIterable, Codable {
  case training = 0
  case validation = 1
  case test = 2
  /// Maps on which error bars are calibrated.
  case calibration = 3
  /// Skies of a simulated limit.
  case limit = 4
  /// Maps to which a readout is fitted in closed form.
  case refit = 5
}
