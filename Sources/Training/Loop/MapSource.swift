import Kernels

/// What a batch of maps is for; sources keep the three apart, so that no map serves two purposes.
public enum MapPurpose: String, Codable, Sendable, CaseIterable {
  case training, validation, refit
}

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

/// An endless supply of maps and targets.
///
/// A map is a function of its purpose and its index alone: any batch, any order and any number of
/// threads give the same bits. Training on fresh maps is asking for indices not used before; a
/// source with a fixed set of labels takes the index modulo their number where it needs to.
public protocol MapSource<Scalar>: Sendable {
  /// The precision of the maps.
  associatedtype Scalar: LaneScalar

  /// The maps with the indices `maps`, in order.
  ///
  /// Called from a thread of its own while the previous batch is trained on.
  ///
  /// - Throws: whatever keeps the source from delivering; training stops with it.
  func batch(maps: Range<Int>, purpose: MapPurpose, threads: Int) throws -> MapBatch<Scalar>
}
