import Foundation
import FourierTransforms
import Kernels
import SphereGrids

/// How a grid treats the order m = n/2 of a ring with n longitudes.
public enum NyquistOrder: Sendable, Hashable {
  /// Synthesis evaluates the series at the points: the orders n/2 and −n/2 both count.
  case evaluated
  /// Synthesis counts the order n/2 once and leaves its imaginary part out, as `irfft` does and with
  /// it torch-harmonics and the published network.
  case once
}

/// Lanes that are transformed together.
struct LaneBlock: Sendable {
  let first: Int
  let count: Int
}

/// The Fourier transforms of one block of lanes of rings of one length.
private struct BlockPlans<T: FourierScalar>: Sendable {
  let block: LaneBlock
  /// From and to a field, points `laneStride` apart.
  let strided: LaneFourierPlan<T>
  /// From and to contiguous memory, points as far apart as the block has lanes (twice that where
  /// lanes are isolated).
  let packed: LaneFourierPlan<T>
}

/// Memory for transforms of one number of lanes: Fourier coefficients of all rings, and FFTW's plans.
///
/// Layout: `[m][even, odd][block of lanes][pair][re, im][lane in block]`: what a Legendre product reads or
///         writes at a time is contiguous. Blocks hold the used lanes, rounded up to 64 bytes.
///
/// Two adjacent lanes share a complex transform, and the last bits of each depend on the other. Where
/// adjacent lanes belong to different maps and a map's bits must not depend on its neighbour,
/// `isolatesLanes` makes analysis pair every lane with zeros, for twice the cost of its ring stage.
package final class TransformWorkspace<T: FourierScalar>: Sendable {
  package let lanes: Int
  /// Distance between points of a field in lane layout.
  package let laneStride: Int
  package var orders: AlignedBuffer<T> { lazyOrders.value }
  private let lazyOrders: LazyValue<AlignedBuffer<T>>
  /// Whether the transforms of this workspace go by recurrence: then rows have no padding, and it has no
  /// memory of its own.
  let takesRecurrence: Bool
  /// The lanes of all blocks: what is behind them in a row is neither read nor written.
  package let usedLanes: Int
  let blocks: [LaneBlock]
  /// For every ring pair, where its plans are in `plans`.
  private let plansOfPair: [Int]
  private let plans: [[BlockPlans<T>]]
  /// Whether analysis pairs every lane with zeros.
  fileprivate let isolatesLanes: Bool
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

  /// Number of parts that ring stages are cut into: some ring pairs of one block each, those of a block
  /// one after the other, since what they read and write is side by side. Parts may run at the same time.
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
  fileprivate func ringPart(_ part: Int) -> (block: Int, pairs: Range<Int>) {
    (part / pairGroups.count, pairGroups[part % pairGroups.count])
  }

  @inline(__always)
  fileprivate func plans(pair j: Int, block: Int) -> BlockPlans<T> {
    plans[plansOfPair[j]][block]
  }

  /// All orders of one block of a pair.
  fileprivate func rows(pair j: Int, _ block: LaneBlock) -> OrderRows<T> {
    OrderRows(
      orders.view(2 * pairCount * block.first + j * 2 * block.count),
      orderStride: offset(m: 1, parity: 0), oddOffset: offset(m: 0, parity: 1),
      lanes: block.count)
  }
}

/// e^{−imφ0} of every ring pair and order, computed in `Double` and rounded once.
package struct RingPhases<T: LaneScalar>: Sendable {
  /// `[pair][m]`.
  let values: [PairPhases<T>]

  init(pairs: [RingPair], mmax: Int) {
    values = pairs.flatMap { pair in
      (0...mmax).map { m in
        let north = Double(m) * pair.north.phi0
        let south = Double(m) * (pair.south?.phi0 ?? 0)
        return PairPhases(
          north: RingPhase(factor: 1, cosine: cos(north), sine: sin(north)),
          south: RingPhase(factor: 1, cosine: cos(south), sine: sin(south)))
      }
    }
  }
}

/// The factors of a stage: ring by ring (a quadrature weight or 1) and order by order.
package struct StageFactors: Sendable {
  package let ofPair: [Double]
  package let ofOrder: [Double]
}

extension ScalarTransform {
  /// F_m(θ_j) = factor Σ_k f(θ_j, φ_k) e^{−imφ_k}, split into even and odd parts.
  ///
  /// - Parameters:
  ///   - field: points `workspace.laneStride` apart.
  ///   - workspace: receives the orders.
  ///   - factors: of rings and orders.
  ///   - part: which of `workspace.ringParts`.
  @_specialize(where T == Float)
  @_specialize(where T == Double)
  package func analyseRings(
    _ field: BufferView<T>, _ workspace: TransformWorkspace<T>, _ factors: StageFactors,
    part: Int
  ) {
    if workspace.isolatesLanes {
      analyseIsolatedRings(field, workspace, factors, part: part)
      return
    }
    let (block, range) = workspace.ringPart(part)
    withScratch(T.self, count: scratchCount(range, rings: 2)) { orders in
      for j in range {
        let plans = workspace.plans(pair: j, block: block)
        let source = field.at(plans.block.first)
        plans.strided.forward(source.at(pairs[j].north.start * workspace.laneStride), to: orders)
        if let south = pairs[j].south {
          plans.strided.forward(
            source.at(south.start * workspace.laneStride),
            to: orders.at(south.count * plans.block.count))
        }
        separate(orders, workspace, factors, pair: j, plans.block)
      }
    }
  }

