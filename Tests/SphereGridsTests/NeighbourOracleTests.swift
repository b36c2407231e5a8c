import SphereGrids
import Testing
import Verification

/// The neighbours that healpy lists (Fixtures/generators/neighbours.py). All comparisons are exact.
@Suite("HEALPix neighbours against healpy")
struct NeighbourOracleTests {
  /// Every pixel of the recorded sizes, those without eight neighbours included.
  /// Blind to: larger nside, whose faces have the same edges (NeighbourPropertyTests).
  @Test("RING", arguments: [1, 2, 3, 4, 16])
  func ring(nside: Int) throws {
    let grid = try HealpixGrid(nside: nside)
    let found = try (0..<grid.pointCount).map { try grid.neighbours(of: $0) }
    let oracle = try HealpixFixtures.neighbours("ring_\(nside)")
    #expect(found == oracle)
    // Negative control: with the order of the compass turned by one place nearly all pixels differ.
    let turned = found.map { Array($0[1...]) + [$0[0]] }
    #expect(zip(turned, oracle).count { $0 != $1 } >= grid.pointCount - 12)
  }

  /// The same under NESTED numbers; at nside 16 every eleventh pixel.
  @Test("NESTED", arguments: [1, 2, 4, 16])
  func nested(nside: Int) throws {
    let grid = try HealpixGrid(nside: nside)
    let oracle = try HealpixFixtures.neighbours("nested_\(nside)")
    let step = nside == 16 ? 11 : 1
    #expect(oracle.count == (grid.pointCount + step - 1) / step)
    for (index, expected) in oracle.enumerated() {
      #expect(try grid.neighbours(of: index * step, ordering: .nested) == expected)
    }
  }
}
