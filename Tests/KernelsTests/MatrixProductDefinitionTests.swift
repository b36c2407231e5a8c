import Testing
import Verification

@testable import Kernels

/// A shape of a product, with the strides of both factors in either order.
struct ProductCase: Sendable, CustomStringConvertible {
  var rows: Int
  var columns: Int
  var depth: Int
  var transposesA = false
  var transposesB = false
  var description: String {
    "\(rows)x\(depth)\(transposesA ? "T" : "") by \(depth)x\(columns)\(transposesB ? "T" : "")"
  }
}

@Suite("Matrix product against three loops")
struct MatrixProductDefinitionTests {
  static let cases: [ProductCase] = [1, 2, 3, 4, 5, 6, 7, 11, 13].flatMap { rows in
    [1, 7, 8, 16, 17, 33].flatMap { columns in
      [(0, false), (1, false), (5, true), (300, false), (513, true)].map {
        ProductCase(
          rows: rows, columns: columns, depth: $0.0, transposesA: $0.1,
          transposesB: columns % 2 == 1)
      }
    }
  }

  /// Both twins add the same integers, so they agree to the bit; a stray write beyond C is seen by
  /// the untouched margin. Blind to: rounding (`roundingOfLongSums` sees it).
  @Test("Integer matrices agree exactly", arguments: cases)
  func integersAgree(_ c: ProductCase) {
    check(c, as: Float.self)
    check(c, as: Double.self)
  }

  private func check<T: LaneScalar>(_ c: ProductCase, as type: T.Type) {
    var random = TestNumbers(seed: 1)
    func numbers(_ rows: Int, _ columns: Int) -> AlignedBuffer<T> {
      let buffer = AlignedBuffer<T>(count: max(rows * columns, 1))
      for i in 0..<buffer.count { buffer[i] = T(Double(random.next() % 9) - 4) }
      return buffer
    }
    func matrix(
      _ view: BufferView<T>, _ rows: Int, _ columns: Int, transposed: Bool
    ) -> MatrixView<T> {
      transposed
        ? MatrixView(view, rowStride: 1, columnStride: rows)
        : MatrixView(view, rowStride: columns)
    }
    let (aNumbers, bNumbers) = (numbers(c.rows, c.depth), numbers(c.depth, c.columns))
    withViews(aNumbers, bNumbers) { aView, bView in
      let a = matrix(aView, c.rows, c.depth, transposed: c.transposesA)
      let b = matrix(bView, c.depth, c.columns, transposed: c.transposesB)
      check(c, a, b)
    }
  }

  private func check<T: LaneScalar>(_ c: ProductCase, _ a: MatrixView<T>, _ b: MatrixView<T>) {
    let stride = c.columns + 3
    let out = AlignedBuffer<T>(count: c.rows * stride)
    for i in 0..<out.count { out[i] = 99 }
    let view = MatrixView(out.view(), rowStride: stride)
    matrixProduct(rows: c.rows, columns: c.columns, depth: c.depth, a, b, into: view)
    let expected = matrixProductByDefinition(
      rows: c.rows, columns: c.columns, depth: c.depth, a, b)
    for i in 0..<c.rows {
      for j in 0..<c.columns {
        #expect(Double(out[i * stride + j]) == expected[i * c.columns + j], "\(c) at \(i), \(j)")
      }
      for j in c.columns..<stride { #expect(out[i * stride + j] == 99, "\(c) wrote beyond C") }
    }
    matrixProduct(
      rows: c.rows, columns: c.columns, depth: c.depth, a, b, into: view, .adding)
    for i in 0..<c.rows {
      for j in 0..<c.columns {
        #expect(Double(out[i * stride + j]) == 2 * expected[i * c.columns + j], "\(c) added")
      }
    }
    for _ in 0..<3 {
      matrixProduct(
        rows: c.rows, columns: c.columns, depth: c.depth, a, b, into: view, .subtracting)
    }
    for i in 0..<c.rows {
      for j in 0..<c.columns {
        #expect(Double(out[i * stride + j]) == -expected[i * c.columns + j], "\(c) subtracted")
      }
    }
  }

  /// Errors of roundings with random signs grow as a random walk: over the columns j
  /// ‖error‖ ≤ 4 √depth u ‖Σ_p |a_p b_pj|‖ [HighamMary2019], u = 2⁻²⁴ for `Float`, and no error
  /// is above the certain bound depth u Σ_p |a_p b_pj| [Higham2002, eq. 3.5].
  /// Negative controls: columns of B taken one too far break the bound by more than 1000, the
  /// last of the thousand products left out breaks it too.
  @Test("Rounding of long sums")
  func roundingOfLongSums() {
    let (depth, columns) = (1000, 16)
    var numbers = TestNumbers(seed: 2)
    let a = AlignedBuffer<Float>(count: depth)
    let b = AlignedBuffer<Float>(count: depth * columns)
    for i in 0..<depth { a[i] = Float(numbers.normal()) }
    for i in 0..<(depth * columns) { b[i] = Float(numbers.normal()) }
    let c = AlignedBuffer<Float>(count: columns)
    matrixProduct(
      rows: 1, columns: columns, depth: depth, MatrixView(a.view(), rowStride: depth),
      MatrixView(b.view(), rowStride: columns), into: MatrixView(c.view(), rowStride: columns))
    /// The sum of `count` products with the column `shift` beyond j, and that of their sizes.
    func sums(_ j: Int, count: Int, shift: Int = 0) -> (exact: Double, magnitude: Double) {
      var (exact, magnitude) = (0.0, 0.0)
      for p in 0..<count {
        let product = Double(a[p]) * Double(b[p * columns + (j + shift) % columns])
        exact += product
        magnitude += abs(product)
      }
      return (exact, magnitude)
    }
    func norm(_ element: (Int) -> Double) -> Double {
      (0..<columns).reduce(0) { $0 + element($1) * element($1) }.squareRoot()
    }
    for j in 0..<columns {
      let (exact, magnitude) = sums(j, count: depth)
      #expect(
        abs(Double(c[j]) - exact)
          <= RoundingBound.certain(operations: depth, Float.self) * magnitude)
    }
    let bound =
      RoundingBound.probable(operations: depth, Float.self)
      * norm { sums($0, count: depth).magnitude }
    #expect(norm { Double(c[$0]) - sums($0, count: depth).exact } <= bound)
    #expect(norm { Double(c[$0]) - sums($0, count: depth, shift: 1).exact } > 1000 * bound)
    #expect(norm { Double(c[$0]) - sums($0, count: depth - 1).exact } > bound)
  }
}
