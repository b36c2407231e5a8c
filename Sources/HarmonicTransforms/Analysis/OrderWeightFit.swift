import Kernels
import LinearAlgebra
import SphereGrids

/// The least-squares problems behind `QuadratureWeights.perOrder`, one for each order.
struct OrderWeightFit: Sendable {
  /// f_lm at the northern ring of every pair and at its mirror image, `[l − first][pair]`, with
  /// f = λ_lm or ₛλ_lm.
  private struct Functions {
    var north: [[Double]]
    var south: [[Double]]
    /// Whether products of even and odd l + l' vanish at the equator and cancel elsewhere.
    var haveParity: Bool

    /// ½ Σ_l (f(north)² + f(south)²) at every pair.
    func power(_ pairs: Int) -> [Double] {
      var sums = [Double](repeating: 0, count: pairs)
      for (a, b) in zip(north, south) {
        for j in 0..<pairs { sums[j] += 0.5 * (a[j] * a[j] + b[j] * b[j]) }
      }
      return sums
    }
  }

  private let pairs: [RingPair]
  private let lmax: Int
  private let mmax: Int
  private let roundoff: Double
  private let functions: [Functions]
  /// Σ_l f² of every order and pair.
  private let powers: [[Double]]

  init(grid: any RingGrid, spin: Int, lmax: Int, mmax: Int, roundoff: Double) {
    let pairs = RingPair.pairs(of: grid.rings)
    self.pairs = pairs
    self.lmax = lmax
    self.mmax = mmax
    self.roundoff = roundoff
    functions =
      spin == 0
      ? Self.scalarFunctions(lmax: lmax, mmax: mmax, pairs)
      : Self.spinFunctions(spin: spin, lmax: lmax, mmax: mmax, pairs)
    powers = functions.map { $0.power(pairs.count) }
  }

  private static func scalarFunctions(
    lmax: Int, mmax: Int, _ pairs: [RingPair]
  ) -> [Functions] {
    let table = LegendreTable<Double>(lmax: lmax, mmax: mmax, pairs: pairs)
    return (0...mmax).map { m in
      let values = table.order(m)
      let north = (m...lmax).map { l in
        pairs.indices.map { values[table.row(l: l, m: m) + $0] }
      }
      let south = north.enumerated().map { k, row in k % 2 == 0 ? row : row.map { -$0 } }
      return Functions(north: north, south: south, haveParity: true)
    }
  }

  /// ₛλ = λ⁺ + λ⁻, and at π − θ (−1)^{l+m+s} (λ⁺ − λ⁻).
  private static func spinFunctions(
    spin: Int, lmax: Int, mmax: Int, _ pairs: [RingPair]
  ) -> [Functions] {
    let table = SpinLegendreTable<Double>(spin: spin, lmax: lmax, mmax: mmax, pairs: pairs)
    return (0...mmax).map { m in
      let values = table.order(m)
      var functions = Functions(north: [], south: [], haveParity: false)
      for l in max(m, spin)..<max(lmax + 1, spin) {
        let sign = (l + m + spin).isMultiple(of: 2) ? 1.0 : -1.0
        let (plus, minus) = (table.row(l: l, m: m, kind: 0), table.row(l: l, m: m, kind: 1))
        functions.north.append(pairs.indices.map { values[plus + $0] + values[minus + $0] })
        functions.south.append(
          pairs.indices.map { sign * (values[plus + $0] - values[minus + $0]) })
      }
      return functions
    }
  }

  /// The weights of every order.
  ///
  /// - Throws: `LinearAlgebraError.noConvergence`.
  func solve(threads: Int) throws(LinearAlgebraError) -> [[Double]] {
    typealias Outcome = Result<[Double], LinearAlgebraError>
    let results = Locked([Outcome?](repeating: nil, count: mmax + 1))
    parallelFor(mmax + 1, threads: threads) { m in
      let result = Outcome { () throws(LinearAlgebraError) in try self.weights(order: m) }
      results.withLock { $0[m] = result }
    }
    var solved: [[Double]] = []
    for result in results.withLock({ $0 }) {
      guard let result else { preconditionFailure("an order without weights") }
      solved.append(try result.get())
    }
    return solved
  }

  private func weights(order m: Int) throws(LinearAlgebraError) -> [Double] {
    let f = functions[m]
    let count = f.north.count
    guard count > 0 else { return pairs.map(\.north.weight) }
    var rows: [[Double]] = []
    var right: [Double] = []
    for a in 0..<count {
      for b in stride(from: a, to: count, by: f.haveParity ? 2 : 1) {
        // The pair (l, l') stands for (l', l) too.
        let factor = a == b ? 1 : 2.0.squareRoot()
        rows.append(products(f, a, b, factor))
        right.append(a == b ? 1 : 0)
      }
    }
    for (j, penalty) in penalties(order: m).enumerated() {
      var row = [Double](repeating: 0, count: pairs.count)
      row[j] = penalty
      rows.append(row)
      right.append(0)
    }
    // Columns of unit norm: rings near the poles have functions that are smaller by many powers of
    // ten.
    let scales = pairs.indices.map { j in
      let norm = rows.reduce(0) { $0 + $1[j] * $1[j] }.squareRoot()
      return norm > 0 ? 1 / norm : 0
    }
    let matrix = Matrix(rows: rows.count, columns: pairs.count) { rows[$0][$1] * scales[$1] }
    let solution = try LeastSquaresSolution(
      matrix, Matrix(rows: right.count, columns: 1, storage: right), reciprocalCondition: 0)
    return pairs.indices.map { solution.solution[$0, 0] * scales[$0] }
  }

  /// n (f_l f_l' north + f_l f_l' south) at every pair.
  private func products(_ f: Functions, _ a: Int, _ b: Int, _ factor: Double) -> [Double] {
    pairs.indices.map { j in
      let north = f.north[a][j] * f.north[b][j]
      let south = pairs[j].south == nil ? 0 : f.south[a][j] * f.south[b][j]
      return factor * Double(pairs[j].north.count) * (north + south)
    }
  }

  /// n √(hemispheres · power of m · (power of the orders that alias into m + roundoff²)) at every
  /// pair.
  private func penalties(order m: Int) -> [Double] {
    let whole = Double((lmax + 1) * (lmax + 1)) / (4 * .pi)
    return pairs.indices.map { j in
      let n = pairs[j].north.count
      var other = roundoff * roundoff * whole
      for k in -mmax...mmax where k != m && (k - m) % n == 0 { other += powers[abs(k)][j] }
      let hemispheres = pairs[j].south == nil ? 1.0 : 2
      return Double(n) * (hemispheres * powers[m][j] * other).squareRoot()
    }
  }
}
