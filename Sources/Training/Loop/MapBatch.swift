import Kernels

/// Maps with their targets.
public struct MapBatch<T: LaneScalar>: Sendable, Equatable {
  /// Lane layout, `[point][map * channels + channel]`.
  public var maps: [T]
  /// `[map][output]`.
  public var targets: [T]

  public init(maps: [T], targets: [T]) {
    self.maps = maps
    self.targets = targets
  }
}
