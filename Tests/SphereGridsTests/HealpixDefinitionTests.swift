import Foundation
import SphereGrids
import Testing
import Verification

@Suite("HEALPix pixels against their definitions")
struct HealpixDefinitionTests {

  private func randomDirections(_ count: Int, seed: UInt64) -> [Direction] {
    var numbers = TestNumbers(seed: seed)
    return (0..<count).map { _ in
      Direction(theta: acos(numbers.uniform(-1, 1)), phi: numbers.uniform(0, 2 * .pi))
    }
  }

  /// The containing pixel is the square of the projected plane around the point, at any nside.
  /// Random points do not fall on edges.
  /// Blind to: ties (HealpixOracleTests).
  @Test("Containing pixel equals the projection's square", arguments: [1, 2, 3, 5, 8, 12])
  func containingPixel(nside: Int) throws {
    let grid = try HealpixGrid(nside: nside)
    let points = randomDirections(300, seed: UInt64(nside))
    for point in points {
      let expected = grid.pixelByDefinition(theta: point.theta, phi: point.phi)
      #expect(try grid.pixel(at: point) == expected, "\(point)")
    }
    // Negative control: the nearest centre is another pixel now and then.
    if nside >= 3 {
      #expect(
        points.contains { point in
          grid.nearestPoint(to: point) != grid.pixelByDefinition(theta: point.theta, phi: point.phi)
        })
    }
  }

  /// The pixel of a pixel's centre is the pixel itself, in both orderings and at high resolution.
  @Test("A centre lies in its pixel", arguments: [1, 2, 3, 7, 16, 1000, 8192, 65536])
  func centreLiesInPixel(nside: Int) throws {
    let grid = try HealpixGrid(nside: nside)
    var numbers = TestNumbers(seed: UInt64(nside))
    let last = grid.pointCount - 1
    let capEdge = 2 * nside * (nside - 1)
    var pixels = [0, 1, 3, capEdge, max(0, capEdge - 1), last - capEdge, last]
    pixels +=
      nside <= 16
      ? Array(0...last) : (0..<2000).map { _ in Int(numbers.next() % UInt64(last + 1)) }
    for pixel in pixels {
      #expect(try grid.pixel(at: grid.centre(of: pixel)) == pixel)
      guard nside & (nside - 1) == 0 else { continue }
      let centre = try grid.centre(of: pixel, ordering: .nested)
      #expect(try grid.pixel(at: centre, ordering: .nested) == pixel)
      #expect(try grid.nestedPixel(ring: grid.ringPixel(nested: pixel)) == pixel)
    }
  }

  /// Sub-pixels: NESTED pixel p of nside contains the centres of 4p...4p+3 of 2 nside.
  @Test("NESTED numbers are hierarchical", arguments: [1, 2, 8])
  func hierarchy(nside: Int) throws {
    let coarse = try HealpixGrid(nside: nside)
    let fine = try HealpixGrid(nside: 2 * nside)
    for pixel in 0..<fine.pointCount {
      let centre = try fine.centre(of: pixel, ordering: .nested)
      #expect(try coarse.pixel(at: centre, ordering: .nested) == pixel / 4)
    }
  }

  /// A disc holds exactly the pixels whose centre is within its radius.
  @Test("Discs equal the search over distances", arguments: [1, 3, 8, 16])
  func discs(nside: Int) throws {
    let grid = try HealpixGrid(nside: nside)
    var numbers = TestNumbers(seed: 7)
    var distinguishes = false
    let poles = [Direction(theta: 0, phi: 1), Direction(theta: .pi, phi: 1)]
    for centre in poles + randomDirections(40, seed: 100) {
      let radius = numbers.uniform(0, 3.3)
      let found = try grid.disc(centre: centre, radius: radius)
      #expect(found == grid.discByDefinition(centre: centre, radius: radius))
      let nearby = grid.discByDefinition(centre: centre, radius: radius + 0.3)
      if found != nearby { distinguishes = true }
    }
    #expect(distinguishes, "negative control: a larger radius must change some disc")
  }

  /// `inclusive` finds every pixel that a point of the disc lies in, and nothing whose centre is
  /// farther than the radius and a pixel's radius; NESTED finds the same pixels.
  @Test("Inclusive discs cover the disc", arguments: [1, 4, 16])
  func inclusiveDiscs(nside: Int) throws {
    let grid = try HealpixGrid(nside: nside)
    let points = randomDirections(20000, seed: 5)
    for (i, centre) in randomDirections(5, seed: 6).enumerated() {
      let radius = 0.1 + 0.2 * Double(i)
      let found = try grid.disc(centre: centre, radius: radius, inclusive: true)
      let touched = try points.filter { $0.angularDistance(to: centre) <= radius }
        .map { try grid.pixel(at: $0) }
      #expect(Set(touched).isSubset(of: found))
      let reach = radius + grid.largestPixelRadius
      #expect(found == grid.discByDefinition(centre: centre, radius: reach))
      let nested = try grid.disc(
        centre: centre, radius: radius, inclusive: true, ordering: .nested)
      #expect(try nested.map { try grid.ringPixel(nested: $0) }.sorted() == found)
    }
  }

  /// No point of a pixel is farther from its centre than `largestPixelRadius`, and some point comes
  /// within a tenth of it.
  @Test("Largest pixel radius", arguments: [1, 2, 5, 16])
  func largestPixelRadius(nside: Int) throws {
    let grid = try HealpixGrid(nside: nside)
    let distances = try randomDirections(100_000, seed: 8).map { point in
      try grid.centre(of: grid.pixel(at: point)).angularDistance(to: point)
    }
    let largest = try #require(distances.max())
    #expect(largest <= grid.largestPixelRadius)
    #expect(largest > 0.9 * grid.largestPixelRadius)
  }

  /// The nearest point equals the search over all points, on every kind of grid, ties included.
  @Test("Nearest point equals the search over all points")
  func nearestPoint() throws {
    let grids: [any RingGrid] = [
      try HealpixGrid(nside: 1), try HealpixGrid(nside: 3), try HealpixGrid(nside: 8),
      GaussLegendreGrid(lmax: 7), ClenshawCurtisGrid(ringCount: 9, longitudeCount: 12),
      PublishedSamplingGrid(ringCount: 8, longitudeCount: 16),
    ]
    let symmetric = PublishedSamplingGrid(ringCount: 32, longitudeCount: 64).directions
    for grid in grids {
      let directions = grid.directions
      for point in randomDirections(100, seed: 9) + symmetric {
        let distances = directions.map { point.angularDistance(to: $0) }
        let smallest = try #require(distances.min())
        // The distance 2 arcsin √hav has an error of a few ulp of π; points within are tied.
        let expected = distances.firstIndex { $0 <= smallest + 0x1p-48 }
        #expect(grid.nearestPoint(to: point) == expected, "\(grid.name), \(point)")
      }
    }
  }
}
