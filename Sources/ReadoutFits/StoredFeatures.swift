/// Features in memory: maps · (features + outputs) · 8 bytes.
public struct StoredFeatures: FeatureSource {
  public let featureCount: Int
  public let outputCount: Int
  private let blocks: [FeatureBlock]

  public var mapCount: Int { blocks.reduce(0) { $0 + $1.targets.count / outputCount } }

  /// Stores the given maps, `[map][feature]` and `[map][output]`.
  public init(features: [Double], targets: [Double], featureCount: Int, outputCount: Int) {
    precondition(
      featureCount > 0 && outputCount > 0 && targets.count.isMultiple(of: outputCount)
        && features.count == targets.count / outputCount * featureCount,
      "\(features.count) features and \(targets.count) targets for \(featureCount) features and "
        + "\(outputCount) outputs per map")
    self.featureCount = featureCount
    self.outputCount = outputCount
    blocks = [FeatureBlock(features: features, targets: targets)]
  }

  /// Stores everything another source delivers.
  ///
  /// - Throws: what the source throws.
  public init(collecting source: some FeatureSource) throws {
    featureCount = source.featureCount
    outputCount = source.outputCount
    var blocks: [FeatureBlock] = []
    try source.forEachBlock { blocks.append($0) }
    self.blocks = blocks
  }

  public func forEachBlock(_ body: (FeatureBlock) throws -> Void) throws {
    for block in blocks { try body(block) }
  }
}
