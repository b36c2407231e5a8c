import Foundation
import SphereGrids
import Testing
import Verification

@Suite("HEALPix pixels against healpy")
struct HealpixOracleTests {

  /// All centres of nside ≤ 16, bit for bit in RING: the table of rings uses the library's
  /// roundings.
  /// Blind to: larger nside (the centre of a pixel is compared with the pixel of a centre there).
  @Test("Centres, RING", arguments: recordedSizes)
  func ringCentres(nside: Int) throws {
    let grid = try HealpixGrid(nside: nside)
    let oracle = try HealpixFixtures.pixels().directions("centres_\(nside)")
    #expect(oracle.count == grid.pointCount)
    for pixel in oracle.indices { #expect(try grid.centre(of: pixel) == oracle[pixel]) }
    #expect(grid.centres == oracle)
  }

  /// NESTED numbers of all pixels of nside ≤ 16, both ways.
  @Test("RING to NESTED and back", arguments: recordedPowersOfTwo)
  func nestedNumbers(nside: Int) throws {
    let grid = try HealpixGrid(nside: nside)
    let oracle = try HealpixFixtures.pixels().integers("ring2nest_\(nside)")
    let centres = try HealpixFixtures.pixels().directions("centres_\(nside)")
    #expect(oracle.count == grid.pointCount)
    for pixel in oracle.indices {
      #expect(try grid.nestedPixel(ring: pixel) == oracle[pixel])
      #expect(try grid.ringPixel(nested: oracle[pixel]) == pixel)
      #expect(try grid.centre(of: oracle[pixel], ordering: .nested) == centres[pixel])
    }
  }

  /// The containing pixel of every direction of the fixture, edges and corners included, is the one
  /// that healpy names: `ang2pix`, tie for tie.
  @Test("Containing pixel, RING", arguments: recordedSizes + [100, 8192])
  func containingPixelRing(nside: Int) throws {
    let grid = try HealpixGrid(nside: nside)
    let points = try HealpixFixtures.pixels().directions("points")
    let oracle = try HealpixFixtures.pixels().integers("ring_\(nside)")
    let found = try points.map { try grid.pixel(at: $0) }
    let wrong = found.indices.filter { found[$0] != oracle[$0] }
    #expect(wrong.isEmpty, "\(wrong.prefix(5).map { (points[$0], found[$0], oracle[$0]) })")
    #expect(points.count > 4000)
  }

  /// The same in NESTED, where healpy decides ties by another route.
  @Test("Containing pixel, NESTED", arguments: recordedPowersOfTwo + [8192])
  func containingPixelNested(nside: Int) throws {
    let grid = try HealpixGrid(nside: nside)
    let points = try HealpixFixtures.pixels().directions("points")
    let oracle = try HealpixFixtures.pixels().integers("nest_\(nside)")
    let found = try points.map { try grid.pixel(at: $0, ordering: .nested) }
    let wrong = found.indices.filter { found[$0] != oracle[$0] }
    #expect(wrong.isEmpty, "\(wrong.prefix(5).map { (points[$0], found[$0], oracle[$0]) })")
  }

  /// Negative control: the nearest centre is a different rule. Of the 2048 published sampling
  /// points 175 lie nearer to the centre of another pixel than to that of their own. Another 113
  /// are as near to other centres, 64 of them, the row at the pole, to three others and 49 to one;
  /// which of these is called the nearest says nothing. The points touch 1736 of the 3072 pixels.
  @Test("The published sampling: 175 points nearer to another pixel, 1736 pixels touched")
  func publishedSampling() throws {
    let grid = try HealpixGrid(nside: 16)
    let points = try HealpixFixtures.pixels().directions("points").prefix(2048)
    let containing = try points.map { try grid.pixel(at: $0) }
    #expect(Set(containing).count == 1736)
    let centres = grid.directions
    var (farther, ties) = (0, [Int: Int]())
    for (point, pixel) in zip(points, containing) {
      let distances = centres.map { point.angularDistance(to: $0) }
      let least = try #require(distances.min())
      // Distances are exact to a few roundings, and no two differ by less than 10⁻⁶ otherwise.
      let nearest = distances.count { $0 <= least + 1e-14 }
      #expect(distances.count { $0 <= least + 1e-6 } == nearest)
      if distances[pixel] > least + 1e-14 {
        farther += 1
      } else if nearest > 1 {
        ties[nearest, default: 0] += 1
      }
    }
    #expect(farther == 175 && ties == [2: 49, 4: 64], "\(farther), \(ties)")
  }

  /// The published grid's points are those of the fixture, j π/32 and 2π k/64, so that the pixels
  /// of the type are the published ones.
  @Test("The published grid reads the recorded pixels")
  func publishedGridPixels() throws {
    let grid = try HealpixGrid(nside: 16)
    let found = try PublishedSamplingGrid().directions.map { try grid.pixel(at: $0) }
    #expect(try found == Array(HealpixFixtures.pixels().integers("ring_16").prefix(2048)))
  }

  /// Interpolation is a linear form: the weight of each pixel (summed where a pixel occurs twice)
  /// equals healpy's to a few rounding errors of θ/Δθ and φ/Δφ, at most 4 nside of them.
  /// Left out: φ = 2π − 10⁻¹⁵ at nside 3, where φ/Δφ rounds up to a full turn and healpy 1.20.1
  /// names the pixel after the ring's last (36 instead of 24); `weightsBelowFullTurn` has that
  /// point.
  @Test("Interpolation weights", arguments: recordedSizes)
  func interpolationWeights(nside: Int) throws {
    let grid = try HealpixGrid(nside: nside)
    let fixtures = try HealpixFixtures.queries()
    let points = try fixtures.directions("interpolation_points")
    let pixels = try fixtures.integers("pixels_\(nside)")
    let weights = try fixtures.doubles("weights_\(nside)")
    let bound = 16 * Double(4 * nside) * Double.ulpOfOne
    for (i, point) in points.enumerated() where nside != 3 || abs(point.phi - 2 * .pi) > 1e-14 {
      let found = try grid.interpolationWeights(theta: point.theta, phi: point.phi)
      var difference: [Int: Double] = [:]
      for k in 0..<4 {
        difference[found.pixels[k], default: 0] += found.weights[k]
        difference[pixels[k * points.count + i], default: 0] -= weights[k * points.count + i]
      }
      let worst = difference.values.map(abs).max() ?? .infinity
      #expect(worst <= bound, "\(point): \(found)")
    }
  }

  /// Just below a full turn the weights are those at φ = 0, to the rounding of φ/Δφ.
  @Test("Interpolation weights below a full turn", arguments: recordedSizes)
  func weightsBelowFullTurn(nside: Int) throws {
    let grid = try HealpixGrid(nside: nside)
    for theta in [1.0, .pi / 2] {
      var difference: [Int: Double] = [:]
      for (phi, sign) in [(0, 1.0), (2 * .pi - 1e-15, -1.0)] {
        let found = try grid.interpolationWeights(theta: theta, phi: phi)
        for k in 0..<4 { difference[found.pixels[k], default: 0] += sign * found.weights[k] }
      }
      #expect(difference.values.allSatisfy { abs($0) <= 16 * Double(4 * nside) * .ulpOfOne })
    }
  }

  /// Negative control: weights taken a hundredth of a ring spacing away miss the bound by far.
  @Test("Negative control: interpolation at another colatitude")
  func rejectsShiftedWeights() throws {
    let grid = try HealpixGrid(nside: 16)
    let a = try grid.interpolationWeights(theta: 1.01, phi: 0.3)
    let b = try grid.interpolationWeights(theta: 1.01 + 0.0004, phi: 0.3)
    #expect(a.pixels == b.pixels)
    #expect(abs(a.weights[0] - b.weights[0]) > 1000 * 16 * 64 * Double.ulpOfOne)
  }

  /// NESTED weights are the RING ones under other numbers.
  @Test("Interpolation weights in NESTED")
  func nestedWeights() throws {
    let grid = try HealpixGrid(nside: 8)
    let ring = try grid.interpolationWeights(theta: 0.3, phi: 6.1)
    let nested = try grid.interpolationWeights(theta: 0.3, phi: 6.1, ordering: .nested)
    #expect(ring.weights == nested.weights)
    #expect(try nested.pixels.map { try grid.ringPixel(nested: $0) } == ring.pixels)
  }

  /// Every disc of the fixture, pixel for pixel; the first four are the published masks.
  @Test("Discs", arguments: recordedSizes)
  func discs(nside: Int) throws {
    let grid = try HealpixGrid(nside: nside)
    let fixtures = try HealpixFixtures.queries()
    let centres = try fixtures.directions("disc_centres")
    let radii = try fixtures.doubles("disc_radii")
    let counts = try fixtures.integers("disc_counts_\(nside)")
    let all = try fixtures.integers("disc_\(nside)")
    var start = 0
    for i in centres.indices {
      let oracle = Array(all[start..<start + counts[i]])
      let found = try grid.disc(centre: centres[i], radius: radii[i])
      #expect(found == oracle, "\(centres[i]), radius \(radii[i])")
      start += counts[i]
    }
  }

  /// The published masks at nside 16: 1536, 611, 310 and 152 observed pixels.
  @Test("Published masks", arguments: [(0.5, 1536), (0.2, 611), (0.1, 310), (0.05, 152)])
  func publishedMasks(skyFraction: Double, count: Int) throws {
    let grid = try HealpixGrid(nside: 16)
    let centre = Direction(theta: 2.001074, phi: 1.695120)
    #expect(try grid.disc(centre: centre, radius: acos(1 - 2 * skyFraction)).count == count)
  }
}
