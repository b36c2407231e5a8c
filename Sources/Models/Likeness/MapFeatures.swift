import FourierTransforms
import HarmonicTransforms
import Kernels
import SkyMaps
import SpectralNetworks
import SphereGrids

/// The powers of a map that are compared with those of simulated maps, in named groups.
///
/// Definition:  every feature is a mean square, so it is 0 or more, and a factor g on the map is g²
///              on all of them:
///              bands        p_o of the isotropic network, what it reads out (`PowerReadout`)
///              spectrum     Ĉ_l of the map: T, or E and B; least squares on the full sky,
///                           quadrature of the observed pixels on a cut sky; of networks that
///                           are not isotropic
///              largeScales  Ĉ_0 and Ĉ_1 of T: monopole and dipole
///              beyond       the mean square of f − S a, a the least-squares coefficients up to
///                           lmax
///              regions      the mean square of the fields in every region
///              smallScales  by region, on the full sky the mean square of f − S a, on a cut sky
///                           that of the deviations from the mean of some four neighbouring pixels
/// Regions:     the pixels of nside 2 or those parts of them that have at least `leastPixels`
///              observed pixels; smaller parts are one region together.
/// Floor:       f − S a gets 10⁻⁸ of the map's mean square: below that it is the rounding of
///              float32.
/// Layout:      maps `[pixel][map * channels + channel]`; features `[map][feature]`.
/// Checked by:  MapFeaturesTests.
final class MapFeatures: Sendable {
  /// A group of features; the raw value is its name in files.
  enum Group: String, Codable, Sendable, CaseIterable {
    case bands, spectrum, largeScales, beyond, regions, smallScales

    /// What it is, for messages.
    var meaning: String {
      switch self {
      case .bands: return "the band powers that the network sees"
      case .spectrum: return "the power spectrum"
      case .largeScales: return "monopole and dipole"
      case .beyond: return "the power beyond the largest degree"
      case .regions: return "the power of some region of the sky"
      case .smallScales: return "the small scales of some region of the sky"
      }
    }
  }

  private enum Analysis: Sendable {
    case temperature(LeastSquaresAnalysis<Float>)
    case polarisation(SpinLeastSquaresAnalysis<Float>)
    case cutTemperature(ScalarTransform<Float>)
    case cutPolarisation(SpinTransform<Float>)
    /// A cut sky whose spectrum is not needed.
    case none
  }

  /// The groups that there are, in order.
  let groups: [Group]
  /// Channels of a map that hold data, the first ones.
  let fields: Int
  /// Channels of a map.
  let channels: Int
  private let grid: HealpixGrid
  private let analysis: Analysis
  private let bandCount: Int
  private let lmax: Int
  /// Channels of coefficients whose bands follow each other; nil if bands mix them.
  private let bandChannels: Int?
  /// The region of every pixel; nil: not observed.
  private let region: [Int?]
  private let regionCount: Int
  /// Groups of neighbouring observed pixels, on a cut sky.
  private let families: [[Int]]

  /// Fewest pixels of a region.
  static let leastPixels = 16
  /// Share of the mean square below which f − S a is rounding.
  private static let roundingShare = 1e-8

  /// The features of the maps of a network.
  ///
  /// - Parameters:
  ///   - network: the network; its number of bands counts if it is isotropic.
  ///   - fields: channels that hold data.
  ///   - mask: the observed pixels; nil: the full sky.
  ///   - lmax: largest degree of the analysis, inclusive.
  /// - Throws: `HealpixError`, `HarmonicTransformError.singularAnalysis`.
  init(network: any SkyNetwork<Float>, fields: Int, mask: SkyMask?, lmax: Int) throws {
    self.fields = fields
    self.lmax = lmax
    channels = network.inputChannels
    bandCount = network.bandCount ?? 0
    bandChannels = network.bandChannels
    grid = try HealpixGrid(nside: network.nside)
    let isCut = mask != nil
    var groups: [Group] = bandCount > 0 ? [.bands] : [.spectrum]
    switch (isCut, fields) {
    case (false, 1):
      analysis = .temperature(try LeastSquaresAnalysis(grid: grid, lmax: lmax))
      groups += [.largeScales, .beyond]
    case (false, _):
      analysis = .polarisation(try SpinLeastSquaresAnalysis(grid: grid, spin: 2, lmax: lmax))
      groups += [.beyond]
    case (true, _) where bandCount > 0: analysis = .none
    // Tables for any number of maps: beyond the band limit the powers are rounding, which has to be
    // the same kind of rounding as in calibration.
    case (true, 1):
      analysis = .cutTemperature(ScalarTransform(grid: grid, lmax: lmax, path: .table))
    case (true, _):
      analysis = .cutPolarisation(SpinTransform(grid: grid, spin: 2, lmax: lmax, path: .table))
    }
    self.groups = groups + [.regions, .smallScales]
    let observed = mask?.observed ?? [Bool](repeating: true, count: grid.pointCount)
    (region, regionCount) = try Self.regions(grid, observed: observed)
    families = isCut ? try Self.families(grid, observed: observed) : []
  }

