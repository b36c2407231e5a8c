import Testing
import Verification

@Suite("Transpose check")
struct AdjointCheckTests {

  /// A random matrix (rows, columns), row by row.
  static func matrix(rows: Int, columns: Int) -> [Double] {
    var numbers = TestNumbers(seed: 21)
    return numbers.normals(rows * columns)
  }

  /// y_i = Σ_k M_ik x_k in the precision of x.
  static func product<T: BinaryFloatingPoint>(
    _ matrix: [Double], rows: Int, columns: Int, _ x: [T]
  ) -> [T] {
    (0..<rows).map { i in
      (0..<columns).reduce(T.zero) { $0 + T(matrix[i * columns + $1]) * x[$1] }
    }
  }

  /// x_k = Σ_i M_ik y_i.
  static func transposedProduct<T: BinaryFloatingPoint>(
    _ matrix: [Double], rows: Int, columns: Int, _ y: [T]
  ) -> [T] {
    (0..<columns).map { k in
      (0..<rows).reduce(T.zero) { $0 + T(matrix[$1 * columns + k]) * y[$1] }
    }
  }

  static func check<T: BinaryFloatingPoint>(
    _ type: T.Type, rows: Int, columns: Int, seed: UInt64,
    breaking fault: ([T]) -> [T] = { $0 }
  ) -> AdjointCheck {
    let m = matrix(rows: rows, columns: columns)
    return AdjointCheck(
      inputCount: columns, outputCount: rows, terms: max(rows, columns), seed: seed,
      forward: { (x: [T]) in product(m, rows: rows, columns: columns, x) },
      transpose: { fault(transposedProduct(m, rows: rows, columns: columns, $0)) })
  }

  /// ⟨M x, y⟩ = ⟨x, Mᵀ y⟩ within the rounding of four random walks, in both precisions.
  @Test("A matrix and its transpose", arguments: [(3, 3), (40, 7), (7, 200)], UInt64(0)..<5)
  func transpose(_ shape: (Int, Int), _ seed: UInt64) {
    let (rows, columns) = shape
    for check in [
      AdjointCheckTests.check(Double.self, rows: rows, columns: columns, seed: seed),
      AdjointCheckTests.check(Float.self, rows: rows, columns: columns, seed: seed),
    ] {
      #expect(check.mismatch <= check.roundingBound, "seed \(seed): \(check)")
    }
  }

  /// Usual faults of a transpose exceed the bound a thousandfold: a sign, a factor, half of the
  /// terms, a reversed order, one element lost.
  @Test("Negative controls", arguments: UInt64(0)..<5)
  func faults(_ seed: UInt64) {
    let faults: [(String, ([Double]) -> [Double])] = [
      ("sign", { $0.map { -$0 } }),
      ("factor 2", { $0.map { 2 * $0 } }),
      ("half of the odd elements", { $0.enumerated().map { $0 % 2 == 0 ? $1 : $1 / 2 } }),
      ("reversed", { $0.reversed() }),
      ("one element lost", { $0.dropLast() + [0] }),
    ]
    for (name, fault) in faults {
      let check = AdjointCheckTests.check(
        Double.self, rows: 20, columns: 30, seed: seed, breaking: fault)
      #expect(check.mismatch > 1000 * check.roundingBound, "\(name), seed \(seed): \(check)")
    }
  }

  /// What cannot be compared is refused.
  @Test("Refusals")
  func refusals() {
    let shapes = AdjointCheck(image: [1.0], y: [1, 2], x: [1], transposed: [1], terms: 1)
    let empty = AdjointCheck(image: [Double](), y: [], x: [], transposed: [], terms: 1)
    let notFinite = AdjointCheck(image: [Double.nan], y: [1], x: [1], transposed: [1], terms: 1)
    let infinite = AdjointCheck(image: [1.0], y: [1], x: [1], transposed: [.infinity], terms: 1)
    let vanishing = AdjointCheck(image: [0.0], y: [1], x: [1], transposed: [0], terms: 1)
    for check in [shapes, empty, notFinite, infinite, vanishing] {
      #expect(check.mismatch == .infinity, "\(check)")
      #expect(check.failure != nil)
    }
  }
}
