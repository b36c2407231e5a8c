import Foundation
import Testing

@testable import Kernels

@Suite("Orders, bins and tiles of rings")
struct RingSpectraTests {
  private func number(_ i: Int) -> Double { cos(Double(i * i + 3 * i)) }

  private func randomRow(_ count: Int, seed: Int) -> AlignedBuffer<Double> {
    let row = AlignedBuffer<Double>(count: count)
    for i in 0..<count { row[i] = number(i + 100 * seed) }
    return row
  }

  /// Rings of one point and of two, odd and even, shorter and longer than their orders.
  private static let sizes = [1, 2, 3, 4, 7, 8, 20].flatMap { n in [0, 1, 4, 9].map { (n, $0) } }

  /// f(φ_k) = Σ_m Re(weight z_m e^{imφ_k}) from the orders is that from the bins.
  @Test("Folded orders", arguments: sizes)
  func folding(points n: Int, limit: Int) {
    for halvesNyquist in [false, true] {
      let count = 2 * max(limit + 1, n / 2 + 1)
      let row = randomRow(count, seed: 1)
      let z = row.array()
      foldOrders(row.view(), limit: limit, points: n, halvesNyquist: halvesNyquist)
      for k in 0..<n {
        var (expected, found) = (0.0, 0.0)
        for m in 0...limit {
          let weight = halvesNyquist && 2 * m == n ? 0.5 : 1
          let angle = 2 * Double.pi * Double(m * k) / Double(n)
          expected += 2 * weight * (z[2 * m] * cos(angle) - z[2 * m + 1] * sin(angle))
        }
        for bin in 0...n / 2 {
          let stands = bin == 0 || 2 * bin == n ? 1.0 : 2
          let angle = 2 * Double.pi * Double(bin * k) / Double(n)
          found += stands * (row[2 * bin] * cos(angle) - row[2 * bin + 1] * sin(angle))
        }
        #expect(abs(found - expected) < 1e-12, "\(n) points, orders to \(limit), point \(k)")
      }
    }
  }

  /// F_m = Σ_k f_k e^{−imφ_k} of every order from the bins of a real field.
  @Test("Unfolded bins", arguments: sizes)
  func unfolding(points n: Int, limit: Int) {
    let f = (0..<n).map { number($0 + 7) }
    func order(_ m: Int) -> (re: Double, im: Double) {
      f.indices.reduce((0.0, 0.0)) { sum, k in
        let angle = 2 * Double.pi * Double(m * k) / Double(n)
        return (sum.0 + f[k] * cos(angle), sum.1 - f[k] * sin(angle))
      }
    }
    let row = AlignedBuffer<Double>(count: 2 * max(limit + 1, n / 2 + 1))
    for bin in 0...n / 2 { (row[2 * bin], row[2 * bin + 1]) = order(bin) }
    unfoldOrders(row.view(), limit: limit, points: n)
    for m in 0...limit {
      let expected = order(m)
      #expect(
        abs(row[2 * m] - expected.re) + abs(row[2 * m + 1] - expected.im) < 1e-12,
        "\(n) points, order \(m)")
    }
  }

  /// Tile by tile, with starts of the northern and the southern rings of their own or none.
  @Test("Tiles to spectra and back", arguments: [1, 3, 16], [0, 1, 2])
  func tiles(pairs: Int, turning: Int) {
    let (limit, width) = (70, RecurrenceBlock.width)
    let starts = (0..<pairs).map { turning == 0 ? 0 : 0.1 + 0.07 * Double($0) }
    let others = (0..<pairs).map { turning == 2 ? 0.3 - 0.01 * Double($0) : starts[$0] }
    let count = 2 * (limit + 1)
    let rows = AlignedBuffer<Double>(count: 2 * pairs * count)
    let spectra = BlockSpectra(
      rows: rows.view(), count: count, pairs: pairs,
      north: turning == 0 ? nil : OrderPhases(starts: starts, mmax: limit),
      south: turning < 2 ? nil : OrderPhases(starts: others, mmax: limit))
    let tiles = randomRow((limit + 1) * 4 * width, seed: 2)
    let factors = randomRow(width, seed: 3)
    let orders = (0...limit).map { 1 + 0.01 * Double($0) }
    unfoldTiles(
      tiles.view(), factors: factors.view(), orders: orders, limit: limit, to: spectra)
    for m in 0...limit {
      for i in 0..<pairs {
        let tile = tiles.view(4 * width * m + i)
        for (isSouth, start) in [(false, starts[i]), (true, others[i])] {
          let sign: Double = isSouth ? -1 : 1
          let re = tile[0] + sign * tile[2 * width]
          let im = tile[width] + sign * tile[3 * width]
          let f = factors[i] * orders[m]
          let (c, s) = (cos(Double(m) * start), sin(Double(m) * start))
          let place = (2 * i + (isSouth ? 1 : 0)) * count + 2 * m
          #expect(abs(rows[place] - f * (re * c - im * s)) < 1e-13)
          #expect(abs(rows[place + 1] - f * (re * s + im * c)) < 1e-13)
        }
      }
    }
    // Without factors the way back gives twice the tiles, and zero behind the last pair.
    let (before, ones) = (tiles.array(), [Double](repeating: 1, count: limit + 1))
    for i in 0..<width { factors[i] = 1 }
    unfoldTiles(tiles.view(), factors: factors.view(), orders: ones, limit: limit, to: spectra)
    foldTiles(spectra, factors: factors.view(), orders: ones, limit: limit, to: tiles.view())
    for place in 0..<before.count {
      let expected = place % width < pairs ? 2 * before[place] : 0
      #expect(abs(tiles[place] - expected) < 1e-13)
    }
  }

  @Test("Rows of a tile times numbers")
  func scaling() {
    let width = RecurrenceBlock.width
    let (even, odd) = (randomRow(width, seed: 4), randomRow(width, seed: 5))
    for factor in [nil, even.view()] {
      let tile = randomRow(4 * width, seed: 6)
      let before = tile.array()
      scaleTileRows(tile.view(), even: factor, odd: odd.view())
      for place in 0..<4 * width {
        let i = place % width
        let expected = place < 2 * width ? (factor?[i] ?? 1) : odd[i]
        #expect(tile[place] == before[place] * expected)
      }
    }
  }
}
