import Faults

/// Why a linear fit cannot be had.
public enum ClosedFormError: UserError, Sendable, Hashable {
  /// The features depend on each other linearly as far as these maps show. `feature` takes part in
  /// the dependence; it is nil when the constant does.
  case singular(feature: Int?, ridge: Double, maps: Int)
  /// A feature is not finite.
  case featureNotFinite(map: Int, feature: Int, value: Double)
  /// A target is not finite, or 0 where residuals are relative.
  case unusableTarget(map: Int, output: Int, value: Double)
  /// There are no more maps than unknowns, and no ridge.
  case tooFewMaps(found: Int, unknowns: Int)
  /// The features are the same for all maps.
  case noVariation(maps: Int)
  /// The loss of the weights that a fit starts from is not finite.
  case startNotFinite(loss: Double)
  /// An option makes no sense.
  case invalidOption(key: String, found: String, expected: String)
  /// A stop was asked for; nothing was kept.
  case interrupted

  public var description: String {
    switch self {
    case .singular(let feature, let ridge, let maps):
      let which = feature.map { "feature \($0)" } ?? "some feature"
      return "the normal equations of \(maps) maps with ridge \(ridge) are singular: \(which) is a "
        + "combination of others to rounding; remove it, fit more maps, or give a ridge"
    case .featureNotFinite(let map, let feature, let value):
      return "feature \(feature) of map \(map) is \(value), expected a finite number; "
        + "check the network and the map"
    case .unusableTarget(let map, let output, let value):
      return "target \(output) of map \(map) is \(value), expected a finite number, and not 0 "
        + "where residuals are relative; fit with uniform weights, or leave the map out"
    case .tooFewMaps(let found, let unknowns):
      return "\(found) maps cannot determine \(unknowns) coefficients; "
        + "fit more maps, or give a ridge"
    case .noVariation(let maps):
      return "all features are the same for all of \(maps) maps, expected features that differ; "
        + "check the network, whose channels are dead"
    case .startNotFinite(let loss):
      return "the loss of the weights to start from is \(loss), expected a finite number; "
        + "check the network"
    case .invalidOption(let key, let found, let expected):
      return "readout fit: \(key) is \(found), expected \(expected)"
    case .interrupted:
      return "interrupted"
    }
  }
}

extension ClosedFormError {
  public var faultClass: FaultClass {
    switch self {
    case .interrupted: return .interruption
    default: return .failure
    }
  }
}
