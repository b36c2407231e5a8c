import Foundation
import FourierTransforms
import Kernels
import SphereGrids

/// Lanes that are transformed together.
struct LaneBlock: Sendable {
  let first: Int
  let count: Int
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
  /// `load` is called with a ring and its pair, the first lane of a block, the number of lanes, and
  /// the place to write to: points `lanes` apart.
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

  /// The same to memory that `place` chooses for a ring and a block of lanes, points as far apart
  /// as the block has lanes; `use` is called when both rings of pair j are there.
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
    legendre.order(m).withView { table in
      let (stride, row) = (workspace.laneStride, 2 * workspace.laneStride)
      let (even, pairCount) = (legendre.evenCount(m), pairs.count)
      for parity in 0...1 {
        for block in workspace.blocks {
          for part in 0...1 {
            matrixProduct(
              rows: parity == 0 ? even : lmax - m + 1 - even, columns: block.count,
              depth: pairCount,
              MatrixView(table.at(parity * even * pairCount), rowStride: pairCount),
              workspace.matrix(m: m, parity: parity, block, part: part),
              into: MatrixView(
                coefficients.at(parity * row + part * stride + block.first), rowStride: 2 * row))
          }
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
    legendre.order(m).withView { table in
      let (stride, row) = (workspace.laneStride, 2 * workspace.laneStride)
      let (even, pairCount) = (legendre.evenCount(m), pairs.count)
      for parity in 0...1 {
        for block in workspace.blocks {
          for part in 0...1 {
            matrixProduct(
              rows: pairCount, columns: block.count,
              depth: parity == 0 ? even : lmax - m + 1 - even,
              MatrixView(table.at(parity * even * pairCount), rowStride: pairCount).transposed,
              MatrixView(
                coefficients.at(parity * row + part * stride + block.first), rowStride: 2 * row),
              into: workspace.matrix(m: m, parity: parity, block, part: part))
          }
        }
      }
    }
  }
}
