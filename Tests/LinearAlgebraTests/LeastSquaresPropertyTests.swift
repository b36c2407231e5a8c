import Foundation
import Testing
import Verification

@testable import LinearAlgebra

@Suite("Least squares")
struct LeastSquaresPropertyTests {

  /// At the minimum the residual is orthogonal to the columns of A: ‖Aᵀ r‖ ≤ c u ‖A‖² ‖x‖ +
  /// c u ‖A‖ ‖b‖ with c = 8 max(m, n). Blind to: a solution that is not of smallest norm.
  @Test("Normal equations", arguments: [(5, 5), (20, 4), (60, 17), (4, 9)])
  func normalEquations(rows: Int, columns: Int) throws {
    var numbers = TestNumbers(seed: 21)
    let a = Matrix(rows: rows, columns: columns, storage: numbers.normals(rows * columns))
    let b = Matrix(rows: rows, columns: 2, storage: numbers.normals(rows * 2))
    let fit = try LeastSquaresSolution(a, b)
    #expect(fit.rank == min(rows, columns))
    let bound =
      8 * Double(max(rows, columns)) * Double.ulpOfOne * a.norm
      * (a.norm * fit.solution.norm + b.norm)
    #expect(gradientNorm(a, fit.solution, b) <= bound)

    var wrong = fit.solution
    wrong[0, 0] += 1e-6
    #expect(gradientNorm(a, wrong, b) > 1000 * bound)
  }

  /// Two equal columns: the rank is one less, and the solution of smallest norm shares the
  /// coefficient equally between them. The error is κ u with κ of the retained part below 10 here.
  @Test("Rank deficiency gives the shortest solution")
  func rankDeficiency() throws {
    var numbers = TestNumbers(seed: 22)
    let (x, y) = (numbers.normals(12), numbers.normals(12))
    let a = Matrix(rows: 12, columns: 3) { i, j in j == 1 ? y[i] : x[i] }
    let b = Matrix(rows: 12, columns: 1) { i, _ in 3 * x[i] - y[i] }
    let fit = try LeastSquaresSolution(a, b)
    let bound = 10 * 8 * 12 * Double.ulpOfOne * 3
    #expect(fit.rank == 2)
    #expect(Comparison(fit.solution.storage, with: [1.5, -1, 1.5]).largestAbsolute <= bound)
    #expect(fit.residualNorms[0] <= bound * a.norm)
    // Negative control: the coefficient on one of the two columns fits as well, but is longer.
    #expect(Comparison(fit.solution.storage, with: [3, -1, 0]).largestAbsolute > 1000 * bound)
  }

  /// The residual of a straight line through (0, 0), (1, 1), (2, 0): the line is y = 1/3, the
  /// residuals are −1/3, 2/3, −1/3 and their norm √(2/3).
  @Test("Residual norm and singular values of a straight line")
  func straightLine() throws {
    let a = Matrix(rows: 3, columns: 2, storage: [1, 0, 1, 1, 1, 2])
    let b = Matrix(rows: 3, columns: 1, storage: [0, 1, 0])
    let fit = try LeastSquaresSolution(a, b)
    let bound = 8 * 3 * Double.ulpOfOne * a.norm
    #expect(abs(fit.residualNorms[0] - (2.0 / 3).squareRoot()) <= bound)
    #expect(Comparison(fit.solution.storage, with: [1.0 / 3, 0]).largestAbsolute <= bound)
    // AᵀA = [[3, 3], [3, 5]] has the eigenvalues 4 ± √10.
    let expected = [(4 + 10.0.squareRoot()).squareRoot(), (4 - 10.0.squareRoot()).squareRoot()]
    #expect(Comparison(fit.singularValues, with: expected).largestAbsolute <= bound)
    #expect(abs(fit.residualNorms[0] - 2.0 / 3) > 1000 * bound, "the square, not the norm")
  }

  /// The Hilbert matrix 1/(i + j + 1): the condition number of order 8 is 1.5e10, and the solution
  /// for b = H 1 errs by κ u; with a cutoff above the smallest singular values the rank falls
  /// short.
  @Test("Hilbert matrix")
  func hilbert() throws {
    let a = Matrix(rows: 8, columns: 8) { i, j in 1 / Double(i + j + 1) }
    let ones = [Double](repeating: 1, count: 8)
    let b = Matrix(rows: 8, columns: 1, storage: a.multiplied(by: ones))
    let fit = try LeastSquaresSolution(a, b)
    let condition = fit.singularValues[0] / fit.singularValues[7]
    // The value 1.526e10 is tabulated in [Higham2002, table 28.1]; σ_8 is known to u σ_1 only.
    #expect(abs(condition / 1.526e10 - 1) < 5e-4 + condition * 8 * Double.ulpOfOne)
    let bound = 8 * 8 * condition * Double.ulpOfOne
    #expect(Comparison(fit.solution.storage, with: ones).largestAbsolute <= bound)
    #expect(try CholeskyFactor(a).solve(b.storage).allSatisfy { abs($0 - 1) <= bound })
    #expect(try LeastSquaresSolution(a, b, reciprocalCondition: 1e-8).rank < 8)
  }

  private func gradientNorm(_ a: Matrix, _ x: Matrix, _ b: Matrix) -> Double {
    let fitted = a.multiplied(by: x)
    let residual = Matrix(rows: b.rows, columns: b.columns) { i, j in fitted[i, j] - b[i, j] }
    return a.transposed.multiplied(by: residual).norm
  }
}
