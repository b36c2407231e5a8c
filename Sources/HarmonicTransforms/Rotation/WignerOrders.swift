import Kernels
import SphereGrids

/// One order of spin-weighted fields at some blocks of colatitudes, between rows of E, B and tiles
/// of Q, U.
///
/// Definition:  the sums of `SpinSteps`; and their transpose.
/// Method:      as `DegreePairOrders`, with two functions per degree, each summed against four
///              numbers: two multiply-adds per degree and function for the recurrence, four for
///              every pair of fields.
/// Layout:      tiles as `OrderTiles`, Q and U side by side; rows as `SpinRows`, from degree m on.
/// Checked by:  SpinRecurrenceTests, against `DirectSpinTransform` and against tables.
final class WignerOrders: Sendable {
  private let blocks: ColatitudeBlocks
  private let members: [Int]
  private let spin: Int
  /// How cos θ enters the steps of a block, and y of its colatitudes.
  private let forms: [SpinStepForm]
  private let arguments: AlignedBuffer<Double>
  /// tan^f(θ/2) for f = −s...s, `[f + s][place]`.
  private let tangents: AlignedBuffer<Double>
  private let startFactors: [Double]
  /// Rings at the poles, where ½ sin θ tan(θ/2)^−1 is 0 · ∞.
  private let poles: [(block: Int, place: Int, isNorth: Bool)]

  /// - Parameters:
  ///   - blocks: all blocks of a transform.
  ///   - members: those of them that are served.
  ///   - pairs: the ring pairs.
  ///   - spin: s ≥ 1.
  ///   - mmax: the largest order.
  init(
    _ blocks: ColatitudeBlocks, members: [Int], pairs: [RingPair], spin: Int, mmax: Int
  ) {
    self.blocks = blocks
    self.members = members
    self.spin = spin
    startFactors = SpinSteps.startFactors(spin: spin, mmax: mmax)
    let width = RecurrenceBlock.width
    forms = blocks.ranges.map { range in
      SpinStepForm(
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
        arguments[place] = forms[block].value(ring)
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

  /// The forms of the steps that the blocks need.
  var usedForms: Set<SpinStepForm> { Set(members.map { forms[$0] }) }

  /// Whether any block takes part in an order.
  func serves(_ m: Int) -> Bool { members.contains { m <= blocks.limits[$0] } }

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
    _ block: Int, _ steps: SpinSteps, _ scratch: WignerScratch, from k: Int, count: Int, place: Int
  ) -> (minus: Int, plus: Int) {
    let argument = arguments.view(block * RecurrenceBlock.width)
    func fill(_ kind: Int) -> Int {
      continueRecurrence(
        steps.steps(kind: kind, forms[block]).at(2 * k), count: count,
        arguments: argument, scratch.states.view(2 * place + kind), table: scratch.table(kind))
    }
    return (fill(0), fill(1))
  }

  /// The tiles of an order from the rows of every pair of fields, degrees m...lmax.
  func synthesise(
    _ steps: SpinSteps, rows: (Int) -> BufferView<Double>, lanes: Int, to tiles: OrderTiles,
    _ scratch: WignerScratch
  ) {
    let m = steps.m
    guard steps.count > 0 else {
      for block in members where m <= blocks.limits[block] {
        for lane in 0..<2 * lanes {
          clear(tiles.view(lane: lane, block: block, m: m), count: OrderTiles.tile)
        }
      }
      return
    }
    for lane in 0..<lanes {
      fillSpinWeights(
        count: steps.count, scales: steps.scales.view(), sign: steps.sign, parity: steps.parity,
        rows(lane).at(4 * (steps.firstDegree - m)), minus: scratch.weights(lane, kind: 0),
        plus: scratch.weights(lane, kind: 1))
    }
    for block in members where m <= blocks.limits[block] {
      for kind in 0...1 { start(block, steps, kind: kind, scratch.states.view(kind)) }
      clear(scratch.sums(0, kind: 0), count: 2 * OrderTiles.tile * lanes)
      for k in stride(from: 0, to: steps.count, by: RecurrenceBlock.steps) {
        let count = min(RecurrenceBlock.steps, steps.count - k)
        let found = fillTables(block, steps, scratch, from: k, count: count, place: 0)
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

  /// Adds an order's sums over its tiles, which are lost, to the rows of every pair of fields.
  func analyse(
    _ steps: SpinSteps, _ tiles: OrderTiles, lanes: Int,
    addTo rows: (Int) -> BufferView<Double>, _ scratch: WignerScratch
  ) {
    guard steps.count > 0 else { return }
    let m = steps.m
    for (place, block) in members.enumerated() where m <= blocks.limits[block] {
      for kind in 0...1 {
        start(block, steps, kind: kind, scratch.states.view(2 * place + kind))
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
      for (place, block) in members.enumerated() where m <= blocks.limits[block] {
        let found = fillTables(block, steps, scratch, from: k, count: count, place: place)
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
    for lane in 0..<lanes {
      addSpinWeights(
        count: steps.count, scales: steps.scales.view(), sign: steps.sign, parity: steps.parity,
        minus: scratch.weights(lane, kind: 0), plus: scratch.weights(lane, kind: 1),
        to: rows(lane).at(4 * (steps.firstDegree - m)))
    }
  }
}

/// Memory for the orders that one thread computes.
final class WignerScratch: @unchecked Sendable {
  /// For the steps of an order that are not kept.
  let steps: SpinSteps
  let states: RecurrenceStates
  private let tables: AlignedBuffer<Double>
  private let weightNumbers: AlignedBuffer<Double>
  private let sumNumbers: AlignedBuffer<Double>
  private let projectionNumbers: AlignedBuffer<Double>
  private let weightCount: Int
  private static var size: Int { RecurrenceBlock.width * RecurrenceBlock.steps }

  init(spin: Int, lmax: Int, lanes: Int, blocks: Int, forms: Set<SpinStepForm>) {
    steps = SpinSteps(spin: spin, lmax: lmax, forms: forms)
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
