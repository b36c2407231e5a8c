import Kernels

/// The orders of few fields at all colatitudes, between the stage of orders and that of rings.
///
/// Layout:      per field and block of ring pairs one tile per order: four rows of 16 numbers, the
///              real and imaginary part of what is even under θ → π − θ, then of what is odd. The
///              stage of orders writes whole tiles, and the stage of rings reads those of a block
///              one after the other. Blocks are an odd number of tiles apart: analysis goes through
///              the tiles of one order again and again, and at a multiple of 64 kB from each other
///              only eight of them would have a place in the second-level cache.
/// Precision:   always `Double`.
/// Reuse:       tiles keep what an earlier transform left: whoever adds to them clears them first,
///              and so does analysis where a block has fewer than 16 pairs.
package final class OrderTiles: Sendable {
  let lanes: Int
  private let blockCount: Int
  /// Tiles of one block, orders or one more.
  private let blockTiles: Int
  private let numbers: AlignedBuffer<Double>

  /// Numbers of all tiles.
  var count: Int { numbers.count }

  /// Numbers of a tile.
  static var tile: Int { 4 * RecurrenceBlock.width }

  init(lanes: Int, blocks: Int, mmax: Int) {
    self.lanes = lanes
    blockCount = blocks
    blockTiles = (mmax + 1) | 1
    numbers = AlignedBuffer(count: lanes * blocks * blockTiles * Self.tile)
  }

  /// The tile of an order; those of the next orders follow it.
  @inline(__always)
  func view(lane: Int, block: Int, m: Int) -> BufferView<Double> {
    numbers.view(((lane * blockCount + block) * blockTiles + m) * Self.tile)
  }
}
