import SphereGrids
import Testing
import Verification

@testable import HarmonicTransforms

@Suite("Pseudo-inverse of synthesis")
struct PseudoInverseTests {
  /// A⁺ S = 1 over the free numbers: a field that synthesis makes of coefficients gives them back,
  /// `[(l, m)][re, im][point]`. The grid resolves all degrees well, so that rounding is that of
  /// sums of 48 terms. Control: without the last point nothing comes back.
  @Test("Coefficients of a synthesised field come back")
  func inverse() throws {
    let lmax = 3
    let transform = DirectTransform(grid: try HealpixGrid(nside: 2), lmax: lmax)
    var numbers = TestNumbers(seed: 77)
    var a = CoefficientStack<Double>(lmax: lmax)
    for place in freeNumbers(lmax: lmax, mmax: lmax, firstDegree: 0) {
      a.values[place] = numbers.normal()
    }
    let field = transform.synthesis(a).values
    let points = field.count
    let inverse = try transform.pseudoInverse()
    #expect(inverse.count == a.values.count * points)
    func coefficients(points used: Int) -> [Double] {
      a.values.indices.map { place in
        (0..<used).reduce(0) { $0 + inverse[place * points + $1] * field[$1] }
      }
    }
    #expect(relativeError(coefficients(points: points), a.values) <= 1e-13)
    #expect(relativeError(coefficients(points: points - 1), a.values) > 1e-3)
  }

  /// As many values as unknowns are enough: one ring of one point has a_00 = f √4π.
  @Test("One value, one unknown")
  func one() throws {
    let grid = GaussLegendreGrid(ringCount: 1, longitudeCount: 1)
    let analysis = try LeastSquaresAnalysis<Double>(grid: grid, lmax: 0)
    let a = try analysis.analysis(FieldStack(grid: grid, lanes: 1, values: [2]), threads: 1)
    #expect(abs(a[0, 0].real - 2 * (4 * Double.pi).squareRoot()) <= 1e-14)
  }
}
