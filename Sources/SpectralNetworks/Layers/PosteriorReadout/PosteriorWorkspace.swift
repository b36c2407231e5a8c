import Foundation
import Kernels

/// Memory of sums over products of functions of each parameter, of one thread.
///
/// Layout:     a table of numbers, the last parameter fastest. `contract` sums over the first
///             parameter and appends what it becomes as the last, so that as many calls as there
///             are parameters transform all of them and restore their order.
/// Cost:       in two parameters, n nodes and w functions each: n w (n + w) multiplications.
/// Checked by: PosteriorReadoutTests.
package final class PosteriorWorkspace {
  /// The numbers that come and go.
  var values: AlignedBuffer<Double>
  private var other: AlignedBuffer<Double>
  /// How many of `values` there are.
  private var size: Int
  private let cube: Int
  /// f at the nodes of every parameter, `[parameter][function][node]`.
  var tables: [[Double]]

  /// Memory for the densities of a family.
  package init(_ family: PosteriorFamily) {
    let dimensions = family.priors.count
    let width = family.functionCount
    let nodes = PosteriorReadout.nodeCounts[dimensions - 1]
    let most = max(width, nodes, PosteriorReadout.coarseCounts[dimensions - 1])
    func power(_ base: Int) -> Int { (0..<dimensions).reduce(1) { product, _ in product * base } }
    values = AlignedBuffer(count: power(most))
    other = AlignedBuffer(count: power(most))
    tables = [[Double]](
      repeating: [Double](repeating: 0, count: width * nodes), count: dimensions)
    cube = power(width)
    size = cube
  }

  /// As many zeros as there are products of functions.
  func clear() {
    size = cube
    for i in 0..<size { values[i] = 0 }
  }

  /// v_ip ← Σ_k v_ki t_kp.
  ///
  /// - Parameters:
  ///   - table: t, `[from][to]`.
  ///   - from: values of k, the first index.
  ///   - to: values of p, the new last index.
  func contract(_ table: [Double], from: Int, to: Int) {
    sum(table, rowStride: to, columnStride: 1, from: from, to: to)
  }

  /// v_ik ← Σ_p v_pi t_kp, for t `[to][from]`.
  func contractBack(_ table: [Double], from: Int, to: Int) {
    sum(table, rowStride: 1, columnStride: from, from: from, to: to)
  }

  private func sum(_ table: [Double], rowStride: Int, columnStride: Int, from: Int, to: Int) {
    let inner = size / from
    table.withView { table in
      withViews(values, other) { values, other in
        matrixProduct(
          rows: inner, columns: to, depth: from,
          MatrixView(values, rowStride: inner).transposed,
          MatrixView(table, rowStride: rowStride, columnStride: columnStride),
          into: MatrixView(other, rowStride: to))
      }
    }
    swap(&values, &other)
    size = inner * to
  }

  /// The ranges of all points of every parameter less than `depth` below the largest, and one more
  /// on every side.
  func box(count: Int, dimensions: Int, depth: Double) -> [ClosedRange<Int>] {
    var largest = values[0]
    for i in 0..<size where values[i] > largest { largest = values[i] }
    let limit = largest - depth
    var low = [Int](repeating: count - 1, count: dimensions)
    var high = [Int](repeating: 0, count: dimensions)
    for i in 0..<size where values[i] >= limit {
      var rest = i
      for axis in stride(from: dimensions - 1, through: 0, by: -1) {
        let index = rest % count
        rest /= count
        low[axis] = min(low[axis], index)
        high[axis] = max(high[axis], index)
      }
    }
    return (0..<dimensions).map { axis in
      let first = max(low[axis] - 1, 0)
      return first...max(min(high[axis] + 1, count - 1), first + 1)
    }
  }

  /// v ← w exp(v)/Σ w exp(v); returns the logarithm of the sum.
  func normalise(_ weights: [Double]) -> Double {
    var largest = values[0]
    for i in 0..<size where values[i] > largest { largest = values[i] }
    var total = 0.0
    for i in 0..<size {
      // What is below e^−60 of the peak adds nothing.
      let exponent = values[i] - largest
      values[i] = exponent > -60 ? weights[i] * exp(exponent) : 0
      total += values[i]
    }
    for i in 0..<size { values[i] /= total }
    return largest + log(total)
  }
}
