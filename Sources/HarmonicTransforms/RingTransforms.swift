import FourierTransforms
import Kernels
import SphereGrids

/// The Fourier transforms along the rings of one block of pairs, between a field and the tiles of
/// orders.
///
/// Method:      a block whose rings are equally long, start at φ = 0 and hold all orders below n/2
///              goes tile by tile to the spectra of its 32 rings; any other block goes ring by
///              ring, with phases and folding (`RingOrders`).
/// Layout:      tiles as `OrderTiles`; a field's points `pointStride` apart.
/// Checked by:  RecurrenceTransformTests, TransformDefinitionTests.
final class RingTransforms<T: FourierScalar>: Sendable {
  private let pairs: [RingPair]
  private let blocks: ColatitudeBlocks
  private let mmax: Int
  private let plans: [Int: RealFourierPlan<T>]
  /// Whether the rings of a block are plain.
  private let isPlain: [Bool]

  init(pairs: [RingPair], _ blocks: ColatitudeBlocks, mmax: Int) {
    self.pairs = pairs
    self.blocks = blocks
    self.mmax = mmax
    plans = Dictionary(
      uniqueKeysWithValues: Set(pairs.map(\.north.count)).map { ($0, RealFourierPlan<T>(n: $0)) })
    isPlain = blocks.ranges.map { range in
      let n = pairs[range.lowerBound].north.count
      return 2 * mmax < n
        && range.allSatisfy {
          pairs[$0].north.count == n && pairs[$0].north.phi0 == 0
            && (pairs[$0].south?.phi0 ?? 0) == 0
        }
    }
  }

  private func plan(_ pair: Int) -> RealFourierPlan<T> {
    guard let plan = plans[pairs[pair].north.count] else { preconditionFailure("no plan") }
    return plan
  }

  /// Numbers of a ring's spectrum, up to whole cache lines.
  private func spectrumCount(_ points: Int) -> Int { (2 * (points / 2 + 1) + 15) / 16 * 16 }

  // MARK: - Synthesis

  /// The field on the rings of a block from its tiles.
  func synthesise(
    _ tiles: BufferView<Double>, block: Int, _ factors: StageFactors, halvesNyquist: Bool,
    to field: BufferView<T>, pointStride: Int
  ) {
    let range = blocks.ranges[block]
    let longest = range.reduce(1) { max($0, pairs[$1].north.count) }
    let count = spectrumCount(longest)
    guard isPlain[block] else {
      withScratch(T.self, count: 3 * count) { scratch in
        for j in range {
          let (north, south) = (pairs[j].north, pairs[j].south)
          let bins = RingOrders(
            scratch, scratch.at(count), points: north.count, hasSouth: south != nil)
          bins.fill(
            tiles.at(j - range.lowerBound), limit: blocks.limits[block],
            factor: factors.ofPair[j], ofOrder: factors.ofOrder, halvesNyquist: halvesNyquist,
            northStart: north.phi0, southStart: south?.phi0 ?? 0)
          write(bins.north, j, north, scratch.at(2 * count), to: field, pointStride)
          if let south {
            write(bins.south, j, south, scratch.at(2 * count), to: field, pointStride)
          }
        }
      }
      return
    }
    let limit = blocks.limits[block]
    withScratch(T.self, count: (2 * range.count + 1) * count + 16) { scratch in
      withPairFactors(factors, range) { pairFactors in
        for m in 0...limit {
          unfoldTile(
            tiles.at(m * OrderTiles.tile), factors: pairFactors,
            factor: factors.ofOrder[m] * (m == 0 ? 2 : 1), pairs: range.count,
            to: scratch.at(2 * m), stride: 2 * count, southOffset: count)
        }
      }
      for j in range {
        let north = scratch.at(2 * (j - range.lowerBound) * count)
        for (ring, spectrum) in [(pairs[j].north, north), (pairs[j].south, north.at(count))] {
          guard let ring else { continue }
          spectrum[1] = 0
          clear(spectrum.at(2 * (limit + 1)), count: 2 * (ring.count / 2 - limit))
          write(spectrum, j, ring, scratch.at(2 * range.count * count), to: field, pointStride)
        }
      }
    }
  }

  private func write(
    _ spectrum: BufferView<T>, _ pair: Int, _ ring: Ring, _ values: BufferView<T>,
    to field: BufferView<T>, _ pointStride: Int
  ) {
    plan(pair).backward(spectrum, to: values)
    copyNumbers(
      count: ring.count, from: values, stride: 1, to: field.at(ring.start * pointStride),
      stride: pointStride)
  }

  // MARK: - Analysis

  /// The tiles of a block from the field on its rings; places behind the last pair become zero.
  func analyse(
    _ field: BufferView<T>, pointStride: Int, block: Int, _ factors: StageFactors,
    to tiles: BufferView<Double>
  ) {
    let range = blocks.ranges[block]
    if range.count < RecurrenceBlock.width {
      clear(tiles, count: (blocks.limits[block] + 1) * OrderTiles.tile)
    }
    let longest = range.reduce(1) { max($0, pairs[$1].north.count) }
    let count = spectrumCount(longest)
    guard isPlain[block] else {
      withScratch(T.self, count: 3 * count) { scratch in
        for j in range {
          let (north, south) = (pairs[j].north, pairs[j].south)
          let bins = RingOrders(
            scratch, scratch.at(count), points: north.count, hasSouth: south != nil)
          read(field, pointStride, j, north, scratch.at(2 * count), to: bins.north)
          if let south { read(field, pointStride, j, south, scratch.at(2 * count), to: bins.south) }
          bins.take(
            tiles.at(j - range.lowerBound), limit: blocks.limits[block],
            factor: factors.ofPair[j], ofOrder: factors.ofOrder, northStart: north.phi0,
            southStart: south?.phi0 ?? 0)
        }
      }
      return
    }
    withScratch(T.self, count: (2 * range.count + 1) * count + 16) { scratch in
      for j in range {
        let values = scratch.at(2 * range.count * count)
        let north = scratch.at(2 * (j - range.lowerBound) * count)
        read(field, pointStride, j, pairs[j].north, values, to: north)
        if let south = pairs[j].south {
          read(field, pointStride, j, south, values, to: north.at(count))
        } else {
          // Even and odd part of a ring alone are the ring: north ± 0.
          clear(north.at(count), count: count)
        }
      }
      withPairFactors(factors, range) { pairFactors in
        for m in 0...blocks.limits[block] {
          foldTile(
            scratch.at(2 * m), stride: 2 * count, southOffset: count, factors: pairFactors,
            factor: factors.ofOrder[m], pairs: range.count, to: tiles.at(m * OrderTiles.tile))
        }
      }
    }
  }

  private func read(
    _ field: BufferView<T>, _ pointStride: Int, _ pair: Int, _ ring: Ring,
    _ values: BufferView<T>, to spectrum: BufferView<T>
  ) {
    copyNumbers(
      count: ring.count, from: field.at(ring.start * pointStride), stride: pointStride,
      to: values, stride: 1)
    plan(pair).forward(values, to: spectrum)
  }

  private func withPairFactors(
    _ factors: StageFactors, _ range: Range<Int>, _ body: (BufferView<Double>) -> Void
  ) {
    factors.ofPair.withView { body($0.at(range.lowerBound)) }
  }
}
