import Kernels
import LinearAlgebra
import SphereGrids
import Testing
import Verification

@testable import HarmonicTransforms

@Suite("Analysis by interpolation against its definition")
struct EquiangularAnalysisDefinitionTests {
  static let grids = [
    ClenshawCurtisGrid(ringCount: 2, longitudeCount: 2),
    ClenshawCurtisGrid(ringCount: 3, longitudeCount: 4),
    ClenshawCurtisGrid(ringCount: 8, longitudeCount: 14),
    ClenshawCurtisGrid(ringCount: 9, longitudeCount: 20),
    ClenshawCurtisGrid(ringCount: 20, longitudeCount: 36),
  ]

  /// The dense matrices equal Fourier series along great circles, for any field: band-limited or
  /// not.
  ///
  /// A value halfway is a sum of 2N samples in either form, of the series with 2N² waves. Random
  /// signs: 8 √(2N) u, relative to the field's norm.
  /// Blind to: what both take for granted, that opposite meridians join with the sign (−1)^s
  /// (EquiangularAnalysisPropertyTests).
  @Test("Interpolation", arguments: grids, [0, 1, 2])
  func interpolation(grid: ClenshawCurtisGrid, spin: Int) {
    let f: FieldStack<Double> = TransformCase(grid, lmax: 0).field(seed: 601)
    let slow = interpolatedByDefinition(f, spin: spin)
    let fast = MeridianInterpolation<Double>(from: grid, spin: spin).interpolated(f)
    let operations = 2 * Double(grid.ringCount)
    let bound = 8 * operations.squareRoot() * RoundingBound.unitRoundoff()
    let comparison = Comparison(fast.values, with: slow.values)
    #expect(fast.grid.name == slow.grid.name)
    #expect(comparison.relativeL2 <= bound, "\(grid.name): \(comparison)")
    let single = MeridianInterpolation<Float>(from: grid, spin: spin).interpolated(f.rounded())
    let rounded = Comparison(single.values, with: slow.values)
    #expect(rounded.relativeL2 <= bound * 0x1p29, "\(grid.name) in Float: \(rounded)")
    // Negative control: the other sign on the far side of the poles.
    let other = MeridianInterpolation<Double>(from: grid, spin: spin + 1).interpolated(f)
    #expect(relativeError(other.values, slow.values) > 1000 * bound)
  }

  /// The whole analysis equals direct sums over the interpolated field, for any field.
  /// Bound: as for the transforms, 8 √points u.
  @Test("Coefficients of any field", arguments: grids)
  func coefficients(grid: ClenshawCurtisGrid) throws {
    let lmax = EquiangularAnalysis<Double>.largestDegree(on: grid)
    let f: FieldStack<Double> = TransformCase(grid, lmax: lmax).field(seed: 602)
    let fast = try EquiangularAnalysis<Double>(grid: grid, lmax: lmax).analysis(f)
    let fine = interpolatedByDefinition(f)
    let slow = DirectTransform(grid: fine.grid, lmax: lmax).analysis(fine)
    let bound = 8 * Double(fine.grid.pointCount).squareRoot() * RoundingBound.unitRoundoff()
    let comparison = Comparison(fast.values, with: slow.values)
    #expect(comparison.relativeL2 <= bound, "\(grid.name): \(comparison)")
    // Negative control: the quadrature of the grid itself is another estimate of such a field.
    if lmax > grid.exactAnalysisDegree {
      let quadrature = DirectTransform(grid: grid, lmax: lmax).analysis(f)
      #expect(relativeError(quadrature.values, slow.values) > 1000 * bound)
    }
  }

  /// The same for Q and U with spin 1 and 2.
  @Test("Coefficients of any spin field", arguments: grids, [1, 2])
  func spinCoefficients(grid: ClenshawCurtisGrid, spin: Int) throws {
    let lmax = EquiangularAnalysis<Double>.largestDegree(on: grid)
    guard lmax >= spin else { return }
    let f: SpinFields<Double> = SpinCase(TransformCase(grid, lmax: lmax, lanes: 1), spin: spin)
      .fields(seed: 603)
    let fast = try SpinEquiangularAnalysis<Double>(grid: grid, spin: spin, lmax: lmax).analysis(f)
    let fine = SpinFields(
      q: interpolatedByDefinition(f.q, spin: spin), u: interpolatedByDefinition(f.u, spin: spin))
    let slow = DirectSpinTransform(grid: fine.q.grid, spin: spin, lmax: lmax).analysis(fine)
    let bound = 8 * Double(2 * fine.q.grid.pointCount).squareRoot() * RoundingBound.unitRoundoff()
    let comparison = Comparison(fast.values, with: slow.values)
    #expect(comparison.relativeL2 <= bound, "\(grid.name): \(comparison)")
    let flipped = try SpinEquiangularAnalysis<Double>(grid: grid, spin: spin, lmax: lmax)
      .analysis(f.flippingU)
    #expect(relativeError(flipped.values, slow.values) > 1000 * bound)
  }

  /// Of a band-limited field both this analysis and dense least squares by LAPACK find the
  /// coefficients. The error of the fit is rounding times its condition number, for random signs 4
  /// √(unknowns + points) u of it.
  @Test("Dense least squares", arguments: grids.dropLast())
  func denseLeastSquares(grid: ClenshawCurtisGrid) throws {
    let lmax = EquiangularAnalysis<Double>.largestDegree(on: grid)
    let c = TransformCase(grid, lmax: lmax, lanes: 2)
    let a: CoefficientStack<Double> = c.coefficients(seed: 604)
    let direct = DirectTransform(grid: grid, lmax: lmax)
    let f = direct.synthesis(a)
    let fitted = try direct.leastSquares(f)
    let singular = try LeastSquaresSolution(
      direct.synthesisMatrix, Matrix(rows: grid.pointCount, columns: 1)
    ).singularValues
    let found = try EquiangularAnalysis<Double>(grid: grid, lmax: lmax).analysis(f)
    let bound =
      singular[0] / singular[singular.count - 1]
      * RoundingBound.probable(operations: (lmax + 1) * (lmax + 1) + grid.pointCount)
    let comparison = Comparison(found.values, with: fitted.values)
    #expect(comparison.relativeL2 <= bound, "\(grid.name): \(comparison)")
    if lmax > grid.exactAnalysisDegree {
      let quadrature = try ScalarTransform<Double>(grid: grid, lmax: lmax).analysis(f, .lossy)
      #expect(relativeError(quadrature.values, fitted.values) > 1000 * bound)
    }
  }
}
