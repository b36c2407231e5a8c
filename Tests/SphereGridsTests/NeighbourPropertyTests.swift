import SphereGrids
import Testing
import Verification

/// Laws of the neighbour relation. All comparisons are exact.
@Suite("HEALPix neighbours: laws")
struct NeighbourPropertyTests {
  private static let sizes = [1, 2, 3, 16, 1000, 8192]

  /// All pixels of small grids; of large ones the poles, the corners of faces and a sample.
  private static func pixels(_ grid: HealpixGrid) -> [Int] {
    guard grid.nside > 16 else { return Array(0..<grid.pointCount) }
    var numbers = TestNumbers(seed: UInt64(grid.nside))
    let corners = [0, 1, 2 * grid.nside * (grid.nside - 1), grid.pointCount - 1]
    return corners
      + (0..<1000).map { _ in Int(numbers.next() % UInt64(grid.pointCount)) }
  }

  /// A pixel is a neighbour of its neighbours, over an edge by an edge and over a corner by a
  /// corner, and all neighbours are different pixels.
  /// Blind to: a neighbour that is exchanged with another one of its kind on both sides.
  @Test("The relation is symmetric", arguments: sizes)
  func symmetry(nside: Int) throws {
    let grid = try HealpixGrid(nside: nside)
    for pixel in Self.pixels(grid) {
      let around = try grid.neighbours(of: pixel)
      let present = around.compactMap { $0 }
      #expect(Set(present + [pixel]).count == present.count + 1, "pixel \(pixel): \(around)")
      for (direction, neighbour) in around.enumerated() {
        guard let neighbour else { continue }
        let back = try grid.neighbours(of: neighbour).firstIndex(of: pixel)
        #expect(back.map { $0 % 2 } == direction % 2, "\(pixel) and \(neighbour)")
      }
    }
  }

  /// A quarter turn about the axis maps pixels on pixels and directions on the same directions.
  @Test("A quarter turn", arguments: [1, 2, 3, 16, 1000])
  func quarterTurn(nside: Int) throws {
    let grid = try HealpixGrid(nside: nside)
    func turned(_ pixel: Int) -> Int {
      let ring = grid.rings.last { $0.start <= pixel } ?? grid.rings[0]
      return ring.start + (pixel - ring.start + ring.count / 4) % ring.count
    }
    for pixel in Self.pixels(grid).prefix(800) {
      let expected = try grid.neighbours(of: pixel).map { $0.map(turned) }
      #expect(try grid.neighbours(of: turned(pixel)) == expected, "pixel \(pixel)")
    }
  }

  /// 24 neighbours are missing at every resolution: at the eight points where three faces meet, one
  /// for each of the three pixels.
  @Test("Missing neighbours", arguments: [1, 2, 3, 8, 16])
  func missing(nside: Int) throws {
    let grid = try HealpixGrid(nside: nside)
    let missing = try (0..<grid.pointCount).map { pixel in
      try grid.neighbours(of: pixel).count { $0 == nil }
    }
    #expect(missing.reduce(0, +) == 24)
    #expect(missing.max() == (nside == 1 ? 2 : 1))
  }

  /// NESTED neighbours are those of RING under other numbers.
  @Test("Orderings", arguments: [1, 2, 16, 8192])
  func orderings(nside: Int) throws {
    let grid = try HealpixGrid(nside: nside)
    for pixel in Self.pixels(grid) {
      let nested = try grid.neighbours(of: grid.nestedPixel(ring: pixel), ordering: .nested)
      let expected = try grid.neighbours(of: pixel).map { try $0.map(grid.nestedPixel(ring:)) }
      #expect(nested == expected)
    }
  }
}
