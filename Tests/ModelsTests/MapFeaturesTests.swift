import HarmonicTransforms
import SkyMaps
import SpectralNetworks
import SphereGrids
import Testing
import Verification

@testable import Models
@testable import Tasks

/// The powers of maps against the sums that define them.
@Suite("Powers of maps")
struct MapFeaturesTests {
  private static let grid = try? HealpixGrid(nside: 16)

  /// White noise, `[pixel][map * channels + channel]`.
  private func noise(_ lanes: Int, seed: UInt64) -> [Float] {
    var numbers = TestNumbers(seed: seed)
    return (0..<3072 * lanes).map { _ in Float(numbers.normal()) }
  }

  private func features(
    inputs: Int, fields: Int, mask: SkyMask? = nil
  ) throws -> MapFeatures {
    try MapFeatures(
      network: try publishedNetwork(inputs: inputs, outputs: 1), fields: fields, mask: mask,
      lmax: 47)
  }

  @Test("Groups of full and of cut skies")
  func groups() throws {
    #expect(
      try features(inputs: 1, fields: 1).groups
        == [.spectrum, .largeScales, .beyond, .regions, .smallScales])
    #expect(
      try features(inputs: 3, fields: 2).groups == [.spectrum, .beyond, .regions, .smallScales])
    let mask = try SkyMask.cap(nside: 16, skyFraction: 0.1)
    let cut = try features(inputs: 3, fields: 2, mask: mask)
    #expect(cut.groups == [.spectrum, .regions, .smallScales])
    #expect(cut.width(of: .beyond) == nil)
    #expect(cut.width(of: .spectrum) == 92)
  }

  /// A factor g on the map is g² on every feature; powers of two, so exactly.
  @Test("Features are mean squares", arguments: [1, 3])
  func squares(channels: Int) throws {
    let features = try features(inputs: channels, fields: min(channels, 2))
    let maps = noise(2 * channels, seed: 1)
    let once = try features.values(maps, count: 2, bandPowers: nil, threads: 2)
    let twice = try features.values(
      maps.map { 2 * $0 }, count: 2, bandPowers: nil, threads: 1)
    for (group, (a, b)) in zip(features.groups, zip(once, twice)) {
      #expect(a.count == 2 * (features.width(of: group) ?? 0), "\(group)")
      #expect(b == a.map { 4 * $0 }, "\(group)")
      #expect(a.allSatisfy { $0 > 0 })
    }
  }

  /// Each group against loops over pixels: regions are the parents at nside 2, and the parts of f
  /// that no coefficients fit are what remains after the least squares of `Double`. Float32
  /// transforms leave some 10⁻⁶ of the mean square.
  @Test("Temperature by definition")
  func temperature() throws {
    let grid = try #require(Self.grid)
    let map = noise(1, seed: 2)
    let features = try features(inputs: 1, fields: 1)
    let found = try features.values(map, count: 1, bandPowers: nil, threads: 1)
    let fit = try LeastSquaresAnalysis<Double>(grid: grid, lmax: 47)
    let f = FieldStack<Double>(grid: grid, lanes: 1, values: map.map(Double.init))
    let a = try fit.analysis(f)
    let rest = zip(f.values, fit.transform.synthesis(a).values).map { $0 - $1 }
    let total = f.values.reduce(0) { $0 + $1 * $1 } / 3072
    let spectrum = a.spectra()[0]
    #expect(relativeError(found[0], spectrum) < 1e-5)
    #expect(relativeError(found[1], Array(spectrum[0...1])) < 1e-5)
    let beyond = rest.reduce(0) { $0 + $1 * $1 } / 3072
    #expect(abs(found[2][0] / (beyond + 1e-8 * total) - 1) < 1e-5)

    let coarse = try HealpixGrid(nside: 2)
    var (regions, small) = ([Double](repeating: 0, count: 48), [Double](repeating: 0, count: 48))
    for pixel in 0..<3072 {
      let parent = try coarse.ringPixel(nested: try grid.nestedPixel(ring: pixel) / 64)
      regions[parent] += f.values[pixel] * f.values[pixel] / 64
      small[parent] += rest[pixel] * rest[pixel] / 64
    }
    #expect(relativeError(found[3], regions) < 1e-6)
    #expect(relativeError(found[4], small.map { $0 + 1e-8 * total }) < 1e-5)
  }

  /// E and B of a map that has nothing beyond lmax leave the floor; a map with one wrong pixel does
  /// not.
  @Test("What no coefficients fit")
  func beyond() throws {
    let settings = try TaskSettings(task: .t2)
    let source = try SkyMapSource(settings, channels: 3, seed: 3)
    var maps = source.batch(maps: 0..<1, split: .test, threads: 1).maps
    let features = try features(inputs: 3, fields: 2)
    let place = try #require(features.groups.firstIndex(of: .beyond))
    let total =
      (0..<3072).reduce(0.0) { sum, p in
        sum + (0...1).reduce(0.0) { $0 + Double(maps[3 * p + $1]) * Double(maps[3 * p + $1]) }
      } / 3072
    let good = try features.values(maps, count: 1, bandPowers: nil, threads: 1)[place][0]
    #expect(good < 1.01e-8 * total && good >= 1e-8 * total)
    maps[3 * 1000] += Float(total.squareRoot())
    let changed = try features.values(maps, count: 1, bandPowers: nil, threads: 1)[place][0]
    #expect(changed > 1000 * good)
  }

  /// On a cut sky the deviations from the mean of observed siblings, by loops; what is outside the
  /// mask changes nothing there.
  @Test("Cut sky by definition")
  func cutSky() throws {
    let grid = try #require(Self.grid)
    let mask = try SkyMask.cap(nside: 16, skyFraction: 0.1)
    let features = try features(inputs: 3, fields: 2, mask: mask)
    var maps = noise(3, seed: 4)
    for p in 0..<3072 where mask.weights[p] == 0 { for c in 0..<2 { maps[3 * p + c] = 0 } }
    let found = try features.values(maps, count: 1, bandPowers: nil, threads: 1)
    let small = try #require(found.last)
    // Sums of squared deviations and their numbers of freedom, by the parent at nside 2.
    let observed = try (0..<3072).filter {
      mask.weights[try grid.ringPixel(nested: $0)] > 0
    }
    var sums: [Int: (sum: Double, number: Double)] = [:]
    for family in Dictionary(grouping: observed, by: { $0 / 4 }).values where family.count > 1 {
      var entry = sums[family[0] / 64] ?? (0, 0)
      for c in 0..<2 {
        let values = try family.map { Double(maps[3 * (try grid.ringPixel(nested: $0)) + c]) }
        let mean = values.reduce(0, +) / Double(values.count)
        entry.sum += values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      }
      entry.number += Double(family.count - 1)
      sums[family[0] / 64] = entry
    }
    let coarse = try HealpixGrid(nside: 2)
    var (regions, rest): ([(Int, Double)], (sum: Double, number: Double)) = ([], (0, 0))
    for (parent, entry) in sums {
      if observed.count(where: { $0 / 64 == parent }) >= MapFeatures.leastPixels {
        regions.append((try coarse.ringPixel(nested: parent), entry.sum / entry.number))
      } else {
        rest = (rest.sum + entry.sum, rest.number + entry.number)
      }
    }
    var expected = regions.sorted { $0.0 < $1.0 }.map(\.1)
    try #require(rest.number > 0, "the cap has regions that are too small")
    expected.append(rest.sum / rest.number)
    #expect(relativeError(small, expected) < 1e-12)
    // Outside the mask there is nothing to see.
    let spectrum = found[0]
    #expect(spectrum.count == 92 && spectrum.allSatisfy { $0 > 0 })
  }
}
