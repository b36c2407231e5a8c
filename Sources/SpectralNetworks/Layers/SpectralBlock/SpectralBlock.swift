import FourierTransforms
import HarmonicTransforms
import Kernels
import SphereGrids

/// One block of a spectral network: analysis, mixing of channels, synthesis, moments of the result.
///
///     x_i,lm = analysis of the rectified, normalised output of the block below
///     y_o,lm = mixing of x_i,lm          (`SpectralMixing`)
///     y_o    = synthesis of y_o,lm, with the moments that batch normalisation needs
///
/// Everything between the two ring stages happens order by order, so that the coefficients of an
/// order stay in the cache of one core; normalisation and ReLU happen while rings are loaded.
/// Threads: rings and orders are independent; sums over rings are made in ring order.
package struct SpectralBlock<Mixing: SpectralMixing>: Sendable
where Mixing.Scalar: FourierScalar {
  package typealias T = Mixing.Scalar
  package let transform: ScalarTransform<T>
  /// The transform under the Nyquist rule of analysis, for gradients.
  private let analysisTranspose: ScalarTransform<T>
  package let mixing: Mixing
  package let endsInCoefficients: Bool

  package init(transform: ScalarTransform<T>, mixing: Mixing, endsInCoefficients: Bool) {
    self.transform = transform
    analysisTranspose = ScalarTransform(transform, nyquist: .evaluated)
    self.mixing = mixing
    self.endsInCoefficients = endsInCoefficients
  }

  package func memory(
    input: TransformWorkspace<T>, output: TransformWorkspace<T>
  ) -> BlockMemory<T> {
    BlockMemory(
      input: input, output: output, transform: transform, endsInCoefficients: endsInCoefficients)
  }

  private func offset(_ m: Int, _ stride: Int) -> Int {
    coefficientIndex(l: m, m: m, lmax: transform.lmax) * 2 * stride
  }

  /// The coefficients of order m at `view`.
  private func panel(
    _ view: BufferView<T>, _ m: Int, _ workspace: TransformWorkspace<T>
  ) -> Panel<T> {
    Panel(view, stride: workspace.laneStride, isReal: transform.hasRealOrder(m))
  }

  /// Number of points of a ring pair.
  package func pointCount(pair j: Int) -> Int {
    transform.pairs[j].north.count * (transform.pairs[j].south == nil ? 1 : 2)
  }

  // MARK: - Forward

  /// Fills `memory` from its input.
  @_specialize(where Mixing == OrderwiseMixing<Float>)
  @_specialize(where Mixing == DegreewiseMixing<Float>)
  package func forward(
    _ source: BlockInput<T>, _ memory: BlockMemory<T>, maps: Int, weights: [T],
    scratch: NetworkScratch<T>, threads: Int
  ) {
    let readsRings = analyse(source, memory, threads: threads)
    weights.withView { weights in
      parallelFor(transform.mmax + 1, threads: threads) { m, worker in
        let x = memory.coefficients.view(offset(m, memory.input.laneStride))
        if readsRings { transform.analyseOrder(m, memory.input, to: x) }
        let y =
          endsInCoefficients
          ? memory.mixed.view(offset(m, memory.output.laneStride))
          : scratch.panels[worker].0.view()
        clearPadding(
          rows: 2 * (transform.lmax - m + 1), lanes: memory.output.lanes, y,
          upTo: memory.output.usedLanes, stride: memory.output.laneStride)
        mixing.forward(
          order: m, maps: maps, panel(x, m, memory.input), to: panel(y, m, memory.output),
          weights: weights)
        if !endsInCoefficients { transform.synthesiseOrder(m, y, to: memory.output) }
      }
    }
    if !endsInCoefficients { synthesise(memory, threads: threads) }
  }

  /// The ring stage of analysis; false when the coefficients are there already.
  @_specialize(where Mixing == OrderwiseMixing<Float>)
  @_specialize(where Mixing == DegreewiseMixing<Float>)
  private func analyse(
    _ source: BlockInput<T>, _ memory: BlockMemory<T>, threads: Int
  ) -> Bool {
    let factors = transform.analysisFactors
    switch source {
    case .coefficients:
      return false
    case .field(let field):
      parallelFor(memory.input.ringParts, threads: threads) { part in
        transform.analyseRings(field, memory.input, factors, part: part)
      }
    case .activated(let below):
      let points = transform.grid.pointCount
      parallelFor(memory.input.ringParts, threads: threads) { part in
        transform.analyseRings(memory.input, factors, part: part) {
          _, ring, lane, lanes, target in
          copyActivated(
            points: ring.count, lanes: lanes,
            from: below.field.view(lane * points + ring.start * lanes), stride: lanes, to: target,
            stride: lanes, scale: below.scale.view(lane), shift: below.shift.view(lane))
        }
      }
    }
    return true
  }

  /// The ring stage of synthesis, and the moments of every ring pair while it is in the cache.
  @_specialize(where Mixing == OrderwiseMixing<Float>)
  @_specialize(where Mixing == DegreewiseMixing<Float>)
  private func synthesise(_ memory: BlockMemory<T>, threads: Int) {
    let factors = transform.synthesisFactors
    let stride = memory.output.laneStride
    let points = transform.grid.pointCount
    parallelFor(memory.output.ringParts, threads: threads) { part in
      transform.synthesiseRings(memory.output, factors, part: part) { ring, lane, lanes in
        memory.field.view(lane * points + ring.start * lanes)
      } use: { j, lane, lanes in
        pairMoments(
          transform.pairs[j], lane: lane, lanes: lanes, memory.field.view(lane * points),
          mean: memory.pairMeans.view(j * stride + lane),
          squares: memory.pairSquares.view(j * stride + lane))
      }
    }
  }

  /// Moments of both rings of a pair about their common mean, for one block of lanes of a field.
  @_specialize(where Mixing == OrderwiseMixing<Float>)
  @_specialize(where Mixing == DegreewiseMixing<Float>)
  private func pairMoments(
    _ pair: RingPair, lane: Int, lanes: Int, _ field: BufferView<T>, mean: BufferView<T>,
    squares: BufferView<T>
  ) {
    laneMoments(
      points: pair.north.count, lanes: lanes, field.at(pair.north.start * lanes), stride: lanes,
      mean: mean, squares: squares)
    guard let south = pair.south else { return }
    withScratch(T.self, count: 2 * lanes) { other in
      laneMoments(
        points: south.count, lanes: lanes, field.at(south.start * lanes), stride: lanes,
        mean: other, squares: other.at(lanes))
      joinMoments(
        points: south.count, lanes: lanes, mean: mean, squares: squares, otherMean: other,
        otherSquares: other.at(lanes))
    }
  }

  // MARK: - Backward

  /// Adds the gradient of the weights, given ȳ (`BlockGradient`), and computes the gradient of the
  /// input that `needsInput` asks for.
  @_specialize(where Mixing == OrderwiseMixing<Float>)
  @_specialize(where Mixing == DegreewiseMixing<Float>)
  package func backward(
    _ gradient: BlockGradient<T>, _ memory: BlockMemory<T>, maps: Int, weights: [T],
    accumulatingInto dw: inout [T], scratch: NetworkScratch<T>, needsInput: InputGradient,
    threads: Int
  ) {
    let readsRings = analyseGradient(gradient, memory, scratch, threads: threads)
    let groups = mixing.orderGroups
    let partial = AlignedBuffer<T>(
      count: mixing.groupsAreDisjoint ? 0 : groups.count * mixing.weightCount)
    weights.withView { weights in
      dw.withMutableView { dw in
        parallelFor(groups.count, threads: threads) { group, worker in
          let target =
            mixing.groupsAreDisjoint ? dw : partial.view(group * mixing.weightCount)
          for m in groups[group] {
            backwardOrder(
              m, memory, maps: maps, weights: weights, dw: target, readsRings: readsRings,
              needsInput: needsInput, scratch.panels[worker])
          }
        }
        guard !mixing.groupsAreDisjoint else { return }
        for group in groups.indices {
          for i in 0..<mixing.weightCount { dw[i] += partial[group * mixing.weightCount + i] }
        }
      }
    }
  }

  @_specialize(where Mixing == OrderwiseMixing<Float>)
  @_specialize(where Mixing == DegreewiseMixing<Float>)
  private func backwardOrder(
    _ m: Int, _ memory: BlockMemory<T>, maps: Int, weights: BufferView<T>, dw: BufferView<T>,
    readsRings: Bool, needsInput: InputGradient, _ panels: (AlignedBuffer<T>, AlignedBuffer<T>)
  ) {
    let dy =
      readsRings ? panels.0.view() : memory.mixed.view(offset(m, memory.output.laneStride))
    if readsRings { transform.analyseOrder(m, memory.output, to: dy) }
    let dx = panels.1.view()
    if needsInput != .none {
      clearPadding(
        rows: 2 * (transform.lmax - m + 1), lanes: memory.input.lanes, dx,
        upTo: memory.input.usedLanes, stride: memory.input.laneStride)
    }
    mixing.backward(
      order: m, maps: maps,
      panel(memory.coefficients.view(offset(m, memory.input.laneStride)), m, memory.input),
      panel(dy, m, memory.output), to: needsInput != .none ? panel(dx, m, memory.input) : nil,
      weights: weights, accumulatingInto: dw)
    switch needsInput {
    case .none: break
    case .field: transform.synthesiseOrder(m, dx, to: memory.input)
    case .coefficients:
      let stride = memory.input.laneStride
      copyRows(
        rows: 2 * (transform.lmax - m + 1), columns: stride, from: dx, stride: stride,
        to: memory.coefficients.view(offset(m, stride)), stride: stride)
    }
  }

  /// The ring stage of the transpose of synthesis; false when ȳ is given as coefficients.
  @_specialize(where Mixing == OrderwiseMixing<Float>)
  @_specialize(where Mixing == DegreewiseMixing<Float>)
  private func analyseGradient(
    _ gradient: BlockGradient<T>, _ memory: BlockMemory<T>, _ scratch: NetworkScratch<T>,
    threads: Int
  ) -> Bool {
    let factors = transform.synthesisGradientFactors
    let points = transform.grid.pointCount
    switch gradient {
    case .coefficients:
      return false
    case .normalised(let a, let b, let c):
      parallelFor(memory.output.ringParts, threads: threads) { part in
        transform.analyseRings(memory.output, factors, part: part) {
          j, ring, lane, lanes, target in
          let start = lane * points + ring.start * lanes
          copyNormalisationGradient(
            points: ring.count, lanes: lanes, gradient: scratch.gradient.view(start),
            y: memory.field.view(start), stride: lanes, to: target, stride: lanes,
            a: a.view(lane), b: b[j].view(lane), c: c[j].view(lane))
        }
      }
    case .affine(let b, let c):
      parallelFor(memory.output.ringParts, threads: threads) { part in
        transform.analyseRings(memory.output, factors, part: part) {
          j, ring, lane, lanes, target in
          copyScaled(
            points: ring.count, lanes: lanes,
            from: memory.field.view(lane * points + ring.start * lanes), stride: lanes,
            to: target, stride: lanes, scale: b[j].view(lane), shift: c[j].view(lane))
        }
      }
    }
    return true
  }

  /// From the orders in `memory.input` to z̄ of the block below: the transpose of analysis, then
  /// that of ReLU, with S_1 = Σ z̄ and Σ z̄ (y − centre) per lane.
  @_specialize(where Mixing == OrderwiseMixing<Float>)
  @_specialize(where Mixing == DegreewiseMixing<Float>)
  package func synthesiseGradient(
    _ memory: BlockMemory<T>, below: BlockMemory<T>, scratch: NetworkScratch<T>, threads: Int
  ) -> (sums: [Double], products: [Double]) {
    let factors = transform.analysisGradientFactors
    let stride = memory.input.laneStride
    let points = transform.grid.pointCount
    let pairCount = transform.pairs.count
    let sums = AlignedBuffer<T>(count: pairCount * stride)
    let products = AlignedBuffer<T>(count: pairCount * stride)
    parallelFor(memory.input.ringParts, threads: threads) { part in
      analysisTranspose.synthesiseRings(memory.input, factors, part: part) {
        ring, lane, lanes in
        scratch.gradient.view(lane * points + ring.start * lanes)
      } use: { j, lane, lanes in
        rectify(transform.pairs[j].north)
        if let south = transform.pairs[j].south { rectify(south) }
        func rectify(_ ring: Ring) {
          let start = lane * points + ring.start * lanes
          rectifyGradient(
            points: ring.count, lanes: lanes, dx: scratch.gradient.view(start),
            y: below.field.view(start), stride: lanes, scale: below.scale.view(lane),
            shift: below.shift.view(lane), centre: below.centre.view(lane),
            sum: sums.view(j * stride + lane), product: products.view(j * stride + lane))
        }
      }
    }
    return (
      sums.summedRows(pairCount, stride, memory.input.lanes),
      products.summedRows(pairCount, stride, memory.input.lanes)
    )
  }

  /// From the orders in `memory.input` to the gradient of the field that entered the first block.
  @_specialize(where Mixing == OrderwiseMixing<Float>)
  @_specialize(where Mixing == DegreewiseMixing<Float>)
  package func synthesiseInputGradient(_ memory: BlockMemory<T>, threads: Int) -> AlignedBuffer<T> {
    let factors = transform.analysisGradientFactors
    let field = AlignedBuffer<T>(count: transform.grid.pointCount * memory.input.laneStride)
    parallelFor(memory.input.ringParts, threads: threads) { part in
      analysisTranspose.synthesiseRings(
        memory.input, to: field.view(), factors, part: part)
    }
    return field
  }
}
