import Kernels
import SphereGrids
import Testing
import Verification

@testable import HarmonicTransforms

@Suite("Transforms refuse")
struct TransformErrorTests {
  @Test("Degrees beyond the grid's quadrature")
  func degreeBeyondGrid() throws {
    let grid = GaussLegendreGrid(ringCount: 6, longitudeCount: 20)
    let transform = ScalarTransform<Double>(grid: grid, lmax: 6)
    let f = FieldStack<Double>(grid: grid)
    let error = #expect(throws: HarmonicTransformError.self) { try transform.analysis(f) }
    #expect(error == .degreeBeyondGrid(grid: grid.name, lmax: 6, exact: 5))
    #expect("\(try #require(error))".contains("lmax ≤ 5"))
    _ = try transform.analysis(f, .lossy)
    _ = try ScalarTransform<Double>(grid: grid, lmax: 5).analysis(f)
    // HEALPix has no degree at all that equal weights carry exactly, but for the mean.
    let healpix = try HealpixGrid(nside: 2)
    #expect(throws: HarmonicTransformError.degreeBeyondGrid(grid: healpix.name, lmax: 1, exact: 0))
    {
      try ScalarTransform<Float>(grid: healpix, lmax: 1).analysis(FieldStack(grid: healpix))
    }
  }

  @Test("A field on another grid")
  func otherGrid() throws {
    let grid = try HealpixGrid(nside: 2)
    let other = FieldStack<Double>(grid: try HealpixGrid(nside: 1))
    let expected = HarmonicTransformError.otherGrid(found: "HEALPix nside 1", expected: grid.name)
    let transform = ScalarTransform<Double>(grid: grid, lmax: 2)
    #expect(throws: expected) { try transform.analysis(other, .lossy) }
    #expect(throws: expected) { try transform.adjointSynthesis(other) }
    #expect(throws: expected) {
      try LeastSquaresAnalysis<Double>(grid: grid, lmax: 2).analysis(other)
    }
  }

  /// Two sets of rings with one name and as many points are two grids: a field on one is refused
  /// on the other, by every transform and analysis. Control: equal rings, made twice, are one grid.
  @Test("A field on other rings of the same name")
  func otherRings() throws {
    let (grid, other, same) = (ShiftedGrid(), ShiftedGrid(step: 0.2), ShiftedGrid())
    #expect(other.name == grid.name && other.pointCount == grid.pointCount)
    let expected = HarmonicTransformError.otherGrid(found: grid.name, expected: grid.name)
    #expect("\(expected)".contains("other rings"))
    let scalar = ScalarTransform<Double>(grid: grid, lmax: 3)
    let fit = try LeastSquaresAnalysis<Double>(grid: grid, lmax: 3)
    let weighted = WeightedAnalysis(
      scalar, try QuadratureWeights.perRing(grid: grid, degree: 3, mmax: 3))
    func analyses(_ f: FieldStack<Double>) throws {
      _ = try scalar.analysis(f, .lossy)
      _ = try scalar.adjointSynthesis(f)
      _ = try fit.analysis(f)
      _ = try weighted.analysis(f)
    }
    try analyses(FieldStack(grid: same))
    let f = FieldStack<Double>(grid: other)
    #expect(throws: expected) { try scalar.analysis(f, .lossy) }
    #expect(throws: expected) { try scalar.adjointSynthesis(f) }
    #expect(throws: expected) { try fit.analysis(f) }
    #expect(throws: expected) { try weighted.analysis(f) }
    let spin = SpinTransform<Double>(grid: grid, lmax: 3)
    _ = try spin.analysis(SpinFields(grid: same), .lossy)
    #expect(throws: expected) { try spin.analysis(SpinFields(grid: other), .lossy) }
    #expect(throws: expected) { try spin.adjointSynthesis(SpinFields(grid: other)) }
  }

  @Test("A value that is not finite", arguments: [Double.nan, .infinity, -.infinity])
  func notFinite(_ value: Double) throws {
    let grid = try HealpixGrid(nside: 2)
    var f = FieldStack<Double>(grid: grid, lanes: 3)
    f.values[17 * 3 + 2] = value
    let transform = ScalarTransform<Double>(grid: grid, lmax: 2)
    let expected = HarmonicTransformError.notFinite(point: 17, lane: 2)
    #expect(throws: expected) { try transform.analysis(f, .lossy) }
    #expect(throws: expected) { try transform.adjointSynthesis(f) }
    #expect(throws: expected) {
      try LeastSquaresAnalysis<Double>(grid: grid, lmax: 2).analysis(f)
    }
  }

  /// Too many unknowns; and few enough of them, but an order that the rings cannot tell from
  /// another.
  @Test("Points that do not determine the coefficients")
  func singularAnalysis() throws {
    let grid = try HealpixGrid(nside: 2)
    let error = #expect(throws: HarmonicTransformError.self) {
      try LeastSquaresAnalysis<Double>(grid: grid, lmax: 6)
    }
    #expect(
      error
        == .singularAnalysis(
          grid: grid.name, lmax: 6, reason: "49 unknowns from 48 values"))
    let rings = GaussLegendreGrid(ringCount: 12, longitudeCount: 8)
    let folded = #expect(throws: HarmonicTransformError.self) {
      try LeastSquaresAnalysis<Float>(grid: rings, lmax: 8)
    }
    guard case .singularAnalysis(_, 8, let reason) = folded else {
      Issue.record("\(String(describing: folded))")
      return
    }
    #expect(reason.contains("condition") || reason.contains("positive definite"))
  }
}
