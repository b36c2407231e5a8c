/// The least error of one parameter that any estimator can reach.
public struct ParameterLimit: Sendable {
  /// The parameter's name.
  public let name: String
  /// The errors of the three estimators over simulated skies.
  public let limit: BayesLimit
}
