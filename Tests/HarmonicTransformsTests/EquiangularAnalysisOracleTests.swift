import FourierTransforms
import SphereGrids
import Testing
import Verification

@testable import HarmonicTransforms

@Suite("Analysis by interpolation against ducc0")
struct EquiangularAnalysisOracleTests {
  /// White noise, of which no harmonics are the series: the two analyses agree because both
  /// integrate the same interpolation along the meridians, for every field and not only for
  /// band-limited ones. (At lmax = rings − 2; below it ducc0 interpolates to fewer rings.)
  ///
  /// The bound is that of TransformOracleTests, 10⁻¹² for either program; `Float` rounds 2 (lmax +
  /// 8) times in its own unit.
  /// Blind to: conventions that the two programs share.
  static let bound = TransformOracleTests.bound

  private func check(_ spin: Int, _ c: TransformCase, _ values: [Double], _ reference: [Double])
    throws
  {
    guard let grid = c.grid as? ClenshawCurtisGrid else { return }
    func analysis<T: FourierScalar>(_ values: [T]) throws -> [T] {
      let half = grid.pointCount
      func stack(_ first: Int) -> FieldStack<T> {
        FieldStack(grid: grid, lanes: 1, values: Array(values[first..<first + half]))
      }
      if spin == 0 {
        return try EquiangularAnalysis<T>(grid: grid, lmax: c.lmax).analysis(stack(0)).values
      }
      return try SpinEquiangularAnalysis<T>(grid: grid, spin: spin, lmax: c.lmax)
        .analysis(SpinFields(q: stack(0), u: stack(half))).values
    }
    let comparison = Comparison(try analysis(values), with: reference)
    #expect(comparison.relativeL2 <= Self.bound, "spin \(spin), \(c): \(comparison)")
    let single = Comparison(try analysis(values.map { Float($0) }), with: reference)
    let rounding = 2 * Double(c.lmax + 8) * RoundingBound.unitRoundoff(Float.self)
    #expect(single.relativeL2 <= rounding, "spin \(spin), \(c) in Float: \(single)")
    // Negative control: the quadrature of the same rings.
    if spin == 0 && c.lmax > grid.exactAnalysisDegree {
      let f = FieldStack<Double>(grid: grid, lanes: 1, values: values)
      let plain = try ScalarTransform<Double>(grid: grid, lmax: c.lmax).analysis(f, .lossy)
      #expect(relativeError(plain.values, reference) > 1000 * Self.bound)
    }
  }

  @Test("White noise on equiangular rings")
  func whiteNoise() throws {
    let fixture = try TransformFixture("equiangular_analysis")
    let cases = fixture.tensors.names.filter { $0.hasSuffix(".field") }.map {
      String($0.dropLast(6))
    }
    #expect(cases.count == 10)
    for name in cases {
      let n = TransformFixture.numbers(name)
      let grid = ClenshawCurtisGrid(
        ringCount: try #require(n["nlat"]), longitudeCount: try #require(n["nlon"]))
      let c = TransformCase(grid, lmax: try #require(n["l"]), lanes: 1)
      try check(
        try #require(n["s"]), c, try fixture.doubles(name + ".field"),
        try fixture.doubles(name + ".analysis"))
    }
  }
}
