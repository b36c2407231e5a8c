import SphereGrids
import Testing
import Verification

/// Neighbours by steps within and between faces against the search over the corners of all pixels.
@Suite("HEALPix neighbours against their definition")
struct NeighbourDefinitionTests {
  /// Exact, for every pixel; nside need not be a power of two.
  /// Blind to: which of the eight is called north, if both did it wrong (NeighbourOracleTests).
  @Test("Every pixel", arguments: [1, 2, 3, 4, 5])
  func everyPixel(nside: Int) throws {
    let grid = try HealpixGrid(nside: nside)
    for pixel in 0..<grid.pointCount {
      let expected = grid.neighboursByDefinition(of: pixel)
      #expect(try grid.neighbours(of: pixel) == expected, "pixel \(pixel)")
    }
  }

  /// At nside 16 the corners of faces, their neighbourhoods and a sample.
  @Test("nside 16, sampled")
  func sampled() throws {
    let grid = try HealpixGrid(nside: 16)
    let special = try (0..<grid.pointCount).filter { pixel in
      try grid.neighbours(of: pixel).contains(nil)
    }
    #expect(special.count == 24)
    var numbers = TestNumbers(seed: 5)
    for pixel in special + (0..<20).map({ _ in Int(numbers.next() % 3072) }) {
      #expect(
        try grid.neighbours(of: pixel) == grid.neighboursByDefinition(of: pixel), "\(pixel)")
    }
  }

  /// Negative control: the eight nearest centres are other pixels, and not only where a neighbour
  /// is missing, so that a search by distance would not pass.
  @Test("Negative control: nearest centres")
  func nearestCentres() throws {
    let grid = try HealpixGrid(nside: 4)
    let centres = grid.centres
    let different = try centres.indices.count { pixel in
      let near = centres.indices.filter { $0 != pixel }.sorted {
        centres[$0].angularDistance(to: centres[pixel])
          < centres[$1].angularDistance(to: centres[pixel])
      }
      return Set(near.prefix(8)) != Set(try grid.neighbours(of: pixel).compactMap { $0 })
    }
    #expect(different > 24)
  }
}
