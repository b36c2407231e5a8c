import FourierTransforms
import Kernels
import SphereGrids

/// The stages of spin transforms of few fields, with their functions computed on the way.
///
/// Definition:  the sums of `SpinTransform`.
/// Method:      away from the poles, where sin^s θ is at least ¼, sin^s θ (Q, U) are two scalar
///              fields of degrees up to lmax + s (`SpinRows`, `DegreePairOrders`): per coefficient
///              and ring pair one multiply-add for the recurrence, and four for every pair of
///              fields. Nearer to the poles the spin-weighted functions themselves
///              (`WignerOrders`): four and eight. Q and U then go through the rings as two fields.
/// Layout:      Q, U `[point][pointStride]` each, E, B as `CoefficientStack` with rows `rowStride`
///              apart.
/// Precision, memory, threads: as `RecurrenceTransform`, for two fields.
/// Checked by:  SpinRecurrenceTests, against `DirectSpinTransform` and against tables.
final class SpinRecurrenceTransform<T: FourierScalar>: Sendable {
  let spin: Int
  let lmax: Int
  let mmax: Int
  private let blocks: ColatitudeBlocks
  /// How many blocks go which way.
  private let counts: (scalar: Int, wigner: Int)
  private let scalarOrders: DegreePairOrders
  private let wignerOrders: WignerOrders
  private let spinRows: SpinRows
  private let rings: RingTransforms<T>
  private let keptScalar: KeptSteps<DegreePairSteps>
  private let keptWigner: KeptSteps<SpinSteps>
  private let tilePool = WorkspacePool<OrderTiles>()
  private let scratchPool = WorkspacePool<SpinOrderScratch>()

  init(pairs: [RingPair], spin: Int, lmax: Int, mmax: Int, skipsPoles: Bool = true) {
    self.spin = spin
    self.lmax = lmax
    self.mmax = mmax
    blocks = ColatitudeBlocks(
      pairs, lmax: lmax, mmax: mmax, spin: spin, skipsPoles: skipsPoles)
    let (scalar, wigner) = (
      blocks.ranges.indices.filter { [blocks] in blocks.dividesBySine[$0] },
      blocks.ranges.indices.filter { [blocks] in !blocks.dividesBySine[$0] }
    )
    counts = (scalar.count, wigner.count)
    scalarOrders = DegreePairOrders(blocks, members: scalar, mmax: mmax, spin: spin)
    wignerOrders = WignerOrders(
      blocks, members: wigner, pairs: pairs, spin: spin, mmax: mmax)
    spinRows = SpinRows(spin: spin, lmax: lmax)
    rings = RingTransforms(pairs: pairs, blocks, mmax: mmax)
    keptScalar = KeptSteps(lmax: lmax, orders: scalar.isEmpty ? 0 : mmax + 1) {
      DegreePairSteps(lmax: lmax + spin)
    }
    let forms = wignerOrders.usedForms
    let largest = wigner.map { [blocks] in blocks.limits[$0] }.max() ?? -1
    keptWigner = KeptSteps(lmax: lmax, orders: largest + 1) {
      SpinSteps(spin: spin, lmax: lmax, forms: forms)
    }
  }

  /// Both stages of a synthesis: orders, then rings.
  func synthesise(
    e: BufferView<T>, b: BufferView<T>, rowStride: Int, lanes: Int, _ factors: StageFactors,
    toQ q: BufferView<T>, u: BufferView<T>, pointStride: Int, threads: Int
  ) {
    withMemory(lanes: lanes, threads: threads) { tiles, scratch in
      parallelFor(mmax + 1, threads: threads) { m, worker in
        synthesiseOrder(m, e, b, rowStride: rowStride, lanes: lanes, to: tiles, scratch[worker])
      }
      parallelFor(blocks.count * 2 * lanes, threads: threads) { part in
        let (lane, block) = (part / blocks.count, part % blocks.count)
        rings.synthesise(
          tiles.view(lane: lane, block: block, m: 0), block: block, factors,
          halvesNyquist: false, to: (lane % 2 == 0 ? q : u).at(lane / 2),
          pointStride: pointStride)
      }
    }
  }

  /// Both stages of an analysis: rings, then orders.
  func analyse(
    q: BufferView<T>, u: BufferView<T>, pointStride: Int, lanes: Int, _ factors: StageFactors,
    toE e: BufferView<T>, b: BufferView<T>, rowStride: Int, threads: Int
  ) {
    withMemory(lanes: lanes, threads: threads) { tiles, scratch in
      parallelFor(blocks.count * 2 * lanes, threads: threads) { part in
        let (lane, block) = (part / blocks.count, part % blocks.count)
        rings.analyse(
          (lane % 2 == 0 ? q : u).at(lane / 2), pointStride: pointStride, block: block, factors,
          to: tiles.view(lane: lane, block: block, m: 0))
      }
      parallelFor(mmax + 1, threads: threads) { m, worker in
        analyseOrder(
          m, tiles, lanes: lanes, toE: e, b, rowStride: rowStride, scratch[worker])
      }
    }
  }

