import FourierTransforms
import Kernels
import SphereGrids

/// The Fourier transforms along the rings of one block of pairs, between a field and the tiles of
/// orders.
///
/// Method:      synthesis takes the tiles of all orders to the spectra of the block's 32 rings and
///              turns them by e^{imφ0} (`unfoldTiles`); orders beyond half of a ring's points fold
///              (`foldOrders`); a real Fourier transform ends it. Analysis goes the other way.
/// Layout:      tiles as `OrderTiles`; a field's points `pointStride` apart.
/// Checked by:  RecurrenceTransformTests, TransformDefinitionTests.
final class RingTransforms<T: FourierScalar>: Sendable {
  private let pairs: [RingPair]
  private let blocks: ColatitudeBlocks
  /// The plan of every pair.
  private let plans: [RealFourierPlan<T>]
  /// e^{imφ0} of the northern rings of every block, nil where no ring of it is turned.
  private let northPhases: [OrderPhases?]
  /// The same of the southern rings, nil where they are those of the northern ones.
  private let southPhases: [OrderPhases?]
  /// Numbers of the longest spectrum of every block, whole cache lines, and of its longest ring.
  private let sizes: [(spectrum: Int, ring: Int)]

  init(pairs: [RingPair], _ blocks: ColatitudeBlocks, mmax: Int) {
    self.pairs = pairs
    self.blocks = blocks
    let planOfCount = Dictionary(
      uniqueKeysWithValues: Set(pairs.map(\.north.count)).map { ($0, RealFourierPlan<T>(n: $0)) })
    plans = pairs.map {
      guard let plan = planOfCount[$0.north.count] else { preconditionFailure("no plan") }
      return plan
    }
    func rounded(_ count: Int) -> Int { (count + 15) / 16 * 16 }
    var north: [OrderPhases?] = []
    var south: [OrderPhases?] = []
    sizes = blocks.ranges.enumerated().map { block, range in
      let limit = blocks.limits[block]
      let starts = range.map { pairs[$0].north.phi0 }
      let others = range.map { pairs[$0].south?.phi0 ?? pairs[$0].north.phi0 }
      let isTurned = (starts + others).contains { $0 != 0 }
      north.append(isTurned ? OrderPhases(starts: starts, mmax: limit) : nil)
      south.append(others == starts ? nil : OrderPhases(starts: others, mmax: limit))
      let longest = range.reduce(1) { max($0, pairs[$1].north.count) }
      return (rounded(2 * max(limit + 1, longest / 2 + 1)), rounded(longest))
    }
    northPhases = north
    southPhases = south
  }

  /// Runs a body with memory for the spectra of a block, one ring's values and the factors of its
  /// 16 pairs.
  private func withBlock(
    _ block: Int, _ factors: StageFactors,
    _ body: (BlockSpectra<T>, BufferView<T>, BufferView<Double>) -> Void
  ) {
    let (range, size) = (blocks.ranges[block], sizes[block])
    withScratch(T.self, count: 2 * range.count * size.spectrum + size.ring) { scratch in
      withScratch(Double.self, count: RecurrenceBlock.width) { pairFactors in
        clear(pairFactors, count: RecurrenceBlock.width)
        for j in range { pairFactors[j - range.lowerBound] = factors.ofPair[j] }
        body(
          BlockSpectra(
            rows: scratch, count: size.spectrum, pairs: range.count, north: northPhases[block],
            south: southPhases[block]),
          scratch.at(2 * range.count * size.spectrum), pairFactors)
      }
    }
  }

  /// The rings of a block with the places of their spectra.
  private func forEachRing(
    _ block: Int, _ spectra: BlockSpectra<T>,
    _ body: (Ring, RealFourierPlan<T>, BufferView<T>) -> Void
  ) {
    for (place, j) in blocks.ranges[block].enumerated() {
      let north = spectra.rows.at(2 * place * spectra.count)
      body(pairs[j].north, plans[j], north)
      if let south = pairs[j].south { body(south, plans[j], north.at(spectra.count)) }
    }
  }

  /// The field on the rings of a block from its tiles.
  func synthesise(
    _ tiles: BufferView<Double>, block: Int, _ factors: StageFactors, halvesNyquist: Bool,
    to field: BufferView<T>, pointStride: Int
  ) {
    let limit = blocks.limits[block]
    withBlock(block, factors) { spectra, values, pairFactors in
      unfoldTiles(
        tiles, factors: pairFactors, orders: factors.ofOrder, limit: limit, to: spectra)
      forEachRing(block, spectra) { ring, plan, spectrum in
        foldOrders(spectrum, limit: limit, points: ring.count, halvesNyquist: halvesNyquist)
        plan.backward(spectrum, to: values)
        copyNumbers(
          count: ring.count, from: values, stride: 1, to: field.at(ring.start * pointStride),
          stride: pointStride)
      }
    }
  }

  /// The tiles of a block from the field on its rings; places behind the last pair become zero.
  func analyse(
    _ field: BufferView<T>, pointStride: Int, block: Int, _ factors: StageFactors,
    to tiles: BufferView<Double>
  ) {
    let limit = blocks.limits[block]
    withBlock(block, factors) { spectra, values, pairFactors in
      // Even and odd part of a ring alone, on the equator or of a grid without mirror symmetry, are
      // the ring: north ± 0.
      for (place, j) in blocks.ranges[block].enumerated() where pairs[j].south == nil {
        clear(spectra.rows.at((2 * place + 1) * spectra.count), count: spectra.count)
      }
      forEachRing(block, spectra) { ring, plan, spectrum in
        copyNumbers(
          count: ring.count, from: field.at(ring.start * pointStride), stride: pointStride,
          to: values, stride: 1)
        plan.forward(values, to: spectrum)
        unfoldOrders(spectrum, limit: limit, points: ring.count)
      }
      foldTiles(
        spectra, factors: pairFactors, orders: factors.ofOrder, limit: limit, to: tiles)
    }
  }
}
