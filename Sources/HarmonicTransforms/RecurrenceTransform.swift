import FourierTransforms
import Kernels
import SpecialFunctions
import SphereGrids

/// The stages of scalar transforms of few fields, with the Legendre functions computed on the way.
///
/// Definition:  the sums of `ScalarTransform`.
/// Method:      per order the recurrence in steps of two degrees (`DegreePairRecurrence`), for 16
///              ring pairs at a time, in tables of 64 steps that stay in the cache
///              (`RecurrenceBlock`). Mirrored rings share them, and even and odd degrees too: per
///              coefficient and ring pair one multiply-add, and two for every field.
/// Layout:      fields `[point][pointStride]`, coefficients as `CoefficientStack` with rows
///              `rowStride` apart.
/// Precision:   Legendre functions and sums in `Double` for every T; rings are transformed in T.
/// Memory:      the orders of all rings, 32 bytes per order, ring pair and field.
/// Threads:     one order or one block of rings at a time: the same bits for any number.
/// Checked by:  RecurrenceTransformTests, against `DirectTransform` and against tables.
final class RecurrenceTransform<T: FourierScalar>: Sendable {
  let lmax: Int
  let mmax: Int
  let pairs: [RingPair]
  let blocks: ColatitudeBlocks
  private let sectoral: [Double]
  private let rings: RingTransforms<T>
  private let tilePool = WorkspacePool<OrderTiles>()

  init(pairs: [RingPair], lmax: Int, mmax: Int, skipsPoles: Bool = true) {
    self.lmax = lmax
    self.mmax = mmax
    self.pairs = pairs
    blocks = ColatitudeBlocks(pairs, lmax: lmax, mmax: mmax, skipsPoles: skipsPoles)
    sectoral = sectoralFactors(mmax: mmax)
    rings = RingTransforms(pairs: pairs, blocks, mmax: mmax)
  }

