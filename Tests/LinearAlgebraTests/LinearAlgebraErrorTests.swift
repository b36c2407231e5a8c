import Foundation
import Testing
import Verification

@testable import LinearAlgebra

@Suite("Linear algebra refuses what it cannot do")
struct LinearAlgebraErrorTests {

  /// The pivot named is the first row whose leading minor is not positive.
  @Test("Not positive definite, at every row", arguments: 0..<6)
  func pivot(row: Int) throws {
    var a = positiveDefinite(order: 6, seed: 31)
    a[row, row] = -1
    #expect(throws: LinearAlgebraError.notPositiveDefinite(pivot: row, order: 6)) {
      try CholeskyFactor(a)
    }
  }

  /// A repeated row and column makes the matrix singular; integers keep the pivot exactly zero.
  @Test("Singular")
  func singular() throws {
    let a = Matrix(rows: 3, columns: 3, storage: [1, 1, 0, 1, 1, 0, 0, 0, 1])
    #expect(throws: LinearAlgebraError.notPositiveDefinite(pivot: 1, order: 3)) {
      try CholeskyFactor(a)
    }
  }

  @Test("Shapes, symmetry, numbers that are not finite")
  func refusals() throws {
    let rectangular = Matrix(rows: 2, columns: 3)
    #expect(throws: LinearAlgebraError.self) { try CholeskyFactor(rectangular) }
    #expect(throws: LinearAlgebraError.self) { try SymmetricEigendecomposition(rectangular) }
    let skew = Matrix(rows: 2, columns: 2, storage: [2, 1, 0, 2])
    #expect(throws: LinearAlgebraError.self) { try CholeskyFactor(skew) }
    #expect(throws: LinearAlgebraError.self) { try SymmetricEigendecomposition(skew) }
    let broken = Matrix(rows: 2, columns: 2, storage: [2, .nan, .nan, 2])
    #expect(throws: LinearAlgebraError.self) { try CholeskyFactor(broken) }
    #expect(throws: LinearAlgebraError.self) { try SymmetricEigendecomposition(broken) }
    #expect(throws: LinearAlgebraError.self) { try LeastSquaresSolution(broken, broken) }
    #expect(throws: LinearAlgebraError.self) {
      try SymmetricEigendecomposition(diagonal: [1, 2], offDiagonal: [.infinity])
    }
    let factor = try CholeskyFactor(Matrix.identity(2))
    #expect(throws: LinearAlgebraError.self) { try factor.solve([1, 2, 3]) }
    #expect(throws: LinearAlgebraError.self) { try factor.solve([1, .nan]) }
    #expect(throws: LinearAlgebraError.self) {
      try LeastSquaresSolution(Matrix.identity(2), Matrix.identity(3))
    }
  }

  /// Rounding in the sums that made a matrix must not be mistaken for an asymmetry.
  @Test("An asymmetry of one rounding is accepted")
  func roundingIsAccepted() throws {
    var a = positiveDefinite(order: 5, seed: 32)
    a[3, 1] = a[1, 3].nextUp
    _ = try CholeskyFactor(a)
  }

  @Test("Messages say what was found and what to do")
  func messages() {
    let text = LinearAlgebraError.notPositiveDefinite(pivot: 4, order: 9).description
    #expect(text.contains("9 x 9") && text.contains("row 4") && text.contains("floor"))
    let asymmetric = LinearAlgebraError.notSymmetric(
      operation: "X", row: 2, column: 1, lower: 0.5, upper: 0.25)
    #expect(asymmetric.description.contains("0.5 at (2, 1)"))
  }
}
