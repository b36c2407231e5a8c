import Testing
import Verification

@testable import Kernels

/// Rows of pixels against plain loops. Small integers, or halves of them: every sum is exact, so
/// that the loops must agree to the bit. Sizes that fill vectors and such that do not.
@Suite("Rows of neighbouring pixels")
struct NeighbourRowDefinitionTests {
  struct Sizes: Sendable {
    var maps: Int
    var channels: Int
  }

  static let sizes = [
    Sizes(maps: 1, channels: 1), Sizes(maps: 3, channels: 2), Sizes(maps: 4, channels: 8),
    Sizes(maps: 2, channels: 19),
  ]
  /// Twelve pixels with three neighbours each, one in five of them missing.
  static let table: [Int32] = (0..<36).map { $0 % 5 == 3 ? -1 : Int32($0 * 7 % 12) }

  private func integers<T: LaneScalar>(_ count: Int, _ seed: UInt64, as type: T.Type) -> [T] {
    var numbers = TestNumbers(seed: seed)
    return (0..<count).map { _ in T((numbers.uniform() * 32).rounded() - 16) }
  }

  @Test("Gathering and scattering", arguments: sizes)
  func gathering(_ s: Sizes) {
    checkGathering(s, Float.self)
    checkGathering(s, Double.self)
  }

  private func checkGathering<T: LaneScalar>(_ s: Sizes, _ type: T.Type) {
    let (maps, channels, pixels) = (s.maps, s.channels, 3..<10)
    let x = integers(12 * maps * channels, 1, as: T.self)
    let given = integers(7 * maps * 3 * channels, 2, as: T.self)
    var expected = [T](repeating: 0, count: given.count)
    var expectedSums = x
    for p in pixels {
      for map in 0..<maps {
        for k in 0..<3 {
          let q = Int(Self.table[3 * p + k])
          guard q >= 0 else { continue }
          for c in 0..<channels {
            let place = ((p - 3) * maps + map) * 3 * channels + k * channels + c
            expected[place] = x[(q * maps + map) * channels + c]
            expectedSums[(q * maps + map) * channels + c] += given[place]
          }
        }
      }
    }
    var found = [T](repeating: .nan, count: given.count)
    var sums = x
    x.withView { x in
      found.withMutableView {
        gatherNeighbours(
          pixels: pixels, table: Self.table, neighbours: 3, maps: maps, channels: channels,
          from: x, to: $0)
      }
    }
    given.withView { given in
      sums.withMutableView {
        scatterNeighbours(
          pixels: pixels, table: Self.table, neighbours: 3, maps: maps, channels: channels,
          from: given, to: $0)
      }
    }
    #expect(found == expected)
    #expect(sums == expectedSums)
    #expect(expected != given && expectedSums != x, "the numbers do not tell rows apart")
  }

  /// A NaN child makes its parent NaN, in full vectors and in what is left of a row, and no other
  /// one.
  @Test("NaN passes rectified means", arguments: [1, 8, 19])
  func notANumber(columns: Int) {
    checkNotANumber(columns, Float.self)
    checkNotANumber(columns, Double.self)
  }

  private func checkNotANumber<T: LaneScalar>(_ columns: Int, _ type: T.Type) {
    var y = integers(12 * columns, 3, as: T.self)
    let dz = [T](repeating: 4, count: 3 * columns)
    let hit = [(q: 0, i: 0), (q: 1, i: columns - 1)]
    for (q, i) in hit { y[(4 * q + 2) * columns + i] = .nan }
    var found = [T](repeating: 0, count: 3 * columns)
    var gradient = y
    y.withView { y in
      found.withMutableView { averageRectified(parents: 3, columns: columns, from: y, to: $0) }
    }
    dz.withView { dz in
      gradient.withMutableView {
        averageRectifiedGradient(parents: 3, columns: columns, from: dz, replacing: $0)
      }
    }
    for place in found.indices {
      let isHit = hit.contains { $0.q * columns + $0.i == place }
      #expect(found[place].isNaN == isHit, "place \(place) of \(columns) columns")
    }
    for (place, value) in y.enumerated() { #expect(gradient[place] == (value <= 0 ? 0 : 1)) }
  }

  /// A mean of four integers is exact.
  @Test("Rectified means and their gradient", arguments: [1, 7, 8, 16, 45])
  func means(columns: Int) {
    checkMeans(columns, Float.self)
    checkMeans(columns, Double.self)
  }

  private func checkMeans<T: LaneScalar>(_ columns: Int, _ type: T.Type) {
    let y = integers(12 * columns, 3, as: T.self)
    let dz = integers(3 * columns, 4, as: T.self)
    let expected = (0..<3 * columns).map { place -> T in
      let (q, i) = (place / columns, place % columns)
      return (0..<4).reduce(T(0)) { $0 + max(0, y[(4 * q + $1) * columns + i]) } / 4
    }
    let expectedGradient = y.indices.map { place -> T in
      y[place] > 0 ? dz[place / columns / 4 * columns + place % columns] / 4 : 0
    }
    var found = [T](repeating: .nan, count: 3 * columns)
    var gradient = y
    y.withView { y in
      found.withMutableView { averageRectified(parents: 3, columns: columns, from: y, to: $0) }
    }
    dz.withView { dz in
      gradient.withMutableView {
        averageRectifiedGradient(parents: 3, columns: columns, from: dz, replacing: $0)
      }
    }
    #expect(found == expected)
    #expect(gradient == expectedGradient)
    // Negative control: without the rectifier the means are others.
    let plain = (0..<3 * columns).map { place in
      (0..<4).reduce(T(0)) {
        $0 + y[(4 * (place / columns) + $1) * columns + place % columns] / 4
      }
    }
    #expect(plain != expected)
  }

  @Test("Filling and adding rows", arguments: [1, 8, 21])
  func rows(columns: Int) {
    let b = integers(columns, 5, as: Float.self)
    var y = [Float](repeating: .nan, count: 5 * columns)
    b.withView { b in y.withMutableView { fillRows(rows: 5, columns: columns, with: b, to: $0) } }
    #expect(y == Array([[Float]](repeating: b, count: 5).joined()))
    var sums = b
    y.withView { y in sums.withMutableView { addRows(rows: 5, columns: columns, y, to: $0) } }
    #expect(sums == b.map { 6 * $0 })
  }

  /// Two of five maps of a batch, pixels reordered, and back to their places; the rest stays.
  @Test("Maps of a batch")
  func maps() {
    let order: [Int32] = [2, 0, 3, 1]
    let (channels, count) = (2, 5)
    let batch = integers(4 * count * channels, 6, as: Double.self)
    let scales = [0.5, 4]
    var x = [Double](repeating: .nan, count: 4 * 2 * channels)
    batch.withView { batch in
      x.withMutableView {
        copyScaledMaps(
          table: order, batch: batch, batchMaps: count, first: 3, maps: 2, scales: scales, to: $0)
      }
    }
    var back = batch
    x.withView { x in
      back.withMutableView {
        copyScaledMapsBack(
          table: order, from: x, maps: 2, scales: scales, batch: $0, batchMaps: count, first: 3)
      }
    }
    for (p, pixel) in order.enumerated() {
      for map in 0..<count {
        for c in 0..<channels {
          let place = (Int(pixel) * count + map) * channels + c
          guard map >= 3 else {
            #expect(back[place] == batch[place])
            continue
          }
          #expect(x[(p * 2 + map - 3) * channels + c] == scales[c] * batch[place])
          #expect(back[place] == scales[c] * scales[c] * batch[place])
        }
      }
    }
  }
}