  /// Both stages of a synthesis: orders, then rings.
  func synthesise(
    _ a: BufferView<T>, rowStride: Int, lanes: Int, _ factors: StageFactors, halvesNyquist: Bool,
    to field: BufferView<T>, pointStride: Int, threads: Int
  ) {
    withTiles(lanes) { tiles in
      let scratch = (0..<threads).map { _ in
        OrderScratch(lmax: lmax, lanes: lanes, blocks: 1)
      }
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
    withTiles(lanes) { tiles in
      parallelFor(blocks.count * lanes, threads: threads) { part in
        let (lane, block) = (part / blocks.count, part % blocks.count)
        rings.analyse(
          field.at(lane), pointStride: pointStride, block: block, factors,
          to: tiles.view(lane: lane, block: block, m: 0))
      }
      let scratch = (0..<threads).map { _ in
        OrderScratch(lmax: lmax, lanes: lanes, blocks: blocks.count)
      }
      parallelFor(mmax + 1, threads: threads) { m, worker in
        analyseOrder(m, tiles, to: a, rowStride: rowStride, scratch[worker])
      }
    }
  }

  /// Tiles for so many fields, of an earlier call or new ones.
  private func withTiles(_ lanes: Int, _ body: (OrderTiles) -> Void) {
    tilePool.withWorkspace([lanes]) {
      OrderTiles(lanes: lanes, blocks: blocks.count, mmax: mmax)
    } _: {
      body($0)
    }
  }

  // MARK: - Orders

  /// Where the recurrence of a block of colatitudes begins.
  private func start(_ block: Int, _ steps: DegreePairSteps, _ state: BufferView<Double>) {
    startRecurrence(
      factor: sectoral[steps.m] / steps.scales[0],
      bases: blocks.sines.view(block * RecurrenceBlock.width), exponent: steps.m, state)
  }

  /// The functions of some steps at a block of colatitudes, to the scratch's table.
  private func fillTable(
    _ block: Int, _ scratch: OrderScratch, from k: Int, count: Int, _ state: BufferView<Double>
  ) -> Int {
    let steps = blocks.isPolar[block] ? scratch.steps.polar : scratch.steps.equatorial
    return continueRecurrence(
      steps.view(2 * k), count: count,
      arguments: blocks.arguments.view(block * RecurrenceBlock.width), state,
      table: scratch.table.view())
  }

  private func synthesiseOrder(
    _ m: Int, _ a: BufferView<T>, rowStride: Int, to tiles: OrderTiles, _ scratch: OrderScratch
  ) {
    let steps = scratch.steps
    steps.prepare(m)
    let rows = a.at(2 * rowStride * coefficientIndex(l: m, m: m, lmax: lmax))
    for lane in 0..<tiles.lanes {
      steps.weights(rows.at(lane), rowStride: rowStride, to: scratch.weights(lane))
    }
    // The rings of a block read the orders that it takes part in, and no other.
    for block in 0..<blocks.count where m <= blocks.limits[block] {
      let state = scratch.states.view(0)
      start(block, steps, state)
      for lane in 0..<tiles.lanes {
        clear(tiles.view(lane: lane, block: block, m: m), count: OrderTiles.tile)
      }
      for k in stride(from: 0, to: steps.count, by: RecurrenceBlock.steps) {
        let count = min(RecurrenceBlock.steps, steps.count - k)
        let first = fillTable(block, scratch, from: k, count: count, state)
        for lane in 0..<tiles.lanes where first < count {
          addRecurrenceSums(
            scratch.weights(lane).at(4 * k), steps: first..<count, scratch.table.view(),
            to: tiles.view(lane: lane, block: block, m: m))
        }
      }
      for lane in 0..<tiles.lanes {
        scaleOddRows(
          tiles.view(lane: lane, block: block, m: m),
          by: blocks.cosines.view(block * RecurrenceBlock.width))
      }
    }
  }

  private func analyseOrder(
    _ m: Int, _ tiles: OrderTiles, to a: BufferView<T>, rowStride: Int, _ scratch: OrderScratch
  ) {
    let steps = scratch.steps
    steps.prepare(m)
    for block in 0..<blocks.count where m <= blocks.limits[block] {
      start(block, steps, scratch.states.view(block))
      for lane in 0..<tiles.lanes {
        scaleOddRows(
          tiles.view(lane: lane, block: block, m: m),
          by: blocks.cosines.view(block * RecurrenceBlock.width))
      }
    }
    // Steps outside and blocks inside, so that the sums of 64 steps stay in the cache.
    for k in stride(from: 0, to: steps.count, by: RecurrenceBlock.steps) {
      let count = min(RecurrenceBlock.steps, steps.count - k)
      for block in 0..<blocks.count where m <= blocks.limits[block] {
        let first = fillTable(block, scratch, from: k, count: count, scratch.states.view(block))
        for lane in 0..<tiles.lanes where first < count {
          addRecurrenceProjections(
            tiles.view(lane: lane, block: block, m: m), steps: first..<count,
            scratch.table.view(), to: scratch.sums(lane))
        }
      }
      for lane in 0..<tiles.lanes {
        foldRecurrenceSums(
          count: count, scratch.sums(lane), to: scratch.weights(lane).at(4 * k))
      }
    }
    let rows = a.at(2 * rowStride * coefficientIndex(l: m, m: m, lmax: lmax))
    for lane in 0..<tiles.lanes {
      steps.coefficients(scratch.weights(lane), to: rows.at(lane), rowStride: rowStride)
    }
  }
}

/// Memory for the orders that one thread computes.
private final class OrderScratch: @unchecked Sendable {
  let steps: DegreePairSteps
  let states: RecurrenceStates
  let table: AlignedBuffer<Double>
  private let weightNumbers: AlignedBuffer<Double>
  private let sumNumbers: AlignedBuffer<Double>
  private let weightCount: Int

  init(lmax: Int, lanes: Int, blocks: Int) {
    steps = DegreePairSteps(lmax: lmax)
    states = RecurrenceStates(blocks: blocks)
    let size = RecurrenceBlock.width * RecurrenceBlock.steps
    table = AlignedBuffer(count: size)
    weightCount = 4 * (lmax / 2 + 1)
    weightNumbers = AlignedBuffer(count: weightCount * lanes)
    sumNumbers = AlignedBuffer(count: size * lanes)
  }

  /// The weights of a field, four numbers per function.
  func weights(_ lane: Int) -> BufferView<Double> { weightNumbers.view(weightCount * lane) }

  /// The sums of a field, 16 numbers per step of a table.
  func sums(_ lane: Int) -> BufferView<Double> {
    sumNumbers.view(RecurrenceBlock.width * RecurrenceBlock.steps * lane)
  }
}
