import HarmonicTransforms
import Resampling
import SkyMaps
import SphereGrids
import Testing
import Verification

@testable import MapTools

/// Maps on other grids.
@Suite("Resampling of maps")
struct MapResamplingTests {
  private func healpix(_ result: MapResampling.Result) throws -> SkyMap {
    guard case .healpix(let map) = result else {
      throw FixtureError.missing(name: "a HEALPix map", reason: "\(result)")
    }
    return map
  }

  private func rings(_ result: MapResampling.Result) throws -> RingGridMapFile {
    guard case .rings(let file) = result else {
      throw FixtureError.missing(name: "a map on rings", reason: "\(result)")
    }
    return file
  }

  /// T of the fixture at the pixel centres of nside 8, as healpy.get_interp_val gives it: four
  /// products of values of order 1 with weights whose roundings are a few u.
  @Test("bilinear is healpy's interpolation")
  func bilinear() throws {
    var map = try SkyMap(contentsOf: FixtureStore.url("formats/tools_map_1.fits"))
    let target = try TargetGrid(named: "nside8")
    let refused = MapResampling(to: target, method: .pointwise(.bilinear))
    #expect(throws: MapToolError.self) { try refused.apply(map) }
    map.polarisation = nil
    let found = try healpix(refused.apply(map).map).requireTemperature()
    let healpy = try SkyMap(contentsOf: FixtureStore.url("formats/tools_interpolated.fits"))
    #expect(relativeError(found, try healpy.requireTemperature()) <= 1e-13)
    let nearest = MapResampling(to: target, method: .pointwise(.nearest))
    let other = try healpix(nearest.apply(map).map).requireTemperature()
    #expect(relativeError(other, try healpy.requireTemperature()) > 0.1)
    #expect(Set(other).isSubset(of: Set(try map.requireTemperature())))
  }

  /// An unobserved pixel spreads to the points that read it and to no other.
  @Test("Unobserved pixels stay unobserved", arguments: [ResamplingMethod.nearest, .bilinear])
  func unobserved(_ method: ResamplingMethod) throws {
    var values = [Double](repeating: 1, count: 192)
    values[100] = .nan
    let map = SkyMap(nside: 4, temperature: values)
    let resampling = MapResampling(
      to: try TargetGrid(named: "nside8"), method: .pointwise(method))
    let found = try healpix(resampling.apply(map).map).requireTemperature()
    let count = found.count { $0.isNaN }
    #expect(count >= 3 && count <= 24, "\(count)")
    #expect(found.allSatisfy { $0.isNaN || abs($0 - 1) <= 4 * Double.ulpOfOne })
  }

  /// A band-limited map is the same function on every grid: T as a scalar, Q and U through E and B.
  /// The bound is that of the fit.
  @Test(
    "harmonic is exact for band-limited maps",
    arguments: ["nside8", "nside3", "gauss-legendre:8", "clenshaw-curtis:9x20"])
  func harmonic(_ name: String) throws {
    let truth = MapAnalysisPropertyTests.random(lmax: 8, seed: 21)
    let target = try TargetGrid(named: name)
    let fit = MapAnalysis(
      lmax: 8, method: .leastSquares(tolerance: 1e-13, maximumIterations: 100))
    let (result, reports) = try MapResampling(to: target, method: .harmonic(fit))
      .apply(try truth.map(nside: 4))
    #expect(reports.count == 2)
    let expected = try truth.fields(on: target.grid)
    let polarisation = try #require(expected.polarisation)
    let references = [expected.temperature, polarisation.q, polarisation.u].compactMap { $0 }
    let found: [[Double]]
    if case .healpix(let map) = result {
      found = map.fields.map(\.values)
    } else {
      let file = try rings(result)
      #expect(file.theta == target.grid.rings.map(\.theta))
      #expect(file.polarisationConvention == "COSMO")
      found = file.columns.map(\.values)
    }
    #expect(found.count == 3)
    for (a, b) in zip(found, references) {
      #expect(a.allSatisfy { $0.isFinite })
      #expect(relativeError(a, b) <= 100e-13)
    }
  }

  /// Why Q and U are refused: interpolating the components of a smooth field is wrong by a large
  /// part of the field in the cap around a pole, while a scalar of the same degrees is interpolated
  /// well.
  @Test("Components of polarisation do not interpolate")
  func components() throws {
    var coefficients = SpinCoefficients<Double>(lmax: 2)
    coefficients.e[2, 2] = .init(1, 0)
    let source = try SkyCoefficients(polarisation: coefficients).map(nside: 8)
    let fine = try HealpixGrid(nside: 64)
    let truth = try SkyCoefficients(polarisation: coefficients).map(nside: 64)
    let resampler = Resampler<Double>(
      from: try HealpixGrid(nside: 8), to: fine, method: .bilinear)
    let cap = 0..<40  // the first four rings of nside 64, inside the first ring of nside 8
    func error(_ found: [Double], _ reference: [Double]) -> Double {
      relativeError(found[cap], reference[cap])
    }
    let (q, exact) = (
      try source.requirePolarisation().q, try truth.requirePolarisation().q
    )
    #expect(error(resampler.apply(q), exact) > 0.3)
    var scalar = CoefficientStack<Double>(lmax: 2)
    scalar[0, 0] = .init(3, 0)
    scalar[2, 2] = .init(1, 0)
    let smooth = try SkyCoefficients(temperature: scalar)
    let t = try smooth.map(nside: 8).requireTemperature()
    #expect(error(resampler.apply(t), try smooth.map(nside: 64).requireTemperature()) < 0.05)
  }
}
