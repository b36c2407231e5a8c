import Foundation
import Testing
import Verification

@testable import Baselines

@Suite("Interpolation through eight nodes")
struct LocalInterpolationTests {

  /// Exact for polynomials of degree 7 up to rounding: eight terms, with weights whose absolute
  /// values sum to at most 30 in the first cell. Degree 8 is not.
  @Test("Degree seven", arguments: [8, 21, 41])
  func polynomial(nodes: Int) {
    let interpolation = LocalInterpolation(nodes: nodes, points: 301)
    func values(_ count: Int, _ f: (Double) -> Double) -> [Double] {
      (0..<count).map { f(2 * Double($0) / Double(count - 1) - 1) }
    }
    func seventh(_ x: Double) -> Double {
      64 * pow(x, 7) - 112 * pow(x, 5) + 56 * x * x * x - 7 * x
    }
    func eighth(_ x: Double) -> Double { pow(x, 8) }
    let bound = 30 * RoundingBound.certain(operations: 64)
    #expect(
      Comparison(
        interpolation(values(nodes, seventh), inner: 1), with: values(301, seventh)
      ).largestAbsolute <= bound)
    let error = Comparison(
      interpolation(values(nodes, eighth), inner: 1), with: values(301, eighth)
    ).largestAbsolute
    // |f⁽⁸⁾| h⁸/8! = h⁸ times the product of the distances: 33 is its maximum in the first cell for
    // equidistant nodes.
    let h = 2 / Double(nodes - 1)
    #expect(error <= 1100 * pow(h, 8) && error > 10 * bound)
  }

  /// Rows are interpolated as columns of a table, node values pass through unchanged.
  @Test("Layout")
  func layout() {
    let interpolation = LocalInterpolation(nodes: 11, points: 21)
    let table = (0..<22).map { Double($0 * $0) }
    let result = interpolation(table, inner: 2)
    #expect(result.count == 42)
    for node in 0..<11 {
      for inner in 0..<2 {
        let difference = abs(result[4 * node + inner] - table[2 * node + inner])
        #expect(difference <= 64 * 30 * Double.ulpOfOne * 441)
      }
    }
    #expect(relativeError(result, [Double](table + table.dropLast(2))) > 1e-3)
  }
}
