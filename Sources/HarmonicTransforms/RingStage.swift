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

/// Memory for transforms of one number of lanes: Fourier coefficients of all rings, and FFTW's plans.
///
/// Layout: `[m][even, odd][pair][re, im][lane]`, lanes `laneStride` apart.
///
/// Two adjacent lanes share a complex transform, and the last bits of each depend on the other. Where
/// adjacent lanes belong to different maps and a map's bits must not depend on its neighbour,
/// `isolatesLanes` makes analysis pair every lane with zeros, for twice the cost of its ring stage.
package final class TransformWorkspace<T: FourierScalar>: Sendable {
  package let lanes: Int
  /// Distance between points of a field in lane layout.
  package let laneStride: Int
  package let orders: AlignedBuffer<T>
  /// Ranges of lanes that are transformed together.
  fileprivate let blocks: [Range<Int>]
  fileprivate let plans: [Int: [LaneFourierPlan<T>]]
  /// For rings that are loaded into contiguous memory first.
  fileprivate let packedPlans: [Int: [LaneFourierPlan<T>]]
  /// Whether analysis pairs every lane with zeros.
  fileprivate let isolatesLanes: Bool
  private let pairCount: Int

  /// Lanes that are transformed at a time: their orders stay in the first-level cache.
  private static var blockLanes: Int { 64 }

  package init(_ transform: ScalarTransform<T>, lanes: Int, isolatesLanes: Bool = false) {
    precondition(lanes >= 1, "\(lanes) lanes")
    self.lanes = lanes
    self.isolatesLanes = isolatesLanes
    let laneStride = paddedLaneStride(lanes, of: T.self)
    self.laneStride = laneStride
    let blockLanes = isolatesLanes ? Self.blockLanes / 2 : Self.blockLanes
    blocks = stride(from: 0, to: laneStride, by: blockLanes).map {
      $0..<min($0 + blockLanes, laneStride)
    }
    pairCount = transform.pairs.count
    orders = AlignedBuffer(count: (transform.mmax + 1) * 4 * pairCount * laneStride)
    var plans: [Int: [LaneFourierPlan<T>]] = [:]
    var packedPlans: [Int: [LaneFourierPlan<T>]] = [:]
    for n in Set(transform.pairs.map(\.north.count)) {
      let widths = Set(blocks.map(\.count)).sorted()
      plans[n] = widths.map { LaneFourierPlan(n: n, fieldStride: laneStride, lanes: $0) }
      packedPlans[n] = widths.map {
        let width = isolatesLanes ? 2 * $0 : $0
        return LaneFourierPlan(n: n, fieldStride: width, lanes: width)
      }
    }
    self.plans = plans
    self.packedPlans = packedPlans
  }

  /// Where the even (parity 0) or odd (parity 1) part of order m starts.
  @inline(__always)
  package func offset(m: Int, parity: Int) -> Int { (m * 2 + parity) * pairCount * 2 * laneStride }

  fileprivate func plan(_ n: Int, _ width: Int) -> LaneFourierPlan<T>? {
    plans[n]?.first { $0.lanes == width }
  }

  fileprivate func packedPlan(_ n: Int, _ width: Int) -> LaneFourierPlan<T>? {
    packedPlans[n]?.first { $0.lanes == width }
  }

  fileprivate func parts(m: Int, pair: Int, lane: Int) -> ParityParts<T> {
    let even = offset(m: m, parity: 0) + pair * 2 * laneStride + lane
    let odd = offset(m: m, parity: 1) + pair * 2 * laneStride + lane
    return ParityParts(
      evenReal: orders.view(even), evenImaginary: orders.view(even + laneStride),
      oddReal: orders.view(odd), oddImaginary: orders.view(odd + laneStride))
  }
}

