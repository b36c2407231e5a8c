import Kernels

/// An endless supply of maps and targets.
///
/// A map is a function of its purpose and its index alone: any batch, any order and any number of
/// threads give the same bits. To train on fresh maps is to ask for indices that were not used
/// before; a source with a fixed set of labels takes the index modulo their number where it needs
/// to.
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