  private static func regions(
    _ grid: HealpixGrid, observed: [Bool]
  ) throws -> (region: [Int?], count: Int) {
    let coarse = try HealpixGrid(nside: min(2, grid.nside))
    let parents = try (0..<grid.pointCount).map { coarse.pixelContaining(try grid.centre(of: $0)) }
    var counts = [Int](repeating: 0, count: coarse.pointCount)
    for (pixel, parent) in parents.enumerated() where observed[pixel] { counts[parent] += 1 }
    var number = [Int?](repeating: nil, count: coarse.pointCount)
    var next = 0
    for parent in counts.indices where counts[parent] >= leastPixels {
      number[parent] = next
      next += 1
    }
    let hasRest = counts.contains { (1..<leastPixels).contains($0) }
    let region = parents.enumerated().map { pixel, parent in
      observed[pixel] ? number[parent] ?? next : nil
    }
    return (region, hasRest ? next + 1 : next)
  }

  /// The observed pixels by the pixel of half the resolution that holds them, where there are two
  /// or more.
  private static func families(_ grid: HealpixGrid, observed: [Bool]) throws -> [[Int]] {
    let coarse = try HealpixGrid(nside: max(1, grid.nside / 2))
    var members = [[Int]](repeating: [], count: coarse.pointCount)
    for pixel in observed.indices where observed[pixel] {
      members[coarse.pixelContaining(try grid.centre(of: pixel))].append(pixel)
    }
    return members.filter { $0.count > 1 }
  }

  /// Number of features of a group; nil if these maps have no such group.
  func width(of group: Group) -> Int? {
    guard groups.contains(group) else { return nil }
    switch group {
    case .bands: return bandCount
    case .spectrum: return fields == 1 ? lmax + 1 : 2 * (lmax - 1)
    case .largeScales: return 2
    case .beyond: return 1
    case .regions, .smallScales: return regionCount
    }
  }

  /// How the features of a group follow each other; nil where they have no order.
  func layout(of group: Group) -> PowerLayout? {
    switch group {
    case .bands: return bandChannels.map { PowerLayout(channels: $0, fields: fields) }
    case .spectrum: return PowerLayout(channels: fields, fields: fields)
    default: return nil
    }
  }

  /// The features of `count` maps, by group, each `[map][feature]`.
  ///
  /// - Parameters:
  ///   - maps: `[pixel][map * channels + channel]`, 0 where nothing is observed.
  ///   - count: number of maps.
  ///   - bandPowers: p_o of every map, `[map][band]`, of an isotropic network.
  ///   - threads: any number gives the same bits.
  /// - Returns: one list per group, in the order of `groups`.
  /// - Throws: `HarmonicTransformError.notFinite`.
  func values(
    _ maps: [Float], count: Int, bandPowers: [Double]?, threads: Int
  ) throws(HarmonicTransformError) -> [[Double]] {
    let (spectra, rest) = try analysed(maps, count: count, threads: threads)
    let total = (0..<count).map { map in
      (0..<fields).reduce(0.0) { $0 + meanSquare(maps, map: map, channel: $1, count: count) }
    }
    return groups.map { group in
      switch group {
      case .bands: return bandPowers ?? []
      case .spectrum: return spectra.flatMap { $0 }
      case .largeScales: return spectra.flatMap { $0[0...1] }
      case .beyond:
        return (0..<count).map { map in
          let sum = rest.reduce(0.0) { sum, field in
            (0..<grid.pointCount).reduce(sum) {
              $0 + square(field[$1 * count + map])
            }
          }
          return sum / Double(grid.pointCount) + Self.roundingShare * total[map]
        }
      case .regions:
        return regional(count) { pixel, map in
          (0..<fields).reduce(0.0) {
            $0 + square(maps[(pixel * count + map) * channels + $1])
          }
        }
      case .smallScales:
        return families.isEmpty
          ? zipped(
            regional(count) { pixel, map in
              rest.reduce(0.0) { $0 + square($1[pixel * count + map]) }
            }, total)
          : deviations(maps, count: count)
      }
    }
  }

