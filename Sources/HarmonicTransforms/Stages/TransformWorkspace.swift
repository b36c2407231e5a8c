import Foundation
import FourierTransforms
import Kernels
import SphereGrids

/// Memory for transforms of one number of lanes: Fourier coefficients of all rings, and FFTW's
/// plans.
///
/// Layout: `[m][even, odd][block of lanes][pair][re, im][lane in block]`: what a Legendre product
///         reads or writes at a time is contiguous. Blocks hold the used lanes, rounded up to 64
///         bytes.
///
/// Two adjacent lanes share a complex transform, and the last bits of each depend on the other.
/// Where adjacent lanes belong to different maps and a map's bits must not depend on its neighbour,
/// `isolatesLanes` makes analysis pair every lane with zeros, for twice the cost of its ring stage.
package final class TransformWorkspace<T: FourierScalar>: Sendable {
  package let lanes: Int
  /// Distance between points of a field in lane layout.
  package let laneStride: Int
  package var orders: AlignedBuffer<T> { lazyOrders.value }
  private let lazyOrders: LazyValue<AlignedBuffer<T>>
  /// Whether the transforms of this workspace go by recurrence: then rows have no padding, and it
  /// has no memory of its own.
  let takesRecurrence: Bool
  /// The lanes of all blocks: what is behind them in a row is neither read nor written.
  package let usedLanes: Int
  let blocks: [LaneBlock]
  /// For every ring pair, where its plans are in `plans`.
  private let plansOfPair: [Int]
  let plans: [[BlockPlans<T>]]
  /// Whether analysis pairs every lane with zeros.
  let isolatesLanes: Bool
  private let pairCount: Int
  private let pairGroups: [Range<Int>]

  /// Lanes that are transformed at a time: their orders stay in the first-level cache.
  package static var blockLanes: Int { 64 }

  /// A workspace for iterations, on the path that the transform takes for so many lanes.
  package convenience init(iterating transform: ScalarTransform<T>, lanes: Int) {
    self.init(
      transform, lanes: lanes,
      takesRecurrence: transform.path.usesRecurrence(lmax: transform.lmax, lanes: lanes))
  }

  package init(
    _ transform: ScalarTransform<T>, lanes: Int, isolatesLanes: Bool = false,
    takesRecurrence: Bool = false
  ) {
    precondition(lanes >= 1, "\(lanes) lanes")
    self.lanes = lanes
    self.isolatesLanes = isolatesLanes
    self.takesRecurrence = takesRecurrence
    if takesRecurrence {
      laneStride = lanes
      usedLanes = lanes
      blocks = []
      pairCount = transform.pairs.count
      pairGroups = []
      lazyOrders = LazyValue { AlignedBuffer(count: 0) }
      plansOfPair = []
      plans = []
      return
    }
    let laneStride = paddedLaneStride(lanes, of: T.self)
    self.laneStride = laneStride
    let unit = 64 / MemoryLayout<T>.stride
    let used = (lanes + unit - 1) / unit * unit
    usedLanes = used
    let blockLanes = isolatesLanes ? Self.blockLanes / 2 : Self.blockLanes
    let blocks = stride(from: 0, to: used, by: blockLanes).map {
      LaneBlock(first: $0, count: min(blockLanes, used - $0))
    }
    self.blocks = blocks
    pairCount = transform.pairs.count
    pairGroups = evenRanges(pairCount, parts: (pairCount + 3) / 4)
    let orderCount = (transform.mmax + 1) * 4 * transform.pairs.count * laneStride
    lazyOrders = LazyValue { AlignedBuffer(count: orderCount) }
    let lengths = Set(transform.pairs.map(\.north.count)).sorted()
    plansOfPair = transform.pairs.map { lengths.firstIndex(of: $0.north.count) ?? 0 }
    plans = lengths.map { n in
      let widths = Set(blocks.map(\.count))
      let strided = Dictionary(
        uniqueKeysWithValues: widths.map {
          ($0, LaneFourierPlan<T>(n: n, fieldStride: laneStride, lanes: $0))
        })
      let packed = Dictionary(
        uniqueKeysWithValues: widths.map { count in
          let width = isolatesLanes ? 2 * count : count
          return (count, LaneFourierPlan<T>(n: n, fieldStride: width, lanes: width))
        })
      return blocks.compactMap { block in
        guard let strided = strided[block.count], let packed = packed[block.count] else {
          return nil
        }
        return BlockPlans(block: block, strided: strided, packed: packed)
      }
    }
  }

  /// Number of parts that ring stages are cut into: some ring pairs of one block each, those of a
  /// block one after the other, since what they read and write is side by side. Parts may run at
  /// the same time.
  package var ringParts: Int { blocks.count * pairGroups.count }

  /// Where the even (parity 0) or odd (parity 1) part of order m starts.
  @inline(__always)
  package func offset(m: Int, parity: Int) -> Int { (m * 2 + parity) * pairCount * 2 * laneStride }

  /// (pair, lane), the real (part 0) or imaginary (part 1) parts of one block of an order.
  @inline(__always)
  func matrix(m: Int, parity: Int, _ block: LaneBlock, part: Int) -> MatrixView<T> {
    let start = offset(m: m, parity: parity) + 2 * pairCount * block.first
    return MatrixView(orders.view(start + part * block.count), rowStride: 2 * block.count)
  }

  /// The block and the ring pairs of a part.
  @inline(__always)
  func ringPart(_ part: Int) -> (block: Int, pairs: Range<Int>) {
    (part / pairGroups.count, pairGroups[part % pairGroups.count])
  }

  @inline(__always)
  func plans(pair j: Int, block: Int) -> BlockPlans<T> {
    plans[plansOfPair[j]][block]
  }

  /// All orders of one block of a pair.
  func rows(pair j: Int, _ block: LaneBlock) -> OrderRows<T> {
    OrderRows(
      orders.view(2 * pairCount * block.first + j * 2 * block.count),
      orderStride: offset(m: 1, parity: 0), oddOffset: offset(m: 0, parity: 1),
      lanes: block.count)
  }
}

/// The Fourier transforms of one block of lanes of rings of one length.
struct BlockPlans<T: FourierScalar>: Sendable {
  let block: LaneBlock
  /// From and to a field, points `laneStride` apart.
  let strided: LaneFourierPlan<T>
  /// From and to contiguous memory, points as far apart as the block has lanes (twice that where
  /// lanes are isolated).
  let packed: LaneFourierPlan<T>
}
