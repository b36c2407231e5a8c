import LinearAlgebra
import SphereGrids
import Testing
import Verification

@testable import HarmonicTransforms

@Suite("Dense matrix of spin harmonics")
struct SpinHarmonicMatrixTests {
  /// The matrix times the orthonormal coefficients is synthesis at the chosen points: √2 a_lm for m
  /// > 0.
  @Test("Equals synthesis", arguments: [1, 2])
  func synthesis(spin: Int) throws {
    let grid = try HealpixGrid(nside: 4)
    let c = SpinCase(TransformCase(grid, lmax: 9, lanes: 1), spin: spin)
    let transform: SpinTransform<Double> = c.transform()
    let points = [0, 3, 17, 60, 100, 191]
    let matrix = try SpinHarmonicMatrix(transform, points: points)
    let a: SpinCoefficients<Double> = c.coefficients(seed: 1)
    let x = matrix.columns.map { column in
      let stack = column.kind == 0 ? a.e : a.b
      let value = stack[column.l, column.m]
      return (column.m == 0 ? 1 : 2.0.squareRoot())
        * (column.part == 0 ? value.real : value.imaginary)
    }
    #expect(x.count == 2 * (100 - spin * spin))
    let f = transform.synthesis(a)
    let expected = points.map { f.q.values[$0] } + points.map { f.u.values[$0] }
    let bound = RoundingBound.probable(operations: 8 * x.count)
    #expect(relativeError(matrix.matrix.multiplied(by: x), expected) <= bound)
    let swapped = points.map { f.u.values[$0] } + points.map { f.q.values[$0] }
    #expect(relativeError(matrix.matrix.multiplied(by: x), swapped) > 1000 * bound)
  }

  /// A stop that is asked for ends the work; without one there is a matrix.
  @Test("Stops")
  func stops() throws {
    let transform = SpinTransform<Double>(grid: try HealpixGrid(nside: 2), spin: 2, lmax: 4)
    #expect(throws: LinearAlgebraError.interrupted) {
      try SpinHarmonicMatrix(
        transform, points: [0], progress: WorkProgress(isStopped: { true }))
    }
    let progress = WorkProgress(isStopped: { false })
    #expect(try SpinHarmonicMatrix(transform, points: [0], progress: progress).matrix.rows == 2)
  }

  /// Columns are orthonormal over an exact grid: Σ_p w_p (u_Q u'_Q + u_U u'_U) = δ.
  @Test("Orthonormal columns")
  func orthonormal() throws {
    let grid = GaussLegendreGrid(lmax: 6)
    let transform = SpinTransform<Double>(grid: grid, spin: 2, lmax: 6)
    let matrix = try SpinHarmonicMatrix(transform, points: Array(0..<grid.pointCount))
    let weights = grid.rings.flatMap { [Double](repeating: $0.weight, count: $0.count) }
    let n = matrix.columns.count
    var product = [Double](repeating: 0, count: n * n)
    for row in 0..<matrix.matrix.rows {
      let weight = weights[row % grid.pointCount]
      for i in 0..<n {
        for j in 0..<n {
          product[i * n + j] += weight * matrix.matrix[row, i] * matrix.matrix[row, j]
        }
      }
    }
    let identity = (0..<n * n).map { $0 / n == $0 % n ? 1.0 : 0 }
    #expect(
      relativeError(product, identity)
        <= RoundingBound.probable(operations: matrix.matrix.rows))
  }
}
