import FourierTransforms
import Kernels
import SpecialFunctions
import SphereGrids

/// The stages of spin transforms of few fields, with the spin-weighted functions computed on the
/// way.
///
/// Definition:  the sums of `SpinTransform`.
/// Method:      as `RecurrenceTransform`, with two functions per degree (`SpinSteps`), each summed
///              against four numbers: two multiply-adds per degree and function for the recurrence,
///              four for every pair of fields. Q and U then go through the rings as two fields.
/// Layout:      Q, U `[point][pointStride]` each, E, B as `CoefficientStack` with rows `rowStride`
///              apart.
/// Precision, memory, threads: as `RecurrenceTransform`, for two fields.
/// Checked by:  SpinRecurrenceTests, against `DirectSpinTransform` and against tables.
final class SpinRecurrenceTransform<T: FourierScalar>: Sendable {
  let spin: Int
  let lmax: Int
  let mmax: Int
  private let blocks: ColatitudeBlocks
  private let rings: RingTransforms<T>
  private let tilePool = WorkspacePool<OrderTiles>()
  /// How cos θ enters the steps of a block, and y of its colatitudes.
  private let kinds: [SpinSteps.Argument]
  private let arguments: AlignedBuffer<Double>
  /// tan^f(θ/2) for f = −s...s, `[f + s][place]`.
  private let tangents: AlignedBuffer<Double>
  private let startFactors: [Double]
  /// Rings at the poles, where ½ sin θ tan(θ/2)^−1 is 0 · ∞.
  private let poles: [(block: Int, place: Int, isNorth: Bool)]

  init(pairs: [RingPair], spin: Int, lmax: Int, mmax: Int, skipsPoles: Bool = true) {
    self.spin = spin
    self.lmax = lmax
    self.mmax = mmax
    blocks = ColatitudeBlocks(
      pairs, lmax: lmax, mmax: mmax, spin: spin, skipsPoles: skipsPoles)
    rings = RingTransforms(pairs: pairs, blocks, mmax: mmax)
    startFactors = SpinSteps.startFactors(spin: spin, mmax: mmax)
    let width = RecurrenceBlock.width
    kinds = blocks.ranges.map { range in
      SpinSteps.Argument(
        cosTheta: range.reduce(0.0) { $0 + pairs[$1].north.cosTheta } / Double(range.count))
    }
    let count = blocks.count * width
    arguments = AlignedBuffer(count: count)
    tangents = AlignedBuffer(count: (2 * spin + 1) * count)
    var poles: [(block: Int, place: Int, isNorth: Bool)] = []
    for (block, range) in blocks.ranges.enumerated() {
      for i in 0..<width {
        let ring = pairs[min(range.lowerBound + i, range.upperBound - 1)].north
        let place = block * width + i
        arguments[place] = kinds[block].value(ring)
        if ring.sinTheta == 0 { poles.append((block, i, ring.cosTheta > 0)) }
        // sin θ/(1 + cos θ), or (1 − cos θ)/sin θ where that keeps more digits.
        let tangent =
          ring.cosTheta > 0
          ? ring.sinTheta / (1 + ring.cosTheta) : (1 - ring.cosTheta) / ring.sinTheta
        var (up, down) = (1.0, 1.0)
        for f in 0...spin {
          tangents[(spin + f) * count + place] = up
          tangents[(spin - f) * count + place] = down
          up *= tangent
          down /= tangent
        }
      }
    }
    self.poles = poles
  }

