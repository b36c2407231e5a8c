import SphereGrids
import Testing
import Verification

@testable import HarmonicTransforms

/// Recorded answers of healpy and ducc0 for E, B, Q and U: `Fixtures/generators/spin_fixtures.py`.
///
/// The bound is that of TransformOracleTests. Blind to: conventions that both programs share, which
/// SpinSingleModeTests sees.
@Suite("Spin transforms against other programs")
struct SpinOracleTests {
  private func expect(_ value: [Double], _ reference: [Double], _ what: String) {
    let comparison = Comparison(value, with: reference)
    #expect(comparison.relativeL2 <= TransformOracleTests.bound, "\(what): \(comparison)")
  }

  private func coefficients(
    _ fixture: TransformFixture, _ tensor: String, _ c: TransformCase
  ) throws -> SpinCoefficients<Double> {
    let values = try fixture.doubles(tensor)
    let half = values.count / 2
    let parts = [values[..<half], values[half...]].map {
      CoefficientStack(lmax: c.lmax, mmax: c.mmax, lanes: 1, values: Array($0))
    }
    return SpinCoefficients(e: parts[0], b: parts[1])
  }

  private func fields(
    _ fixture: TransformFixture, _ tensor: String, _ grid: any RingGrid
  ) throws -> SpinFields<Double> {
    let values = try fixture.doubles(tensor)
    let half = values.count / 2
    let parts = [values[..<half], values[half...]].map {
      FieldStack(grid: grid, lanes: 1, values: Array($0))
    }
    return SpinFields(q: parts[0], u: parts[1])
  }

  @Test("ducc0 on rings", arguments: ["spin_gauss_legendre", "spin_clenshaw_curtis"])
  func rings(_ topic: String) throws {
    let fixture = try TransformFixture(topic)
    #expect(fixture.cases.count >= 2)
    for name in fixture.cases {
      let n = TransformFixture.numbers(name)
      let (nlat, nlon) = (try #require(n["nlat"]), try #require(n["nlon"]))
      let grid: any RingGrid =
        topic == "spin_gauss_legendre"
        ? GaussLegendreGrid(ringCount: nlat, longitudeCount: nlon)
        : ClenshawCurtisGrid(ringCount: nlat, longitudeCount: nlon)
      let base = TransformCase(grid, lmax: try #require(n["l"]), mmax: n["m"], lanes: 1)
      let c = SpinCase(base, spin: try #require(n["s"]))
      let transform: SpinTransform<Double> = c.transform()
      let a = try coefficients(fixture, name + ".coefficients", base)
      expect(transform.synthesis(a).values, try fixture.doubles(name + ".synthesis"), name)
      let f = try fields(fixture, name + ".field", grid)
      let adjoint = try coefficients(fixture, name + ".adjoint", base)
      expect(try transform.adjointSynthesis(f).values, adjoint.values, name)
      let analysis = try coefficients(fixture, name + ".analysis", base)
      expect(try transform.analysis(f, .lossy).values, analysis.values, name)
      // Negative control: the neighbouring spin.
      let other = SpinTransform<Double>(
        grid: grid, spin: c.spin == 1 ? 2 : c.spin - 1, lmax: base.lmax, mmax: base.mmax)
      #expect(
        relativeError(try other.adjointSynthesis(f).values, adjoint.values)
          > 1000 * TransformOracleTests.bound)
    }
  }

  @Test("healpy on HEALPix", arguments: [1, 2, 3, 4, 8, 16])
  func healpix(_ nside: Int) throws {
    let fixture = try TransformFixture("spin_healpix_nside\(nside)")
    let grid = try HealpixGrid(nside: nside)
    #expect(!fixture.cases.isEmpty)
    for name in fixture.cases {
      let n = TransformFixture.numbers(name)
      let base = TransformCase(grid, lmax: try #require(n["l"]), mmax: n["m"], lanes: 1)
      let transform: SpinTransform<Double> = SpinCase(base, spin: 2).transform()
      let a = try coefficients(fixture, name + ".coefficients", base)
      expect(transform.synthesis(a).values, try fixture.doubles(name + ".synthesis"), name)
      let single = SpinCase(base, spin: 2).transform(as: Float.self).synthesis(a.rounded())
      #expect(
        relativeError(single.values, transform.synthesis(a).values)
          <= SpinDefinitionTests.bound(SpinCase(base, spin: 2), unit: 0x1p-24), "\(name)")
      let f = try fields(fixture, name + ".field", grid)
      expect(
        try transform.adjointSynthesis(f).values,
        try coefficients(fixture, name + ".adjoint", base).values, name)
      for iterations in [0, 3] {
        let expected = try coefficients(fixture, "\(name).analysis_iter\(iterations)", base)
        expect(try transform.iterated(f, iterations: iterations).values, expected.values, name)
      }
    }
  }

  /// TT, EE, BB, TE, EB, TB of healpy's anafast.
  @Test("Spectra of healpy's anafast")
  func spectra() throws {
    let fixture = try TransformFixture("spin_healpix_nside16")
    let grid = try HealpixGrid(nside: 16)
    let map = try fixture.doubles("spectra.map")
    let parts = (0..<3).map {
      FieldStack(
        grid: grid, lanes: 1,
        values: Array(map[$0 * grid.pointCount..<($0 + 1) * grid.pointCount]))
    }
    let transform = SpinTransform<Double>(grid: grid, lmax: 47)
    let t = try transform.scalar.iterated(parts[0], iterations: 3)
    let a = try transform.iterated(SpinFields(q: parts[1], u: parts[2]), iterations: 3)
    let (ee, bb, eb) = a.spectra()
    for (name, spectrum) in [
      ("tt", t.spectra()[0]), ("ee", ee[0]), ("bb", bb[0]), ("te", t.crossSpectra(with: a.e)[0]),
      ("eb", eb[0]), ("tb", t.crossSpectra(with: a.b)[0]),
    ] {
      expect(spectrum, try fixture.doubles("spectra.\(name)"), name)
    }
    #expect(relativeError(eb[0], try fixture.doubles("spectra.tb")) > 1e-3)
  }
}