  /// The same with every lane paired with zeros.
  private func analyseIsolatedRings(
    _ field: BufferView<T>, _ workspace: TransformWorkspace<T>, _ factors: StageFactors,
    part: Int
  ) {
    let (block, range) = workspace.ringPart(part)
    let phases = self.phases
    for j in range {
      let plans = workspace.plans(pair: j, block: block)
      let (n, count, width) = (pairs[j].north.count, plans.block.count, 2 * plans.block.count)
      withScratch(T.self, count: (3 * n + 4) * width) { orders in
        let values = orders.at(2 * n * width)
        func transform(_ ring: Ring, to target: BufferView<T>) {
          spreadLanes(
            rows: n, lanes: count,
            from: field.at(ring.start * workspace.laneStride + plans.block.first),
            stride: workspace.laneStride, to: values)
          plans.packed.forward(values, to: target)
        }
        transform(pairs[j].north, to: orders)
        if let south = pairs[j].south { transform(south, to: orders.at(n * width)) }
        let bins = PairBins(orders, count: n, lanes: width, hasSouth: pairs[j].south != nil)
        let rows = workspace.rows(pair: j, plans.block)
        let spread = ParityParts(rows: orders.at(3 * n * width), stride: width)
        for m in 0...mmax {
          let phase = phases.values[j * (mmax + 1) + m]
          separateOrder(
            lanes: width, north: bins.north(m), phase.north,
            south: bins.hasSouth ? bins.south(m) : nil, phase.south,
            factor: T(0.5 * factors.ofPair[j] * factors.ofOrder[m]), into: spread)
          rows.parts(m).takeEvenLanes(of: spread, count: count)
        }
      }
    }
  }

  /// The same for a field that `load` computes ring by ring, so that it never goes through memory.
  ///
  /// `load` is called with a ring and its pair, the first lane of a block, the number of lanes, and the
  /// place to write to: points `lanes` apart.
  @_specialize(where T == Float)
  @_specialize(where T == Double)
  package func analyseRings(
    _ workspace: TransformWorkspace<T>, _ factors: StageFactors, part: Int,
    load: (_ pair: Int, _ ring: Ring, _ lane: Int, _ lanes: Int, _ target: BufferView<T>) -> Void
  ) {
    precondition(
      !workspace.isolatesLanes, "a loaded field has no lanes of different maps in a pair")
    let (block, range) = workspace.ringPart(part)
    withScratch(T.self, count: scratchCount(range, rings: 3)) { orders in
      for j in range {
        let plans = workspace.plans(pair: j, block: block)
        let (lane, width) = (plans.block.first, plans.block.count)
        let n = pairs[j].north.count
        let values = orders.at(2 * n * width)
        load(j, pairs[j].north, lane, width, values)
        plans.packed.forward(values, to: orders)
        if let south = pairs[j].south {
          load(j, south, lane, width, values)
          plans.packed.forward(values, to: orders.at(n * width))
        }
        separate(orders, workspace, factors, pair: j, plans.block)
      }
    }
  }

  /// Numbers in so many rings of one block, for the longest of the pairs.
  private func scratchCount(_ range: Range<Int>, rings: Int) -> Int {
    let longest = pairs[range].reduce(0) { max($0, $1.north.count) }
    return rings * longest * TransformWorkspace<T>.blockLanes
  }

  /// The orders of one block of lanes of one ring pair, to the workspace.
  @inline(__always)
  private func separate(
    _ orders: BufferView<T>, _ workspace: TransformWorkspace<T>, _ factors: StageFactors,
    pair j: Int, _ block: LaneBlock
  ) {
    separateOrders(
      mmax: mmax,
      PairBins(
        orders, count: pairs[j].north.count, lanes: block.count, hasSouth: pairs[j].south != nil),
      phases: phases.values, firstPhase: j * (mmax + 1), factor: 0.5 * factors.ofPair[j],
      orderFactors: factors.ofOrder, into: workspace.rows(pair: j, block))
  }

