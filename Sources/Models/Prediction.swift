/// One parameter of one map, as a model sees it.
public struct Prediction: Sendable, Equatable {
  /// The parameter's name.
  public var parameter: String
  public var value: Double
  /// The error bar, as `ErrorCalibration` defines it; nil if the model has none.
  public var standardError: Double?
  /// Reasons to doubt the prediction, one sentence each.
  public var warnings: [String]
  /// Why the value is no estimate of the parameter; nil if it is one.
  public var reason: String?
}
