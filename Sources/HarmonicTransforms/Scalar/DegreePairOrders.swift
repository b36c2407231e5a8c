import Kernels
import SpecialFunctions

/// One order of scalar fields at some blocks of colatitudes, between weights and tiles.
///
/// Definition:  Σ_l a_l λ_lm(θ) of the even and of the odd degrees, times sin^−s θ; and the
///              transpose.
/// Method:      the recurrence in steps of two degrees (`DegreePairRecurrence`), for 16 ring pairs
///              at a time, in tables of 64 steps that stay in the cache (`RecurrenceBlock`).
///              Mirrored rings share them, and even and odd degrees too: per coefficient and ring
///              pair one multiply-add, and two for every field.
/// Layout:      tiles as `OrderTiles`; weights as `DegreePairSteps`.
/// Checked by:  RecurrenceTransformTests, SpinRecurrenceTests.
final class DegreePairOrders: Sendable {
  private let blocks: ColatitudeBlocks
  private let members: [Int]
  private let sectoral: [Double]
  /// sin^−s θ for the even rows of a tile; nil for s = 0.
  private let evenFactors: AlignedBuffer<Double>?
  /// cos θ sin^−s θ for the odd ones.
  private let oddFactors: AlignedBuffer<Double>

  /// - Parameters:
  ///   - blocks: all blocks of a transform.
  ///   - members: those of them that are served.
  ///   - mmax: the largest order.
  ///   - spin: s; requires sin θ > 0 in the blocks that are served.
  init(_ blocks: ColatitudeBlocks, members: [Int], mmax: Int, spin: Int = 0) {
    self.blocks = blocks
    self.members = members
    sectoral = sectoralFactors(mmax: mmax)
    let width = RecurrenceBlock.width
    let even = spin == 0 ? nil : AlignedBuffer<Double>(count: blocks.count * width)
    oddFactors = AlignedBuffer(count: blocks.count * width)
    for block in members {
      for place in block * width..<(block + 1) * width {
        var power = 1.0
        for _ in 0..<spin { power /= blocks.sines[place] }
        even?[place] = power
        oddFactors[place] = power * blocks.cosines[place]
      }
    }
    evenFactors = even
  }

  /// Where the recurrence of a block of colatitudes begins.
  private func start(_ block: Int, _ steps: DegreePairSteps, _ state: BufferView<Double>) {
    startRecurrence(
      factor: sectoral[steps.m] / steps.scales[0],
      bases: blocks.sines.view(block * RecurrenceBlock.width), exponent: steps.m, state)
  }

  /// The functions of some steps at a block of colatitudes, to the scratch's table.
  private func fillTable(
    _ block: Int, _ steps: DegreePairSteps, _ scratch: DegreePairScratch, from k: Int, count: Int,
    _ state: BufferView<Double>
  ) -> Int {
    let factors = blocks.isPolar[block] ? steps.polar : steps.equatorial
    return continueRecurrence(
      factors.view(2 * k), count: count,
      arguments: blocks.arguments.view(block * RecurrenceBlock.width), state,
      table: scratch.table.view())
  }

  private func scale(_ tiles: OrderTiles, _ block: Int, _ m: Int) {
    let place = block * RecurrenceBlock.width
    for lane in 0..<tiles.lanes {
      scaleTileRows(
        tiles.view(lane: lane, block: block, m: m), even: evenFactors?.view(place),
        odd: oddFactors.view(place))
    }
  }

  /// The tiles of an order from its steps and the weights of the scratch.
  ///
  /// The rings of a block read the orders that it takes part in, and no other.
  func synthesise(_ steps: DegreePairSteps, to tiles: OrderTiles, _ scratch: DegreePairScratch) {
    let m = steps.m
    for block in members where m <= blocks.limits[block] {
      let state = scratch.states.view(0)
      start(block, steps, state)
      for lane in 0..<tiles.lanes {
        clear(tiles.view(lane: lane, block: block, m: m), count: OrderTiles.tile)
      }
      for k in stride(from: 0, to: steps.count, by: RecurrenceBlock.steps) {
        let count = min(RecurrenceBlock.steps, steps.count - k)
        let first = fillTable(block, steps, scratch, from: k, count: count, state)
        for lane in 0..<tiles.lanes where first < count {
          addRecurrenceSums(
            scratch.weights(lane).at(4 * k), steps: first..<count, scratch.table.view(),
            to: tiles.view(lane: lane, block: block, m: m))
        }
      }
      scale(tiles, block, m)
    }
  }

  /// The weights of an order from its tiles, which are scaled.
  func analyse(_ steps: DegreePairSteps, _ tiles: OrderTiles, _ scratch: DegreePairScratch) {
    let m = steps.m
    for (place, block) in members.enumerated() where m <= blocks.limits[block] {
      start(block, steps, scratch.states.view(place))
      scale(tiles, block, m)
    }
    // Steps outside and blocks inside, so that the sums of 64 steps stay in the cache.
    for k in stride(from: 0, to: steps.count, by: RecurrenceBlock.steps) {
      let count = min(RecurrenceBlock.steps, steps.count - k)
      for (place, block) in members.enumerated() where m <= blocks.limits[block] {
        let first = fillTable(
          block, steps, scratch, from: k, count: count, scratch.states.view(place))
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
  }
}

/// Memory for the orders that one thread computes.
final class DegreePairScratch: @unchecked Sendable {
  /// For the steps of an order that are not kept.
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
