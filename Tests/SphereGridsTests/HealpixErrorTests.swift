import SphereGrids
import Testing

@Suite("HEALPix errors")
struct HealpixErrorTests {

  @Test("nside outside 1...65536", arguments: [0, -1, 65537, Int.max])
  func invalidNside(nside: Int) {
    #expect(throws: HealpixError.invalidNside(nside)) { try HealpixGrid(nside: nside) }
    #expect(throws: HealpixError.invalidNside(nside)) { try HealpixGrid.pixelCount(nside: nside) }
  }

  @Test("Sizes that are no map", arguments: [-12, 0, 1, 11, 13, 3071, 3073])
  func invalidPixelCount(count: Int) {
    #expect(throws: HealpixError.invalidPixelCount(count)) {
      try HealpixGrid.nside(pixelCount: count)
    }
  }

  @Test("Sizes of maps", arguments: [(1, 12), (3, 108), (16, 3072), (8192, 805_306_368)])
  func pixelCounts(nside: Int, count: Int) throws {
    #expect(try HealpixGrid.pixelCount(nside: nside) == count)
    #expect(try HealpixGrid.nside(pixelCount: count) == nside)
  }

  @Test("NESTED needs a power of two")
  func nestedNeedsPowerOfTwo() throws {
    let grid = try HealpixGrid(nside: 3)
    let error = HealpixError.nestedNeedsPowerOfTwo(nside: 3)
    #expect(throws: error) { try grid.pixel(theta: 1, phi: 1, ordering: .nested) }
    #expect(throws: error) { try grid.centre(of: 0, ordering: .nested) }
    #expect(throws: error) { try grid.nestedPixel(ring: 0) }
    #expect(throws: error) { try grid.neighbours(of: 0, ordering: .nested) }
    #expect(throws: error) { try grid.ringPixel(nested: 0) }
    #expect(throws: error) { try grid.interpolationWeights(theta: 1, phi: 1, ordering: .nested) }
    let centre = Direction(theta: 1, phi: 1)
    #expect(throws: error) { try grid.disc(centre: centre, radius: 1, ordering: .nested) }
  }

  @Test("Pixel out of range", arguments: [-1, 192, Int.max])
  func pixelOutOfRange(pixel: Int) throws {
    let grid = try HealpixGrid(nside: 4)
    let error = HealpixError.pixelOutOfRange(pixel: pixel, nside: 4)
    #expect(throws: error) { try grid.centre(of: pixel) }
    #expect(throws: error) { try grid.centre(of: pixel, ordering: .nested) }
    #expect(throws: error) { try grid.nestedPixel(ring: pixel) }
    #expect(throws: error) { try grid.ringPixel(nested: pixel) }
    #expect(throws: error) { try grid.neighbours(of: pixel) }
    #expect(throws: error) { try grid.neighbours(of: pixel, ordering: .nested) }
  }

  @Test("Colatitude outside 0...π", arguments: [-1e-300, 3.1416, 90, Double.infinity])
  func invalidColatitude(theta: Double) throws {
    let grid = try HealpixGrid(nside: 4)
    let error = HealpixError.invalidColatitude(theta)
    #expect(throws: error) { try grid.pixel(theta: theta, phi: 0) }
    #expect(throws: error) { try grid.interpolationWeights(theta: theta, phi: 0) }
    #expect(throws: error) { try grid.disc(centre: Direction(theta: theta, phi: 0), radius: 1) }
  }

  @Test("Angles that are not finite, radii that are negative")
  func notFinite() throws {
    let grid = try HealpixGrid(nside: 4)
    #expect(throws: HealpixError.self) { try grid.pixel(theta: .nan, phi: 0) }
    #expect(throws: HealpixError.self) { try grid.pixel(theta: 1, phi: .nan) }
    #expect(throws: HealpixError.invalidLongitude(.infinity)) {
      try grid.pixel(theta: 1, phi: .infinity)
    }
    let centre = Direction(theta: 1, phi: 0)
    #expect(throws: HealpixError.invalidRadius(-1)) { try grid.disc(centre: centre, radius: -1) }
    #expect(throws: HealpixError.self) { try grid.disc(centre: centre, radius: .nan) }
  }

  /// A message says what was found and what was expected.
  @Test("Messages")
  func messages() {
    #expect("\(HealpixError.invalidNside(0))" == "nside is 0, expected 1...65536")
    #expect("\(HealpixError.invalidColatitude(4))".contains("latitude b has θ = π/2 − b"))
    #expect("\(HealpixError.pixelOutOfRange(pixel: 12, nside: 1))".contains("0..<12"))
    #expect("\(HealpixError.invalidPixelCount(13))".hasPrefix("13 values"))
    #expect("\(HealpixError.nestedNeedsPowerOfTwo(nside: 3))".contains("use RING"))
    #expect("\(HealpixError.invalidLongitude(.nan))".contains("nan"))
    #expect("\(HealpixError.invalidRadius(-1))".contains("-1.0"))
  }
}
