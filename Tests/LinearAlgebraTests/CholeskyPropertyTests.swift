import Foundation
import Testing
import Verification

@testable import LinearAlgebra

/// A positive definite matrix G Gᵀ + n 1 with normal G: its condition number is about 5.
func positiveDefinite(order: Int, seed: UInt64) -> Matrix {
  var numbers = TestNumbers(seed: seed)
  let g = Matrix(rows: order, columns: order, storage: numbers.normals(order * order))
  var a = g.multiplied(by: g.transposed)
  for i in 0..<order {
    a[i, i] += Double(order)
  }
  return a
}

@Suite("Cholesky factorisation")
struct CholeskyPropertyTests {

  /// A = L Lᵀ. The error of the factor is (n + 1) u ‖L‖_F² [Higham2002, theorem 10.3], and the
  /// product taken here adds n u ‖L‖_F² more. Blind to: a wrong matrix in both places.
  @Test("The factor times its transpose", arguments: [1, 2, 7, 40])
  func factorReproducesTheMatrix(order: Int) throws {
    let a = positiveDefinite(order: order, seed: 1)
    let factor = try CholeskyFactor(a)
    let bound =
      Double(2 * order + 1) * Double.ulpOfOne * factor.lower.norm * factor.lower.norm / a.norm
    let product = factor.lower.multiplied(by: factor.lower.transposed)
    #expect(relativeError(product.storage, a.storage) <= bound)

    // Negative control: the factor the other way round, Lᵀ L.
    if order > 1 {
      let reversed = factor.lower.transposed.multiplied(by: factor.lower)
      #expect(relativeError(reversed.storage, a.storage) > 1000 * bound)
    }
  }

  /// ‖A x − b‖ ≤ 3 (n + 1) u ‖A‖ ‖x‖: the solution is exact for a matrix that near
  /// [Higham2002, theorem 10.4]. Blind to: an error of x along nearly null directions of A.
  @Test("Residual of solutions, several right-hand sides", arguments: [1, 5, 33])
  func residual(order: Int) throws {
    var numbers = TestNumbers(seed: 2)
    let a = positiveDefinite(order: order, seed: 3)
    let b = Matrix(rows: order, columns: 3, storage: numbers.normals(order * 3))
    let x = try CholeskyFactor(a).solve(b)
    let bound = 3 * Double(order + 1) * Double.ulpOfOne * a.norm * x.norm
    let residual = Comparison(a.multiplied(by: x).storage, with: b.storage)
    #expect(residual.relativeL2 * b.norm <= bound, "\(residual)")

    // Negative control: one element of the solution wrong in the fifth digit.
    var wrong = x
    wrong[0, 0] *= 1 + 1e-5
    let control = Comparison(a.multiplied(by: wrong).storage, with: b.storage)
    #expect(control.relativeL2 * b.norm > 1000 * bound)
  }

  /// A A⁻¹ = 1 with the error κ(A) n u; ‖A‖ ‖A⁻¹‖ in the Frobenius norm is an upper bound on κ.
  @Test("Inverse", arguments: [1, 6, 30])
  func inverse(order: Int) throws {
    let a = positiveDefinite(order: order, seed: 4)
    let inverse = try CholeskyFactor(a).inverse()
    let bound = 4 * Double(order) * Double.ulpOfOne * a.norm * inverse.norm
    let comparison = Comparison(
      a.multiplied(by: inverse).storage, with: Matrix.identity(order).storage)
    #expect(comparison.largestAbsolute <= bound, "\(comparison)")
    if order > 1 {
      // Negative control: the lower triangle alone.
      var half = inverse
      half[0, order - 1] = 0
      let control = Comparison(
        a.multiplied(by: half).storage, with: Matrix.identity(order).storage)
      #expect(control.largestAbsolute > 1000 * bound)
    }
  }

  /// ln det of the n × n matrix with elements min(i, j) is 0 for every n; its factor is the matrix
  /// of ones below the diagonal, so every number is an integer and the answer is exact.
  @Test("Determinant and factor of the matrix min(i, j)", arguments: [1, 4, 20])
  func minimumMatrix(order: Int) throws {
    let a = Matrix(rows: order, columns: order) { i, j in Double(min(i, j) + 1) }
    let factor = try CholeskyFactor(a)
    #expect(factor.lower == Matrix(rows: order, columns: order) { i, j in i >= j ? 1 : 0 })
    #expect(factor.logDeterminant == 0)
    var scaled = a
    scaled[order - 1, order - 1] += 3
    #expect(try CholeskyFactor(scaled).logDeterminant == 2 * log(2.0))
  }

  /// Whitening: L⁻¹ A L⁻ᵀ = 1, to κ(A) n u. Blind to: a rotation of the white vector.
  @Test("Whitening")
  func whitening() throws {
    let a = positiveDefinite(order: 12, seed: 5)
    let factor = try CholeskyFactor(a)
    let once = try factor.whitened(a)
    let twice = try factor.whitened(once.transposed)
    let bound = 4 * 12 * Double.ulpOfOne * a.norm * (try factor.inverse().norm)
    let comparison = Comparison(twice.storage, with: Matrix.identity(12).storage)
    #expect(comparison.largestAbsolute <= bound, "\(comparison)")
    let control = Comparison(once.storage, with: Matrix.identity(12).storage)
    #expect(control.largestAbsolute > 1000 * bound)
  }
}
