/// Four pixels and their weights, which are ≥ 0 (to rounding) and sum to 1.
public struct InterpolationWeights: Sendable, Hashable {
  /// Pixel numbers: two neighbours on the ring north of the direction, then two on the ring south.
  public var pixels: [Int]
  /// The weight of each, in the same order.
  public var weights: [Double]
}
