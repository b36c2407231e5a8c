/// A network that ends in a readout of few numbers per map, so that the readout can be refitted
/// alone.
public protocol FeatureReadout: TrainableNetwork {
  /// Number of features per map, the constant not counted.
  var featureCount: Int { get }

  /// What the readout reads, `[map][feature]`, in inference mode.
  func readoutFeatures(_ maps: [Scalar], count: Int, threads: Int) -> [Double]
}