/// e^{−imφ0} of every ring pair and order, computed in `Double` and rounded once.
package struct RingPhases<T: LaneScalar>: Sendable {
  /// `[pair][m]`.
  let values: [(north: RingPhase<T>, south: RingPhase<T>)]

  init(pairs: [RingPair], mmax: Int) {
    values = pairs.flatMap { pair in
      (0...mmax).map { m in
        let north = Double(m) * pair.north.phi0
        let south = Double(m) * (pair.south?.phi0 ?? 0)
        return (
          RingPhase(factor: 1, cosine: cos(north), sine: sin(north)),
          RingPhase(factor: 1, cosine: cos(south), sine: sin(south))
        )
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
  ///   - range: the ring pairs to transform; disjoint calls may run at the same time.
  @_specialize(where T == Float)
  @_specialize(where T == Double)
  package func analyseRings(
    _ field: BufferView<T>, _ workspace: TransformWorkspace<T>, _ factors: StageFactors,
    pairs range: Range<Int>
  ) {
    if workspace.isolatesLanes {
      analyseIsolatedRings(field, workspace, factors, pairs: range)
      return
    }
    for j in range {
      for block in workspace.blocks {
        guard let plan = workspace.plan(pairs[j].north.count, block.count) else { continue }
        let (n, width) = (plan.n, plan.lanes)
        withScratch(T.self, count: 2 * n * width) { orders in
          for (side, ring) in [pairs[j].north, pairs[j].south].enumerated() {
            guard let ring else { continue }
            plan.forward(
              field.at(ring.start * workspace.laneStride + block.lowerBound),
              to: orders.at(side * n * width))
          }
          separateOrders(orders, workspace, factors, pair: j, block)
        }
      }
    }
  }

  /// The same with every lane paired with zeros.
  private func analyseIsolatedRings(
    _ field: BufferView<T>, _ workspace: TransformWorkspace<T>, _ factors: StageFactors,
    pairs range: Range<Int>
  ) {
    for j in range {
      for block in workspace.blocks {
        let width = 2 * block.count
        guard let plan = workspace.packedPlan(pairs[j].north.count, width) else { continue }
        let n = plan.n
        withScratch(T.self, count: (3 * n + 4) * width) { orders in
          let values = orders.at(2 * n * width)
          for (side, ring) in [pairs[j].north, pairs[j].south].enumerated() {
            guard let ring else { continue }
            clear(values, count: n * width)
            for p in 0..<n {
              let row = field.at((ring.start + p) * workspace.laneStride + block.lowerBound)
              for lane in 0..<block.count { values[p * width + 2 * lane] = row[lane] }
            }
            plan.forward(values, to: orders.at(side * n * width))
          }
          separateOrders(
            orders, workspace, factors, pair: j, block, isolated: orders.at(3 * n * width))
        }
      }
    }
  }

  /// The same for a field that `load` computes ring by ring, so that it never goes through memory.
  ///
  /// `load` is called with a ring, the first lane of a block, the number of lanes, and the place to write
  /// to: points `lanes` apart.
  @_specialize(where T == Float)
  @_specialize(where T == Double)
  package func analyseRings(
    _ workspace: TransformWorkspace<T>, _ factors: StageFactors, pairs range: Range<Int>,
    load: (_ ring: Ring, _ lane: Int, _ lanes: Int, _ target: BufferView<T>) -> Void
  ) {
    precondition(
      !workspace.isolatesLanes, "a loaded field has no lanes of different maps in a pair")
    for j in range {
      for block in workspace.blocks {
        guard let plan = workspace.packedPlan(pairs[j].north.count, block.count) else { continue }
        let (n, width) = (plan.n, plan.lanes)
        withScratch(T.self, count: 3 * n * width) { orders in
          let values = orders.at(2 * n * width)
          for (side, ring) in [pairs[j].north, pairs[j].south].enumerated() {
            guard let ring else { continue }
            load(ring, block.lowerBound, width, values)
            plan.forward(values, to: orders.at(side * n * width))
          }
          separateOrders(orders, workspace, factors, pair: j, block)
        }
      }
    }
  }

  /// The orders of one block of lanes of one ring pair, to the workspace.
  ///
  /// When every second lane of `orders` is the partner of the one before, `isolated` is scratch for four
  /// rows of twice the block's lanes.
  @_specialize(where T == Float)
  @_specialize(where T == Double)
  private func separateOrders(
    _ orders: BufferView<T>, _ workspace: TransformWorkspace<T>, _ factors: StageFactors,
    pair j: Int, _ block: Range<Int>, isolated: BufferView<T>? = nil
  ) {
    let hasSouth = pairs[j].south != nil
    let width = isolated == nil ? block.count : 2 * block.count
    for m in 0...mmax {
      let (north, south) = orderBins(orders, m: m, n: pairs[j].north.count, width: width)
      let factor = 0.5 * factors.ofPair[j] * factors.ofOrder[m]
      let phase = phases.values[j * (mmax + 1) + m]
      let parts = workspace.parts(m: m, pair: j, lane: block.lowerBound)
      let pairedParts = isolated.map { ParityParts(rows: $0, stride: width) }
      separateOrder(
        lanes: width, north: north, phase.north, south: hasSouth ? south : nil, phase.south,
        factor: T(factor), into: pairedParts ?? parts)
      if let pairedParts { parts.takeEvenLanes(of: pairedParts, count: block.count) }
    }
  }

  /// f(θ_j, φ_k) = Σ_m factor Re[G_m(θ_j) e^{imφ_k}] (times 2: orders m and −m are both added).
  @_specialize(where T == Float)
  @_specialize(where T == Double)
  package func synthesiseRings(
    _ workspace: TransformWorkspace<T>, to field: BufferView<T>, _ factors: StageFactors,
    pairs range: Range<Int>
  ) {
    for j in range {
      let pair = pairs[j]
      let n = pair.north.count
      for block in workspace.blocks {
        let width = block.count
        guard let plan = workspace.plan(n, width) else { continue }
        withScratch(T.self, count: 2 * n * width) { scratch in
          clear(scratch, count: (pair.south == nil ? 1 : 2) * n * width)
          for m in 0...mmax {
            let (bins, mirrored) = orderBins(scratch, m: m, n: n, width: width)
            var factor = factors.ofPair[j] * factors.ofOrder[m]
            if nyquist == .once && 2 * m == n { factor *= 0.5 }
            let phase = phases.values[j * (mmax + 1) + m]
            combineOrder(
              lanes: width, parts: workspace.parts(m: m, pair: j, lane: block.lowerBound),
              north: bins, phase.north, south: pair.south == nil ? nil : mirrored, phase.south,
              factor: T(factor))
          }
          plan.backward(
            scratch, to: field.at(pair.north.start * workspace.laneStride + block.lowerBound))
          if let south = pair.south {
            plan.backward(
              scratch.at(n * width),
              to: field.at(south.start * workspace.laneStride + block.lowerBound))
          }
        }
      }
    }
  }

  /// Where order m (folded into n longitudes) and its mirror are in a pair's transforms.
  @inline(__always)
  private func orderBins(
    _ scratch: BufferView<T>, m: Int, n: Int, width: Int
  ) -> (north: OrderBins<T>, south: OrderBins<T>) {
    let (k, mirror) = (m % n * width, (n - m % n) % n * width)
    let south = n * width
    return (
      OrderBins(order: scratch.at(k), mirror: scratch.at(mirror)),
      OrderBins(order: scratch.at(south + k), mirror: scratch.at(south + mirror))
    )
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
    let row = 2 * workspace.laneStride
    let (even, pairCount) = (legendre.evenCount(m), pairs.count)
    for parity in 0...1 {
      matrixProduct(
        rows: parity == 0 ? even : lmax - m + 1 - even, columns: row, depth: pairCount,
        MatrixView(table.view(parity * even * pairCount), rowStride: pairCount),
        MatrixView(workspace.orders.view(workspace.offset(m: m, parity: parity)), rowStride: row),
        into: MatrixView(coefficients.at(parity * row), rowStride: 2 * row))
    }
  }

  /// G_m(θ_j) = Σ_l λ_lm(θ_j) a_lm for one order; the transpose of `analyseOrder`.
  @_specialize(where T == Float)
  @_specialize(where T == Double)
  package func synthesiseOrder(
    _ m: Int, _ coefficients: BufferView<T>, to workspace: TransformWorkspace<T>
  ) {
    let table = legendre.order(m)
    let row = 2 * workspace.laneStride
    let (even, pairCount) = (legendre.evenCount(m), pairs.count)
    for parity in 0...1 {
      matrixProduct(
        rows: pairCount, columns: row, depth: parity == 0 ? even : lmax - m + 1 - even,
        MatrixView(table.view(parity * even * pairCount), rowStride: pairCount).transposed,
        MatrixView(coefficients.at(parity * row), rowStride: 2 * row),
        into: MatrixView(
          workspace.orders.view(workspace.offset(m: m, parity: parity)), rowStride: row))
    }
  }
}
