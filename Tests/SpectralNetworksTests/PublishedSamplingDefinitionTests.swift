import Foundation
import HarmonicTransforms
import SphereGrids
import Testing
import Verification

@testable import SpectralNetworks

/// How maps reach the grid of the published network, against what each sampling says it does.
///
/// Sees: which grid, which weights, which order of lanes. Blind to: errors that the transforms
/// themselves have (TransformOracleTests) and healpy's interpolation (ResamplerFixtureTests).
@Suite("Sampling of the published network")
struct PublishedSamplingDefinitionTests {
  static let lanes = 6

  private func sampled(_ configuration: PublishedConfiguration, _ maps: [Double]) throws -> [Double]
  {
    let sampler = try FieldSampler<Double>(configuration)
    let memory = sampler.makeMemory(
      maps: Self.lanes / configuration.inputChannels, channels: configuration.inputChannels)
    return sampler.apply(maps, lanes: Self.lanes, memory, threads: 2)
  }

  private func coefficients(lmax: Int) -> CoefficientStack<Double> {
    var numbers = TestNumbers(seed: 41)
    var a = CoefficientStack<Double>(lmax: lmax, lanes: Self.lanes)
    for i in a.values.indices { a.values[i] = numbers.normal() }
    a.clearImaginaryOfOrderZero()
    return a
  }

  /// Σ_lm a_lm Y_lm at the points of a grid by the sum itself.
  private func series(_ a: CoefficientStack<Double>, on grid: any RingGrid) -> [Double] {
    DirectTransform(grid: grid, lmax: a.lmax).synthesis(a).values
  }

  /// A map with degrees up to 3 nside − 1 arrives as its series at the transform's nodes, both
  /// poles among them, for one channel and for two. Bound: rounding of two transforms of (lmax +
  /// 1)² terms times κ(SᵀS) =
  /// 46. Control: the series at the published points, which are half a row off.
  @Test("Harmonic: the series at the nodes of the transform", arguments: [1, 2])
  func harmonic(channels: Int) throws {
    let configuration = PublishedConfiguration.small(blocks: 1, channels: channels).with(.harmonic)
    let lmax = 3 * configuration.nside - 1
    let a = coefficients(lmax: lmax)
    let maps = series(a, on: try HealpixGrid(nside: configuration.nside))
    let found = try sampled(configuration, maps)
    let nodes = ClenshawCurtisGrid(
      ringCount: configuration.latitudeCount, longitudeCount: configuration.longitudeCount)
    let bound = 46 * RoundingBound.probable(operations: 2 * (lmax + 1) * (lmax + 1))
    #expect(relativeError(found, series(a, on: nodes)) <= bound)
    let points = PublishedSamplingGrid(
      ringCount: configuration.latitudeCount, longitudeCount: configuration.longitudeCount)
    #expect(relativeError(found, series(a, on: points)) > 1000 * bound)
  }

  /// Point by point from the functions of pixels: the containing pixel, or Σ_k w_k x_k over four
  /// pixels. Containing pixels are copied, to the last bit; weights are summed in another order,
  /// four terms. Control: each against the other.
  @Test("Containing pixel and bilinear: the grid's functions at the published points")
  func points() throws {
    let configuration = PublishedConfiguration.small(blocks: 1)
    let maps = randomMaps(
      nside: configuration.nside, lanes: Self.lanes, seed: 42, as: Double.self)
    let healpix = try HealpixGrid(nside: configuration.nside)
    func byDefinition(_ sampling: PublishedSampling) throws -> [Double] {
      try sampling.forwardByDefinition(
        maps.transposed(rows: healpix.pointCount), healpix,
        latitudes: configuration.latitudeCount, longitudes: configuration.longitudeCount
      ).transposed(rows: Self.lanes)
    }
    let containing = try byDefinition(.containingPixel)
    let bilinear = try byDefinition(.bilinear)
    #expect(try sampled(configuration, maps) == containing)
    #expect(try sampled(configuration.with(.containingPixel), maps) == containing)
    let bound = RoundingBound.probable(operations: 8)
    let found = try sampled(configuration.with(.bilinear), maps)
    #expect(relativeError(found, bilinear) <= bound)
    #expect(relativeError(containing, bilinear) > 1000 * bound)
  }

  /// Files written before the fields existed have none of them, and such configurations still give
  /// the same bytes. Control: a configuration that has them.
  @Test("Configurations as published have no new entries")
  func encoding() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    func text(_ c: PublishedConfiguration) throws -> String {
      String(decoding: try encoder.encode(c), as: UTF8.self)
    }
    let published = PublishedConfiguration.t1
    let expected =
      #"{"blockCount":3,"denseWidth":64,"dropout":0.2,"hiddenChannels":32,"inpaints":false,"#
      + #""inputChannels":1,"latitudeCount":32,"lmax":46,"longitudeCount":64,"mmax":32,"nside":16,"#
      + #""outputCount":1}"#
    #expect(try text(published) == expected)
    #expect(
      try JSONDecoder().decode(PublishedConfiguration.self, from: Data(expected.utf8)) == published)
    let other = published.with(.containingPixel, .power)
    let stored = try text(other)
    #expect(stored.contains(#""sampling":"containing-pixel""#))
    #expect(stored.contains(#""pooling":"power""#))
    #expect(
      try JSONDecoder().decode(PublishedConfiguration.self, from: Data(stored.utf8)) == other)
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(
        PublishedConfiguration.self,
        from: Data(stored.replacingOccurrences(of: "power", with: "median").utf8))
    }
  }

  @Test("A mask that is nowhere zero cannot be inpainted")
  func inpainting() throws {
    let configuration = PublishedConfiguration.small(blocks: 1, channels: 3, inpaints: true)
    #expect(throws: NetworkConfigurationError.self) {
      try PublishedNetwork<Float>(configuration.with(.harmonic), seed: 1)
    }
    _ = try PublishedNetwork<Float>(configuration.with(.bilinear), seed: 1)
  }

  /// A table of pixels belongs to the containing pixel alone.
  @Test("Tables of pixels")
  func tables() throws {
    let configuration = PublishedConfiguration.small(blocks: 1)
    let published = try PublishedNetwork<Double>(configuration, seed: 1)
    let table = try #require(published.pixelIndices)
    for sampling in [PublishedSampling.bilinear, .harmonic] {
      var network = try PublishedNetwork<Double>(configuration.with(sampling), seed: 1)
      #expect(network.pixelIndices == nil)
      try network.load(publishedState: published.publishedState, pixelIndices: nil)
      #expect(throws: StateDictionaryError.pixelTableWithoutUse(sampling: sampling)) {
        try network.load(publishedState: published.publishedState, pixelIndices: table)
      }
    }
  }
}