  /// The spectra of every map, the fields after each other, and f − S a of every field on the full
  /// sky.
  private func analysed(
    _ maps: [Float], count: Int, threads: Int
  ) throws(HarmonicTransformError) -> (spectra: [[Double]], rest: [[Float]]) {
    func field(_ channel: Int) -> FieldStack<Float> {
      FieldStack(
        grid: grid, lanes: count,
        values: (0..<grid.pointCount * count).map { maps[$0 * channels + channel] })
    }
    func difference(_ f: FieldStack<Float>, _ g: FieldStack<Float>) -> [Float] {
      zip(f.values, g.values).map { $0 - $1 }
    }
    func joined(_ e: [[Double]], _ b: [[Double]]) -> [[Double]] {
      zip(e, b).map { Array($0.dropFirst(2) + $1.dropFirst(2)) }
    }
    switch analysis {
    case .temperature(let fit):
      let f = field(0)
      let a = try fit.analysis(f, threads: threads)
      return (a.spectra(), [difference(f, fit.transform.synthesis(a, threads: threads))])
    case .polarisation(let fit):
      let f = SpinFields(q: field(0), u: field(1))
      let a = try fit.analysis(f, threads: threads)
      let g = fit.transform.synthesis(a, threads: threads)
      return (
        joined(a.e.spectra(), a.b.spectra()), [difference(f.q, g.q), difference(f.u, g.u)]
      )
    case .cutTemperature(let transform):
      return (try transform.analysis(field(0), .lossy, threads: threads).spectra(), [])
    case .cutPolarisation(let transform):
      let a = try transform.analysis(
        SpinFields(q: field(0), u: field(1)), .lossy, threads: threads)
      return (joined(a.e.spectra(), a.b.spectra()), [])
    case .none: return ([], [])
    }
  }

  private func meanSquare(_ maps: [Float], map: Int, channel: Int, count: Int) -> Double {
    var (sum, number) = (0.0, 0.0)
    for pixel in region.indices where region[pixel] != nil {
      sum += square(maps[(pixel * count + map) * channels + channel])
      number += 1
    }
    return sum / number
  }

  /// The mean over the pixels of every region of a function of pixel and map, `[map][region]`.
  private func regional(_ count: Int, _ value: (_ pixel: Int, _ map: Int) -> Double) -> [Double] {
    var sums = [Double](repeating: 0, count: count * regionCount)
    var numbers = [Double](repeating: 0, count: regionCount)
    for (pixel, place) in region.enumerated() {
      guard let place else { continue }
      numbers[place] += 1
      for map in 0..<count { sums[map * regionCount + place] += value(pixel, map) }
    }
    for k in sums.indices { sums[k] /= numbers[k % regionCount] }
    return sums
  }

  /// `[map][region]` with the floor of every map added.
  private func zipped(_ values: [Double], _ total: [Double]) -> [Double] {
    values.indices.map { values[$0] + Self.roundingShare * total[$0 / regionCount] }
  }

  /// The mean square deviation from the mean of the family, `[map][region]`; a family counts in the
  /// region of its first pixel.
  private func deviations(_ maps: [Float], count: Int) -> [Double] {
    var sums = [Double](repeating: 0, count: count * regionCount)
    var numbers = [Double](repeating: 0, count: regionCount)
    for family in families {
      guard let place = region[family[0]] else { continue }
      numbers[place] += Double(family.count - 1)
      for map in 0..<count {
        for channel in 0..<fields {
          func value(_ pixel: Int) -> Double {
            Double(maps[(pixel * count + map) * channels + channel])
          }
          let mean = family.reduce(0.0) { $0 + value($1) } / Double(family.count)
          for pixel in family { sums[map * regionCount + place] += square(value(pixel) - mean) }
        }
      }
    }
    // A region without a family has no small scales: its feature is 0 in every map.
    for k in sums.indices where numbers[k % regionCount] > 0 {
      sums[k] /= numbers[k % regionCount]
    }
    return sums
  }
}

private func square(_ x: Float) -> Double { Double(x) * Double(x) }
private func square(_ x: Double) -> Double { x * x }
