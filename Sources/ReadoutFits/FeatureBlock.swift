/// Features of some maps with their targets.
public struct FeatureBlock: Sendable, Equatable {
  /// `[map][feature]`.
  public var features: [Double]
  /// `[map][output]`.
  public var targets: [Double]

  public init(features: [Double], targets: [Double]) {
    self.features = features
    self.targets = targets
  }
}
