import FourierTransforms
import Kernels
import SphereGrids

/// The stages of scalar transforms of few fields, with the Legendre functions computed on the way.
///
/// Definition:  the sums of `ScalarTransform`.
/// Method:      order by order as in `DegreePairOrders`, then ring by ring as in `RingTransforms`.
/// Layout:      fields `[point][pointStride]`, coefficients as `CoefficientStack` with rows
///              `rowStride` apart.
/// Precision:   Legendre functions and sums in `Double` for every T; rings are transformed in T.
/// Memory:      the orders of all rings, 32 bytes per order, ring pair and field, kept for the next
///              call.
/// Threads:     one order or one block of rings at a time: the same bits for any number.
/// Checked by:  RecurrenceTransformTests, against `DirectTransform` and against tables.
final class RecurrenceTransform<T: FourierScalar>: Sendable {
  let lmax: Int
  let mmax: Int
  let pairs: [RingPair]
  let blocks: ColatitudeBlocks
  private let orders: DegreePairOrders
  private let rings: RingTransforms<T>
  private let kept: KeptSteps<DegreePairSteps>
  private let tilePool = WorkspacePool<OrderTiles>()
  private let scratchPool = WorkspacePool<DegreePairScratch>()

  init(pairs: [RingPair], lmax: Int, mmax: Int, skipsPoles: Bool = true) {
    self.lmax = lmax
    self.mmax = mmax
    self.pairs = pairs
    blocks = ColatitudeBlocks(pairs, lmax: lmax, mmax: mmax, skipsPoles: skipsPoles)
    orders = DegreePairOrders(blocks, members: Array(0..<blocks.count), mmax: mmax)
    rings = RingTransforms(pairs: pairs, blocks, mmax: mmax)
    kept = KeptSteps(lmax: lmax, orders: mmax + 1) { DegreePairSteps(lmax: lmax) }
  }

  /// Both stages of a synthesis: orders, then rings.
  func synthesise(
    _ a: BufferView<T>, rowStride: Int, lanes: Int, _ factors: StageFactors, halvesNyquist: Bool,
    to field: BufferView<T>, pointStride: Int, threads: Int
  ) {
    withMemory(lanes: lanes, threads: threads) { tiles, scratch in
      parallelFor(mmax + 1, threads: threads) { m, worker in
        synthesiseOrder(m, a, rowStride: rowStride, to: tiles, scratch[worker])
      }
      parallelFor(blocks.count * lanes, threads: threads) { part in
        let (lane, block) = (part / blocks.count, part % blocks.count)
        rings.synthesise(
          tiles.view(lane: lane, block: block, m: 0), block: block, factors,
          halvesNyquist: halvesNyquist, to: field.at(lane), pointStride: pointStride)
      }
    }
  }

  /// Both stages of an analysis: rings, then orders.
  func analyse(
    _ field: BufferView<T>, pointStride: Int, lanes: Int, _ factors: StageFactors,
    to a: BufferView<T>, rowStride: Int, threads: Int
  ) {
    withMemory(lanes: lanes, threads: threads) { tiles, scratch in
      parallelFor(blocks.count * lanes, threads: threads) { part in
        let (lane, block) = (part / blocks.count, part % blocks.count)
        rings.analyse(
          field.at(lane), pointStride: pointStride, block: block, factors,
          to: tiles.view(lane: lane, block: block, m: 0))
      }
      parallelFor(mmax + 1, threads: threads) { m, worker in
        analyseOrder(m, tiles, to: a, rowStride: rowStride, scratch[worker])
      }
    }
  }

  /// Tiles for so many fields and scratch memory for every thread, of an earlier call or new ones.
  private func withMemory(
    lanes: Int, threads: Int, _ body: (OrderTiles, [DegreePairScratch]) -> Void
  ) {
    tilePool.withWorkspace([lanes]) {
      OrderTiles(lanes: lanes, blocks: blocks.count, mmax: mmax)
    } _: { tiles in
      scratchPool.withWorkspaces([lanes], count: threads) {
        DegreePairScratch(lmax: lmax, lanes: lanes, blocks: blocks.count)
      } _: {
        body(tiles, $0)
      }
    }
  }

  // MARK: - Orders

  private func synthesiseOrder(
    _ m: Int, _ a: BufferView<T>, rowStride: Int, to tiles: OrderTiles,
    _ scratch: DegreePairScratch
  ) {
    let steps = kept.order(m, in: scratch.steps)
    let rows = a.at(2 * rowStride * coefficientIndex(l: m, m: m, lmax: lmax))
    for lane in 0..<tiles.lanes {
      steps.weights(rows.at(lane), rowStride: rowStride, to: scratch.weights(lane))
    }
    orders.synthesise(steps, to: tiles, scratch)
  }

  private func analyseOrder(
    _ m: Int, _ tiles: OrderTiles, to a: BufferView<T>, rowStride: Int,
    _ scratch: DegreePairScratch
  ) {
    let steps = kept.order(m, in: scratch.steps)
    orders.analyse(steps, tiles, scratch)
    let rows = a.at(2 * rowStride * coefficientIndex(l: m, m: m, lmax: lmax))
    for lane in 0..<tiles.lanes {
      steps.coefficients(scratch.weights(lane), to: rows.at(lane), rowStride: rowStride)
    }
  }
}
