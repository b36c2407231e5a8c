import SpecialFunctions

/// One parameter of one map, as a model sees it.
public struct Prediction: Sendable, Equatable {
  /// The parameter's name.
  public var parameter: String
  public var value: Double
  /// The error bar: of a posterior its standard deviation, else as `ErrorCalibration` defines it;
  /// nil if the model has none.
  public var standardError: Double?
  /// The joint posterior of all parameters of the map, from which value and error bar come; nil if
  /// the model gives none.
  public var posterior: PosteriorGrid?
  /// Reasons to doubt the prediction, one sentence each.
  public var warnings: [String]
  /// Why the value is no estimate of the parameter; nil if it is one.
  public var reason: String?
}
