import FileFormats
import SphereGrids
import Testing
import Verification

@testable import HarmonicTransforms

/// Transforms at lmax 1000 against ducc0, at the points and degrees that are recorded.
///
/// The input follows from a formula in whole numbers (Fixtures/generators/large_transform_fixtures.py), so
/// that half a million coefficients need not be kept. White coefficients reach degrees, orders and rings
/// where λ_lm starts far below the smallest number.
///
/// Either program carries some roundings per degree from its recurrence, and lmax times the error of the
/// colatitudes, (4 + √n/4) u for n rings (QuadratureOracleTests), 12 u here. The bound is that of
/// TransformOracleTests, 10⁻¹², which at lmax 1000 is 9 lmax u.
/// Blind to: what shows at none of the recorded places (WignerFixtureTests and LegendreFixtureTests
/// sample the functions themselves).
@Suite("Transforms at lmax 1000 against ducc0")
struct LargeTransformOracleSlowTests {
  static let lmax = 1000
  static let grid = GaussLegendreGrid(ringCount: 1001, longitudeCount: 2025)
  static let bound = TransformOracleTests.bound

  private func noise(_ k: Int, _ stream: Int) -> Double {
    Double((k * (k % 1009 + 7919) + 104729 * stream) % 65537) / 65537 - 0.5
  }

  private func coefficients(_ stream: Int, spin: Int) -> CoefficientStack<Double> {
    var a = CoefficientStack<Double>(lmax: Self.lmax)
    a.forEachCoefficient { l, m, first in
      guard l >= spin else { return }
      a.values[first] = noise(first, stream)
      a.values[first + 1] = m == 0 ? 0 : noise(first + 1, stream)
    }
    return a
  }

  private func field(_ stream: Int) -> FieldStack<Double> {
    FieldStack(
      grid: Self.grid, lanes: 1, values: (0..<Self.grid.pointCount).map { noise($0, stream) })
  }

  /// The values at the recorded points, or `shift` longitudes further east.
  private func samples(
    _ f: FieldStack<Double>, _ fixture: TransformFixture, shift: Int = 0
  ) throws -> [Double] {
    let rings = try fixture.tensors.tensor("rings").integers().map { Int($0) }
    let longitudes = try fixture.tensors.tensor("longitudes").integers().map { Int($0) }
    let count = Self.grid.longitudeCount
    return rings.flatMap { j in longitudes.map { f.values[j * count + ($0 + shift) % count] } }
  }

  private func samples(
    _ a: CoefficientStack<Double>, _ fixture: TransformFixture, shift: Int = 0
  ) throws -> [Double] {
    try fixture.tensors.tensor("places").integers().flatMap { place in
      let first = 2 * (Int(place) + shift)
      return [a.values[first], a.values[first + 1]]
    }
  }

  private func check(_ found: [Double], _ control: [Double], _ reference: [Double], _ what: String)
  {
    let comparison = Comparison(found, with: reference)
    #expect(comparison.relativeL2 <= Self.bound, "\(what): \(comparison)")
    #expect(relativeError(control, reference) > 1000 * Self.bound, "\(what): neighbours pass")
  }

  @Test("Scalar synthesis and its adjoint")
  func scalar() throws {
    let fixture = try TransformFixture("large")
    let transform = ScalarTransform<Double>(grid: Self.grid, lmax: Self.lmax)
    let f = transform.synthesis(coefficients(1, spin: 0), threads: 2)
    check(
      try samples(f, fixture), try samples(f, fixture, shift: 1),
      try fixture.doubles("scalar.synthesis"), "synthesis")
    let a = try transform.adjointSynthesis(field(4), threads: 2)
    check(
      try samples(a, fixture), try samples(a, fixture, shift: 1),
      try fixture.doubles("scalar.adjoint"), "adjoint")
  }

  @Test("Spin-2 synthesis and its adjoint")
  func spin() throws {
    let fixture = try TransformFixture("large")
    let transform = SpinTransform<Double>(grid: Self.grid, spin: 2, lmax: Self.lmax)
    let f = transform.synthesis(
      SpinCoefficients(e: coefficients(2, spin: 2), b: coefficients(3, spin: 2)), threads: 2)
    check(
      try samples(f.q, fixture) + samples(f.u, fixture),
      try samples(f.q, fixture, shift: 1) + samples(f.u, fixture, shift: 1),
      try fixture.doubles("spin2.synthesis"), "synthesis")
    let a = try transform.adjointSynthesis(SpinFields(q: field(5), u: field(6)), threads: 2)
    check(
      try samples(a.e, fixture) + samples(a.b, fixture),
      try samples(a.e, fixture, shift: 1) + samples(a.b, fixture, shift: 1),
      try fixture.doubles("spin2.adjoint"), "adjoint")
  }
}