  /// Tiles for so many pairs of fields and scratch memory for every thread, of an earlier call or
  /// new ones.
  private func withMemory(
    lanes: Int, threads: Int, _ body: (OrderTiles, [SpinOrderScratch]) -> Void
  ) {
    tilePool.withWorkspace([lanes]) {
      OrderTiles(lanes: 2 * lanes, blocks: blocks.count, mmax: mmax)
    } _: { tiles in
      scratchPool.withWorkspaces([lanes], count: threads) {
        SpinOrderScratch(
          spin: spin, lmax: lmax, lanes: lanes, counts: counts, wignerOrders.usedForms)
      } _: {
        body(tiles, $0)
      }
    }
  }

  // MARK: - Orders

  /// −(−1)^s, between E, B and their rows.
  private var sign: Double { spin.isMultiple(of: 2) ? -1 : 1 }

  private func synthesiseOrder(
    _ m: Int, _ e: BufferView<T>, _ b: BufferView<T>, rowStride: Int, lanes: Int,
    to tiles: OrderTiles, _ scratch: SpinOrderScratch
  ) {
    let first = 2 * rowStride * coefficientIndex(l: m, m: m, lmax: lmax)
    for lane in 0..<lanes {
      let rows = scratch.rows(lane)
      fillSpinRows(
        count: lmax - m + 1, factor: sign, e: e.at(first + lane), b: b.at(first + lane),
        rowStride: rowStride, to: rows)
      // Degrees below the spin have no functions, and those above lmax no coefficients.
      clear(rows, count: 4 * min(lmax - m + 1, max(0, spin - m)))
      clear(rows.at(4 * (lmax - m + 1)), count: 4 * (spin + 1))
    }
    if wignerOrders.serves(m) {
      wignerOrders.synthesise(
        keptWigner.order(m, in: scratch.wigner.steps), rows: scratch.rows, lanes: lanes, to: tiles,
        scratch.wigner)
    }
    guard counts.scalar > 0 else { return }
    let steps = keptScalar.order(m, in: scratch.scalar.steps)
    for lane in 0..<lanes {
      let rows = scratch.rows(lane)
      spinRows.lower(rows, m: m, couplings: steps.couplings.view())
      for part in 0...1 {
        steps.weights(rows.at(part), rowStride: 2, to: scratch.scalar.weights(2 * lane + part))
      }
    }
    scalarOrders.synthesise(steps, to: tiles, scratch.scalar)
  }

  private func analyseOrder(
    _ m: Int, _ tiles: OrderTiles, lanes: Int, toE e: BufferView<T>, _ b: BufferView<T>,
    rowStride: Int, _ scratch: SpinOrderScratch
  ) {
    if counts.scalar > 0 {
      let steps = keptScalar.order(m, in: scratch.scalar.steps)
      scalarOrders.analyse(steps, tiles, scratch.scalar)
      for lane in 0..<lanes {
        let rows = scratch.rows(lane)
        for part in 0...1 {
          steps.coefficients(
            scratch.scalar.weights(2 * lane + part), to: rows.at(part), rowStride: 2)
        }
        spinRows.raise(rows, m: m, couplings: steps.couplings.view())
      }
    } else {
      for lane in 0..<lanes { clear(scratch.rows(lane), count: 4 * (lmax - m + 1)) }
    }
    if wignerOrders.serves(m) {
      wignerOrders.analyse(
        keptWigner.order(m, in: scratch.wigner.steps), tiles, lanes: lanes, addTo: scratch.rows,
        scratch.wigner)
    }
    let first = 2 * rowStride * coefficientIndex(l: m, m: m, lmax: lmax)
    for lane in 0..<lanes {
      copySpinRows(
        count: lmax - m + 1, factor: sign, scratch.rows(lane), toE: e.at(first + lane),
        b: b.at(first + lane), rowStride: rowStride)
    }
  }
}

/// Memory for the orders that one thread computes.
private final class SpinOrderScratch: @unchecked Sendable {
  let scalar: DegreePairScratch
  let wigner: WignerScratch
  private let rowNumbers: AlignedBuffer<Double>
  private let rowCount: Int

  init(
    spin: Int, lmax: Int, lanes: Int, counts: (scalar: Int, wigner: Int),
    _ forms: Set<SpinStepForm>
  ) {
    scalar = DegreePairScratch(lmax: lmax + spin, lanes: 2 * lanes, blocks: counts.scalar)
    wigner = WignerScratch(
      spin: spin, lmax: lmax, lanes: lanes, blocks: counts.wigner, forms: forms)
    rowCount = SpinRows.count(spin: spin, lmax: lmax)
    rowNumbers = AlignedBuffer(count: rowCount * lanes)
  }

  /// The rows of a pair of fields.
  func rows(_ lane: Int) -> BufferView<Double> { rowNumbers.view(rowCount * lane) }
}
