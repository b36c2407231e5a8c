/// The data of a linear fit, delivered block by block, as often as asked.
public protocol FeatureSource: Sendable {
  /// Features per map, the constant not counted.
  var featureCount: Int { get }
  /// Targets per map.
  var outputCount: Int { get }
  /// Number of maps.
  var mapCount: Int { get }

  /// Calls `body` with all maps in order, in blocks of any size. Every pass delivers the same.
  ///
  /// - Throws: what `body` throws, or whatever keeps the source from delivering.
  func forEachBlock(_ body: (FeatureBlock) throws -> Void) throws
}
