import Kernels
import SpecialFunctions
import SphereGrids

/// λ_lm at the northern ring of every pair, computed in `Double` and rounded once.
///
/// Layout: per order m a matrix of (lmax − m + 1) rows and one column per pair; first the rows of
///         even l − m, then those of odd l − m.
/// Memory: an order is computed when it is first needed, and kept if all orders fit into
///         `cacheLimit` bytes; otherwise it is computed every time, which costs about as much as
///         the transform of eight lanes.
package final class LegendreTable<T: LaneScalar>: Sendable {
  package let lmax: Int
  package let mmax: Int
  package let pairCount: Int
  private let cosines: [Double]
  private let sines: [Double]
  /// Factors of every order and pair, `[m][pair]`; nil: 1.
  private let weights: [[Double]]?
  /// Nil: too large to be kept.
  private let tables: OrderTables<T>?

  static var cacheLimit: Int { 1 << 29 }

  package init(lmax: Int, mmax: Int, pairs: [RingPair], weights: [[Double]]? = nil) {
    self.lmax = lmax
    self.mmax = mmax
    self.weights = weights
    pairCount = pairs.count
    cosines = pairs.map(\.north.cosTheta)
    sines = pairs.map(\.north.sinTheta)
    let bytes = coefficientCount(lmax: lmax, mmax: mmax) * pairs.count * MemoryLayout<T>.stride
    let isKept = bytes <= Self.cacheLimit
    tables = isKept ? OrderTables(orders: mmax + 1) : nil
    self.bytes = isKept ? bytes : (lmax + 1) * pairs.count * MemoryLayout<T>.stride
  }

  /// Bytes of all orders where they are kept, else of the largest one.
  let bytes: Int

  /// Number of rows of even l − m of order m.
  @inline(__always)
  package func evenCount(_ m: Int) -> Int { (lmax - m) / 2 + 1 }

  /// The matrix of one order.
  package func order(_ m: Int) -> AlignedBuffer<T> {
    let make = { Self.compute(m: m, lmax: self.lmax, self.cosines, self.sines, self.weights?[m]) }
    return tables?.order(m, make: make) ?? make()
  }

  private static func compute(
    m: Int, lmax: Int, _ cosines: [Double], _ sines: [Double], _ weights: [Double]?
  ) -> AlignedBuffer<T> {
    let rows = lmax - m + 1
    let even = (lmax - m) / 2 + 1
    let matrix = AlignedBuffer<T>(count: rows * cosines.count)
    let recurrence = LegendreRecurrence(m: m, lmax: lmax)
    var column = [Double](repeating: 0, count: rows)
    for j in cosines.indices {
      recurrence.write(cosTheta: cosines[j], sinTheta: sines[j], into: &column, at: 0)
      for k in 0..<rows {
        let row = k % 2 == 0 ? k / 2 : even + k / 2
        matrix[row * cosines.count + j] = T(weights.map { $0[j] * column[k] } ?? column[k])
      }
    }
    return matrix
  }
}
