import Foundation
import Testing
import Verification

@testable import LinearAlgebra

@Suite("Symmetric eigen-decomposition")
struct EigenPropertyTests {

  /// A V = V Λ and VᵀV = 1, each to p(n) u with p(n) taken as 4 n: divide and conquer is backward
  /// stable with a modest polynomial. Blind to: the order of equal eigenvalues.
  @Test("Full matrix", arguments: [1, 2, 9, 40])
  func fullMatrix(order: Int) throws {
    let a = positiveDefinite(order: order, seed: 11)
    let eigen = try SymmetricEigendecomposition(a)
    let bound = 4 * Double(order) * Double.ulpOfOne
    let left = a.multiplied(by: eigen.vectors)
    let right = Matrix(rows: order, columns: order) { i, j in
      eigen.vectors[i, j] * eigen.values[j]
    }
    #expect(Comparison(left.storage, with: right.storage).relativeL2 <= bound)
    let gram = eigen.vectors.transposed.multiplied(by: eigen.vectors)
    #expect(Comparison(gram.storage, with: Matrix.identity(order).storage).relativeL2 <= bound)
    #expect(eigen.values == eigen.values.sorted())

    // Negative control: rows taken for columns.
    if order > 2 {
      let transposed = a.multiplied(by: eigen.vectors.transposed)
      let scaled = Matrix(rows: order, columns: order) { i, j in
        eigen.vectors[j, i] * eigen.values[j]
      }
      #expect(Comparison(transposed.storage, with: scaled.storage).relativeL2 > 1000 * bound)
    }
  }

  /// The second-difference matrix (2 on the diagonal, −1 beside it) has the eigenvalues
  /// 4 sin²(k π / 2(n + 1)), k = 1...n. Backward stability bounds the absolute error by n u ‖A‖
  /// with ‖A‖ < 4; both routines must agree with the formula. Blind to: eigenvectors.
  @Test("Known eigenvalues, full and tridiagonal", arguments: [1, 2, 10, 64])
  func secondDifference(order: Int) throws {
    let a = Matrix(rows: order, columns: order) { i, j in
      i == j ? 2 : (abs(i - j) == 1 ? -1 : 0)
    }
    let expected = (1...order).map { k in
      4 * pow(sin(Double(k) * .pi / Double(2 * (order + 1))), 2)
    }
    let bound = 4 * Double(order) * Double.ulpOfOne
    let full = try SymmetricEigendecomposition(a)
    let tridiagonal = try SymmetricEigendecomposition(
      diagonal: [Double](repeating: 2, count: order),
      offDiagonal: [Double](repeating: -1, count: order - 1))
    #expect(Comparison(full.values, with: expected).largestAbsolute <= bound)
    #expect(Comparison(tridiagonal.values, with: expected).largestAbsolute <= bound)

    // Negative control: the eigenvalues of the next larger matrix, 4 sin²(k π / 2(n + 2)).
    let shifted = (1...order).map { k in
      4 * pow(sin(Double(k) * .pi / Double(2 * (order + 2))), 2)
    }
    #expect(Comparison(full.values, with: shifted).largestAbsolute > 1000 * bound)
  }

  /// The Legendre recurrence x P_k = β_{k+1} P_{k+1} + β_k P_{k−1}, β_k = k / √(4k² − 1), gives the
  /// Gauss-Legendre rule [GolubWelsch1969], exact for even powers up to 2n − 2 and wrong for 2n.
  /// The nodes carry n u; a power 2n − 2 of them carries 2n times that.
  @Test("Gauss-Legendre nodes and weights", arguments: [2, 8, 24])
  func gaussLegendre(count: Int) throws {
    let beta: [Double] = (1..<count).map { k in Double(k) / Double(4 * k * k - 1).squareRoot() }
    let eigen = try SymmetricEigendecomposition(
      diagonal: [Double](repeating: 0, count: count), offDiagonal: beta)
    let weights: [Double] = (0..<count).map { k in
      let first = eigen.vectors[0, k]
      return 2 * first * first
    }
    func error(power: Int) -> Double {
      var sum = 0.0
      for (node, weight) in zip(eigen.values, weights) {
        sum += weight * pow(node, Double(power))
      }
      return abs(sum - 2 / Double(power + 1))
    }
    let rounding = 8 * Double(count) * Double.ulpOfOne
    for power in stride(from: 0, through: 2 * count - 2, by: 2) {
      let bound = rounding * Double(power + 1)
      #expect(error(power: power) <= bound)
    }
    // Negative control: one power further. The exact error is 2^(2n+1) (n!)^4 / ((2n+1) (2n)!²),
    // about π/4^n, which for n = 24 is below rounding.
    if count < 10 {
      #expect(error(power: 2 * count) > 1000 * rounding)
    }
  }
}