  /// f(θ_j, φ_k) = Σ_m factor Re[G_m(θ_j) e^{imφ_k}] (times 2: orders m and −m are both added).
  @_specialize(where T == Float)
  @_specialize(where T == Double)
  package func synthesiseRings(
    _ workspace: TransformWorkspace<T>, to field: BufferView<T>, _ factors: StageFactors,
    part: Int
  ) {
    let (block, range) = workspace.ringPart(part)
    withScratch(T.self, count: scratchCount(range, rings: 2)) { orders in
      for j in range {
        let plans = workspace.plans(pair: j, block: block)
        combine(workspace, factors, pair: j, plans.block, into: orders)
        let target = field.at(plans.block.first)
        plans.strided.backward(orders, to: target.at(pairs[j].north.start * workspace.laneStride))
        if let south = pairs[j].south {
          plans.strided.backward(
            orders.at(south.count * plans.block.count),
            to: target.at(south.start * workspace.laneStride))
        }
      }
    }
  }

  /// The same to memory that `place` chooses for a ring and a block of lanes, points as far apart as the
  /// block has lanes; `use` is called when both rings of pair j are there.
  @_specialize(where T == Float)
  @_specialize(where T == Double)
  package func synthesiseRings(
    _ workspace: TransformWorkspace<T>, _ factors: StageFactors, part: Int,
    place: (_ ring: Ring, _ lane: Int, _ lanes: Int) -> BufferView<T>,
    use: (_ pair: Int, _ lane: Int, _ lanes: Int) -> Void
  ) {
    precondition(!workspace.isolatesLanes, "contiguous blocks of isolated lanes are not made")
    let (block, range) = workspace.ringPart(part)
    withScratch(T.self, count: scratchCount(range, rings: 2)) { orders in
      for j in range {
        let plans = workspace.plans(pair: j, block: block)
        let (lane, width) = (plans.block.first, plans.block.count)
        combine(workspace, factors, pair: j, plans.block, into: orders)
        plans.packed.backward(orders, to: place(pairs[j].north, lane, width))
        if let south = pairs[j].south {
          plans.packed.backward(orders.at(south.count * width), to: place(south, lane, width))
        }
        use(j, lane, width)
      }
    }
  }

  /// The transforms of one block of lanes of one ring pair, from the workspace.
  @inline(__always)
  private func combine(
    _ workspace: TransformWorkspace<T>, _ factors: StageFactors, pair j: Int, _ block: LaneBlock,
    into orders: BufferView<T>
  ) {
    combineOrders(
      mmax: mmax, workspace.rows(pair: j, block), phases: phases.values,
      firstPhase: j * (mmax + 1), factor: factors.ofPair[j], orderFactors: factors.ofOrder,
      halvesNyquist: nyquist == .once,
      into: PairBins(
        orders, count: pairs[j].north.count, lanes: block.count, hasSouth: pairs[j].south != nil))
  }

  /// a_lm = Σ_j λ_lm(θ_j) F_m(θ_j) for all l of one order.
  ///
  /// Row l − m of `coefficients` is [re, im][lane] with `workspace.laneStride` lanes.
  @_specialize(where T == Float)
  @_specialize(where T == Double)
  package func analyseOrder(
    _ m: Int, _ workspace: TransformWorkspace<T>, to coefficients: BufferView<T>
  ) {
    let table = legendre.order(m)
    let (stride, row) = (workspace.laneStride, 2 * workspace.laneStride)
    let (even, pairCount) = (legendre.evenCount(m), pairs.count)
    for parity in 0...1 {
      for block in workspace.blocks {
        for part in 0...1 {
          matrixProduct(
            rows: parity == 0 ? even : lmax - m + 1 - even, columns: block.count,
            depth: pairCount,
            MatrixView(table.view(parity * even * pairCount), rowStride: pairCount),
            workspace.matrix(m: m, parity: parity, block, part: part),
            into: MatrixView(
              coefficients.at(parity * row + part * stride + block.first), rowStride: 2 * row))
        }
      }
    }
  }

  /// G_m(θ_j) = Σ_l λ_lm(θ_j) a_lm for one order; the transpose of `analyseOrder`.
  @_specialize(where T == Float)
  @_specialize(where T == Double)
  package func synthesiseOrder(
    _ m: Int, _ coefficients: BufferView<T>, to workspace: TransformWorkspace<T>
  ) {
    let table = legendre.order(m)
    let (stride, row) = (workspace.laneStride, 2 * workspace.laneStride)
    let (even, pairCount) = (legendre.evenCount(m), pairs.count)
    for parity in 0...1 {
      for block in workspace.blocks {
        for part in 0...1 {
          matrixProduct(
            rows: pairCount, columns: block.count,
            depth: parity == 0 ? even : lmax - m + 1 - even,
            MatrixView(table.view(parity * even * pairCount), rowStride: pairCount).transposed,
            MatrixView(
              coefficients.at(parity * row + part * stride + block.first), rowStride: 2 * row),
            into: workspace.matrix(m: m, parity: parity, block, part: part))
        }
      }
    }
  }
}
