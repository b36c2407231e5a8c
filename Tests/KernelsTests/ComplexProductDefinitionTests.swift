import Testing
import Verification

@testable import Kernels

/// The complex product against its definition, with three real products and, for small extents,
/// four.
///
/// Small integers: all sums and products are exact, so both agree to the bit whatever the order.
/// Blind to: rounding (`rounding` sees it).
@Suite("Complex matrix product")
struct ComplexProductDefinitionTests {
  struct Case: Sendable, CustomStringConvertible {
    var rows: Int
    var columns: Int
    var depth: Int
    var transposesA = false
    var transposesB = false
    var conjugated = ConjugatedFactor.none
    var description: String {
      "\(rows)x\(depth)\(transposesA ? "T" : "") by \(depth)x\(columns)\(transposesB ? "T" : "") "
        + "\(conjugated)"
    }
  }

  static let cases: [Case] = [(32, 32, 32), (9, 16, 8), (8, 48, 64), (5, 16, 7), (12, 10, 9)]
    .flatMap { rows, columns, depth in
      [ConjugatedFactor.none, .left, .right].flatMap { conjugated in
        [(false, false), (true, false), (false, true)].map {
          Case(
            rows: rows, columns: columns, depth: depth, transposesA: $0.0, transposesB: $0.1,
            conjugated: conjugated)
        }
      }
    }

  /// A matrix with real and imaginary parts in one buffer.
  private struct Complex<T: LaneScalar> {
    let buffer: AlignedBuffer<T>
    let view: ComplexMatrixView<T>

    init(_ rows: Int, _ columns: Int, transposed: Bool = false, _ number: () -> Double) {
      let size = rows * columns
      let buffer = AlignedBuffer<T>(count: max(2 * size, 1))
      for i in 0..<2 * size { buffer[i] = T(number()) }
      func part(_ k: Int) -> MatrixView<T> {
        transposed
          ? MatrixView(buffer.view(k * size), rowStride: 1, columnStride: rows)
          : MatrixView(buffer.view(k * size), rowStride: columns)
      }
      self.buffer = buffer
      view = ComplexMatrixView(real: part(0), imaginary: part(1))
    }
  }

  private func multiply<T: LaneScalar>(
    _ c: Case, _ a: Complex<T>, _ b: Complex<T>, into target: Complex<T>, _ mode: ProductMode
  ) {
    let scratch = AlignedBuffer<T>(
      count: complexProductScratchCount(rows: c.rows, depth: c.depth, T.self))
    for i in 0..<scratch.count { scratch[i] = .nan }
    complexMatrixProduct(
      rows: c.rows, columns: c.columns, depth: c.depth, a.view, b.view, into: target.view,
      conjugating: c.conjugated, mode, scratch: scratch.view())
  }

  @Test("Integer matrices agree exactly", arguments: cases)
  func integers(_ c: Case) {
    func check<T: LaneScalar>(_ type: T.Type) {
      var numbers = TestNumbers(seed: 4)
      func integer() -> Double { Double(numbers.next() % 9) - 4 }
      let a = Complex<T>(c.rows, c.depth, transposed: c.transposesA, integer)
      let b = Complex<T>(c.depth, c.columns, transposed: c.transposesB, integer)
      let target = Complex<T>(c.rows, c.columns) { 99 }
      let expected = complexMatrixProductByDefinition(
        rows: c.rows, columns: c.columns, depth: c.depth, a.view, b.view,
        conjugating: c.conjugated)
      let product = expected.real + expected.imaginary
      multiply(c, a, b, into: target, .replacing)
      #expect(target.buffer.array().map { Double($0) } == product, "\(c), \(T.precisionName)")
      multiply(c, a, b, into: target, .adding)
      #expect(target.buffer.array().map { Double($0) } == product.map { 2 * $0 }, "\(c) added")
      // Control: another factor conjugated is another product.
      let other = complexMatrixProductByDefinition(
        rows: c.rows, columns: c.columns, depth: c.depth, a.view, b.view,
        conjugating: c.conjugated == .none ? .left : .none)
      #expect(other.real + other.imaginary != product)
    }
    check(Float.self)
    check(Double.self)
  }

  /// The error of either part is a few roundings of sums of 2 depth products [Higham2002, sec.
  /// 23.2.4], relative to both parts together. Negative control: a factor 1.1.
  @Test("Rounding", arguments: [ConjugatedFactor.none, .left, .right])
  func rounding(_ conjugated: ConjugatedFactor) {
    let c = Case(rows: 32, columns: 32, depth: 32, conjugated: conjugated)
    var numbers = TestNumbers(seed: 5)
    let a = Complex<Float>(c.rows, c.depth) { numbers.normal() }
    let b = Complex<Float>(c.depth, c.columns) { numbers.normal() }
    let target = Complex<Float>(c.rows, c.columns) { 0 }
    multiply(c, a, b, into: target, .replacing)
    let expected = complexMatrixProductByDefinition(
      rows: c.rows, columns: c.columns, depth: c.depth, a.view, b.view, conjugating: conjugated)
    let product = expected.real + expected.imaginary
    let bound = RoundingBound.probable(operations: 2 * c.depth, Float.self)
    #expect(relativeError(target.buffer.array(), product) <= bound)
    #expect(relativeError(product.map { $0 * 1.1 }, product) > 1000 * bound)
  }
}