  /// Both stages of a synthesis: orders, then rings.
  func synthesise(
    e: BufferView<T>, b: BufferView<T>, rowStride: Int, lanes: Int, _ factors: StageFactors,
    toQ q: BufferView<T>, u: BufferView<T>, pointStride: Int, threads: Int
  ) {
    withTiles(2 * lanes) { tiles in
      let scratch = (0..<threads).map { _ in
        SpinOrderScratch(spin: spin, lmax: lmax, lanes: lanes, blocks: 1)
      }
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
    withTiles(2 * lanes) { tiles in
      parallelFor(blocks.count * 2 * lanes, threads: threads) { part in
        let (lane, block) = (part / blocks.count, part % blocks.count)
        rings.analyse(
          (lane % 2 == 0 ? q : u).at(lane / 2), pointStride: pointStride, block: block, factors,
          to: tiles.view(lane: lane, block: block, m: 0))
      }
      let scratch = (0..<threads).map { _ in
        SpinOrderScratch(spin: spin, lmax: lmax, lanes: lanes, blocks: blocks.count)
      }
      parallelFor(mmax + 1, threads: threads) { m, worker in
        analyseOrder(
          m, tiles, lanes: lanes, toE: e, b, rowStride: rowStride, scratch[worker])
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

  /// Where the recurrences of a block begin: n = −s (kind 0) and n = +s (kind 1).
  private func start(_ block: Int, _ steps: SpinSteps, kind: Int, _ state: BufferView<Double>) {
    let (m, width) = (steps.m, RecurrenceBlock.width)
    let f = min(m, spin)
    let isNegative = kind == 0 ? (m + spin) % 2 == 1 : m > spin && (m - spin) % 2 == 1
    let row = spin + (kind == 0 ? f : -f)
    startRecurrence(
      factor: (isNegative ? -1 : 1) * startFactors[m] / steps.scales[0],
      bases: blocks.sines.view(block * width), exponent: steps.firstDegree,
      multipliers: tangents.view((row * blocks.count + block) * width), state)
    // The one function that is not zero at a pole: m = s, n = +s in the north and n = −s in the
    // south.
    guard m == spin else { return }
    for pole in poles where pole.block == block && pole.isNorth == (kind == 1) {
      state[pole.place] =
        (isNegative ? -1 : 1) * startFactors[m] * Double(1 << steps.firstDegree) / steps.scales[0]
    }
  }

  private func fillTables(
    _ block: Int, _ scratch: SpinOrderScratch, from k: Int, count: Int, place: Int
  ) -> (minus: Int, plus: Int) {
    let argument = arguments.view(block * RecurrenceBlock.width)
    func fill(_ kind: Int) -> Int {
      continueRecurrence(
        scratch.steps.steps(kind: kind, kinds[block]).at(2 * k), count: count,
        arguments: argument, scratch.states.view(2 * place + kind), table: scratch.table(kind))
    }
    return (fill(0), fill(1))
  }

  private func synthesiseOrder(
    _ m: Int, _ e: BufferView<T>, _ b: BufferView<T>, rowStride: Int, lanes: Int,
    to tiles: OrderTiles, _ scratch: SpinOrderScratch
  ) {
    let steps = scratch.steps
    steps.prepare(m)
    guard steps.count > 0 else {
      for block in 0..<blocks.count where m <= blocks.limits[block] {
        for lane in 0..<2 * lanes {
          clear(tiles.view(lane: lane, block: block, m: m), count: OrderTiles.tile)
        }
      }
      return
    }
    let first = 2 * rowStride * coefficientIndex(l: steps.firstDegree, m: m, lmax: lmax)
    for lane in 0..<lanes {
      fillSpinWeights(
        count: steps.count, scales: steps.scales.view(), sign: steps.sign, parity: steps.parity,
        e: e.at(first + lane), b: b.at(first + lane), rowStride: rowStride,
        minus: scratch.weights(lane, kind: 0), plus: scratch.weights(lane, kind: 1))
    }
    for block in 0..<blocks.count where m <= blocks.limits[block] {
      for kind in 0...1 { start(block, steps, kind: kind, scratch.states.view(kind)) }
      clear(scratch.sums(0, kind: 0), count: 2 * OrderTiles.tile * lanes)
      for k in stride(from: 0, to: steps.count, by: RecurrenceBlock.steps) {
        let count = min(RecurrenceBlock.steps, steps.count - k)
        let found = fillTables(block, scratch, from: k, count: count, place: 0)
        for (kind, first) in [found.minus, found.plus].enumerated() where first < count {
          for lane in 0..<lanes {
            addRecurrenceSums(
              scratch.weights(lane, kind: kind).at(4 * k), steps: first..<count,
              scratch.table(kind), to: scratch.sums(lane, kind: kind))
          }
        }
      }
      for lane in 0..<lanes {
        unmixSpinTile(
          minus: scratch.sums(lane, kind: 0), plus: scratch.sums(lane, kind: 1),
          toQ: tiles.view(lane: 2 * lane, block: block, m: m),
          u: tiles.view(lane: 2 * lane + 1, block: block, m: m))
      }
    }
  }

  private func analyseOrder(
    _ m: Int, _ tiles: OrderTiles, lanes: Int, toE e: BufferView<T>, _ b: BufferView<T>,
    rowStride: Int, _ scratch: SpinOrderScratch
  ) {
    let steps = scratch.steps
    steps.prepare(m)
    let order = 2 * rowStride * coefficientIndex(l: m, m: m, lmax: lmax)
    // Degrees below the spin have no functions.
    for row in 0..<2 * min(lmax - m + 1, steps.firstDegree - m) {
      for lane in 0..<lanes {
        e[order + row * rowStride + lane] = 0
        b[order + row * rowStride + lane] = 0
      }
    }
    guard steps.count > 0 else { return }
    for block in 0..<blocks.count where m <= blocks.limits[block] {
      for kind in 0...1 {
        start(block, steps, kind: kind, scratch.states.view(2 * block + kind))
      }
      // P and M take the places of Q and U.
      for lane in 0..<lanes {
        let q = tiles.view(lane: 2 * lane, block: block, m: m)
        let u = tiles.view(lane: 2 * lane + 1, block: block, m: m)
        mixSpinTile(q: q, u: u, toMinus: q, plus: u)
      }
    }
    for k in stride(from: 0, to: steps.count, by: RecurrenceBlock.steps) {
      let count = min(RecurrenceBlock.steps, steps.count - k)
      for block in 0..<blocks.count where m <= blocks.limits[block] {
        let found = fillTables(block, scratch, from: k, count: count, place: block)
        for (kind, first) in [found.minus, found.plus].enumerated() where first < count {
          for lane in 0..<lanes {
            addRecurrenceProjections(
              tiles.view(lane: 2 * lane + kind, block: block, m: m), steps: first..<count,
              scratch.table(kind), to: scratch.projections(lane, kind: kind))
          }
        }
      }
      for lane in 0..<lanes {
        for kind in 0...1 {
          foldRecurrenceSums(
            count: count, scratch.projections(lane, kind: kind),
            to: scratch.weights(lane, kind: kind).at(4 * k))
        }
      }
    }
    let first = 2 * rowStride * coefficientIndex(l: steps.firstDegree, m: m, lmax: lmax)
    for lane in 0..<lanes {
      fillSpinCoefficients(
        count: steps.count, scales: steps.scales.view(), sign: steps.sign, parity: steps.parity,
        minus: scratch.weights(lane, kind: 0), plus: scratch.weights(lane, kind: 1),
        toE: e.at(first + lane), b: b.at(first + lane), rowStride: rowStride)
    }
  }
}

/// Memory for the orders that one thread computes.
private final class SpinOrderScratch: @unchecked Sendable {
  let steps: SpinSteps
  let states: RecurrenceStates
  private let tables: AlignedBuffer<Double>
  private let weightNumbers: AlignedBuffer<Double>
  private let sumNumbers: AlignedBuffer<Double>
  private let projectionNumbers: AlignedBuffer<Double>
  private let weightCount: Int
  private static var size: Int { RecurrenceBlock.width * RecurrenceBlock.steps }

  init(spin: Int, lmax: Int, lanes: Int, blocks: Int) {
    steps = SpinSteps(spin: spin, lmax: lmax)
    states = RecurrenceStates(blocks: 2 * blocks)
    tables = AlignedBuffer(count: 2 * Self.size)
    weightCount = 4 * (lmax + 1)
    weightNumbers = AlignedBuffer(count: 2 * weightCount * lanes)
    sumNumbers = AlignedBuffer(count: 2 * OrderTiles.tile * lanes)
    projectionNumbers = AlignedBuffer(count: 2 * Self.size * lanes)
  }

  /// The functions of some steps, n = −s (kind 0) or n = +s (kind 1).
  func table(_ kind: Int) -> BufferView<Double> { tables.view(kind * Self.size) }
  /// Four numbers per degree.
  func weights(_ lane: Int, kind: Int) -> BufferView<Double> {
    weightNumbers.view((2 * lane + kind) * weightCount)
  }
  /// Four rows of 16.
  func sums(_ lane: Int, kind: Int) -> BufferView<Double> {
    sumNumbers.view((2 * lane + kind) * OrderTiles.tile)
  }
  /// 16 numbers per step of a table.
  func projections(_ lane: Int, kind: Int) -> BufferView<Double> {
    projectionNumbers.view((2 * lane + kind) * Self.size)
  }
}
