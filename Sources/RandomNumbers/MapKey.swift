/// The address of one map: everything random about it follows from this value.
public struct MapKey: Sendable, Hashable {
  public var seed: UInt64
  public var split: DataSplit
  /// Position in the endless sequence of maps of this seed and split.
  public var index: UInt64

  public init(seed: UInt64, split: DataSplit, index: UInt64) {
    self.seed = seed
    self.split = split
    self.index = index
  }
}
