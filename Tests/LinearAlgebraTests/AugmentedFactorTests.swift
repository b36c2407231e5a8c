import Foundation
import Kernels
import LinearAlgebra
import Testing
import Verification

@Suite("Blocked factorisation with right-hand sides")
struct AugmentedFactorTests {

  /// X Xᵀ + n 1 of a random n × n matrix X: eigenvalues between n and about 5 n.
  private func positiveMatrix(_ n: Int, seed: UInt64) -> Matrix {
    var numbers = TestNumbers(seed: seed)
    let x = Matrix(rows: n, columns: n, storage: numbers.normals(n * n))
    var a = x.multiplied(by: x.transposed)
    for i in 0..<n { a[i, i] += Double(n) }
    for i in 0..<n {
      for j in 0..<i { a[i, j] = a[j, i] }
    }
    return a
  }

  private func factored(
    _ a: Matrix, _ b: Matrix, threads: Int = 1
  ) throws -> (u: Matrix, x: Matrix, logDeterminant: Double) {
    let n = a.rows
    let stride = paddedLaneStride(n + b.columns, of: Double.self)
    let matrix = AlignedBuffer<Double>(count: n * stride)
    for i in 0..<n {
      for j in i..<n { matrix[i * stride + j] = a[i, j] }
      // Nothing below the diagonal is read.
      for j in 0..<i { matrix[i * stride + j] = .nan }
      for j in 0..<b.columns { matrix[i * stride + n + j] = b[i, j] }
    }
    let logDeterminant = try factorAugmented(
      matrix, order: n, extra: b.columns, stride: stride, threads: threads)
    let u = Matrix(rows: n, columns: n) { i, j in j < i ? 0 : matrix[i * stride + j] }
    let x = Matrix(rows: n, columns: b.columns) { i, j in matrix[i * stride + n + j] }
    return (u, x, logDeterminant)
  }

  /// Against LAPACK's factor of the whole matrix, with condition numbers below 10: both are within
  /// (n + 1) u of the exact factor; the inverted diagonal blocks double that.
  /// Blind to: condition numbers of real covariances, for which PixelFullSkyTests.
  @Test("Against LAPACK", arguments: [1, 5, 96, 97, 250])
  func definition(n: Int) throws {
    let a = positiveMatrix(n, seed: UInt64(n))
    var numbers = TestNumbers(seed: 332)
    let b = Matrix(rows: n, columns: 3, storage: numbers.normals(3 * n))
    let reference = try CholeskyFactor(a)
    let found = try factored(a, b)
    let bound = 3 * 10 * RoundingBound.certain(operations: n + 1)
    #expect(relativeError(found.u.storage, reference.lower.transposed.storage) <= bound)
    #expect(relativeError(found.x.storage, try reference.whitened(b).storage) <= bound)
    #expect(
      abs(found.logDeterminant - reference.logDeterminant)
        <= bound * (abs(reference.logDeterminant) + Double(n)))
    // Negative control: the right-hand sides as they were.
    if n > 1 { #expect(relativeError(found.x.storage, b.storage) > 1000 * bound) }
  }

  @Test("Threads do not matter")
  func threads() throws {
    let a = positiveMatrix(230, seed: 333)
    var numbers = TestNumbers(seed: 334)
    let b = Matrix(rows: 230, columns: 700, storage: numbers.normals(230 * 700))
    let one = try factored(a, b, threads: 1)
    let three = try factored(a, b, threads: 3)
    #expect(one.u == three.u && one.x == three.x && one.logDeterminant == three.logDeterminant)
  }

  /// Both inverses are within a few times n u cond(A) of the exact one, cond(A) below 10.
  @Test("Inverse against LAPACK", arguments: [1, 5, 96, 97, 250])
  func inverse(n: Int) throws {
    let a = positiveMatrix(n, seed: UInt64(n))
    let reference = try CholeskyFactor(a).inverse()
    // Nothing below the diagonal is read.
    var upper = a
    for i in 0..<n {
      for j in 0..<i { upper[i, j] = .nan }
    }
    let found = try positiveInverse(upper, threads: 1)
    let bound = 3 * 10 * RoundingBound.certain(operations: n + 1)
    #expect(relativeError(found.storage, reference.storage) <= bound)
    #expect(found == (try positiveInverse(a, threads: 3)))
    // Negative control: the inverse of a neighbouring matrix.
    var other = a
    other[0, 0] *= 1.001
    let wrong = try positiveInverse(other, threads: 1)
    #expect(relativeError(wrong.storage, reference.storage) > 100 * bound)
  }

  @Test("An indefinite matrix is named with its row")
  func indefinite() {
    var a = positiveMatrix(120, seed: 335)
    a[110, 110] = -1
    #expect(throws: LinearAlgebraError.notPositiveDefinite(pivot: 110, order: 120)) {
      try factored(a, Matrix(rows: 120, columns: 1))
    }
    #expect(throws: LinearAlgebraError.notPositiveDefinite(pivot: 110, order: 120)) {
      try positiveInverse(a, threads: 1)
    }
  }
}
