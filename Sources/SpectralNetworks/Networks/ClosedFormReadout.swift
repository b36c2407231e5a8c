/// A network whose last stage is linear, so that it can be refitted in closed form: the outputs are
/// linear in the features.
public protocol ClosedFormReadout: FeatureReadout {

  /// Installs output_o = bias_o + Σ_k feature_k weights[k][o].
  ///
  /// - Parameters:
  ///   - weights: `[feature][output]`.
  ///   - bias: `[output]`.
  mutating func installReadout(weights: [Double], bias: [Double])
}
