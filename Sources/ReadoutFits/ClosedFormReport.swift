import LinearAlgebra

/// How good the fit of one output is, on the maps it was fitted to.
public struct ClosedFormReport: Codable, Sendable, Equatable {
  /// The error of one ridge on maps left out; nil when a fit was singular.
  public struct RidgeTrial: Codable, Sendable, Equatable {
    public var ridge: Double
    /// √(mean r²) over the maps left out.
    public var rootMeanSquare: Double?
  }

  /// Number of maps.
  public var maps: Int
  /// Number of coefficients, the constant counted.
  public var unknowns: Int
  /// The ridge taken.
  public var ridge: Double
  /// All ridges tried; empty when there was only one.
  public var trials: [RidgeTrial]
  /// Estimated condition number of the normal equations in scaled features.
  public var condition: Double
  /// √(mean r²) after the least-squares fit.
  public var rootMeanSquare: Double
  /// Mean |r| after the least-squares fit and after each reweighted one; empty without reweighting.
  public var meanAbsolute: [Double]
}
