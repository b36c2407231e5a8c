import Foundation
import Kernels
import LinearAlgebra
import SphereGrids

// Which coefficients the unweighted sums over a grid mix with which.
//
// The real degrees of freedom of a field are, in the orthonormal real basis,
//
//     u_{lm,p} = √(2 − δ_m0) λ_lm(θ) Re(i^p e^{imφ}),   p = 0 (Re a_lm), p = 1 (Im a_lm, m > 0 only).
//
// Summed over a ring of n points that starts at φ0, two of them give λ λ' times
//
//     Σ_k Re(i^p e^{imφ_k}) Re(i^q e^{im'φ_k})
//       = n/2 [m + m' ≡ 0 mod n] Re(i^{p+q} e^{i(m+m')φ0}) + n/2 [m ≡ m' mod n] Re(i^{p−q} e^{i(m−m')φ0}),
//
// and the mirror ring the same with its own φ0 and (−1)^{l+m+l'+m'}. Hence on a grid
//   - orders m, m' are coupled only through m ≡ ±m' modulo the length of a ring (modulo 4 on HEALPix);
//   - real and imaginary parts are not, if every ring is symmetric under φ → −φ (n φ0 a multiple of π);
//   - even and odd l − m are not, if mirror rings start at the same longitude.

/// The degrees of freedom of one order and part within a block.
struct OrderRun: Sendable {
  let m: Int
  /// 0: real parts, 1: imaginary parts.
  let part: Int
  let degrees: [Int]
}

/// The blocks of the normal matrix YᵀY of a grid.
struct NormalBlocks: Sendable {
  let lmax: Int
  let mmax: Int
  /// The blocks, largest first; every degree of freedom is in exactly one.
  let blocks: [[OrderRun]]
  private let pairs: [RingPair]
  private let legendre: LegendreTable<Double>

  init(lmax: Int, mmax: Int, pairs: [RingPair]) {
    self.lmax = lmax
    self.mmax = mmax
    self.pairs = pairs
    legendre = LegendreTable(lmax: lmax, mmax: mmax, pairs: pairs)
    let partGroups = Self.partsAreSeparate(pairs) ? [[0], [1]] : [[0, 1]]
    let parityGroups = Self.paritiesAreSeparate(pairs) ? [[0], [1]] : [[0, 1]]
    var blocks: [[OrderRun]] = []
    for orders in Self.coupledOrders(mmax: mmax, lengths: Set(pairs.map(\.north.count))) {
      for parts in partGroups {
        for parities in parityGroups {
          var runs: [OrderRun] = []
          for m in orders {
            for part in parts where m > 0 || part == 0 {
              let degrees = (m...lmax).filter { parities.contains(($0 - m) % 2) }
              if !degrees.isEmpty { runs.append(OrderRun(m: m, part: part, degrees: degrees)) }
            }
          }
          if !runs.isEmpty { blocks.append(runs) }
        }
      }
    }
    self.blocks = blocks.sorted { Self.order(of: $0) > Self.order(of: $1) }
  }

  /// Number of degrees of freedom of a block.
  static func order(of block: [OrderRun]) -> Int { block.reduce(0) { $0 + $1.degrees.count } }

  // MARK: - Symmetries

  private static func partsAreSeparate(_ pairs: [RingPair]) -> Bool {
    pairs.allSatisfy { pair in
      [pair.north, pair.south ?? pair.north].allSatisfy { ring in
        // φ0 carries a rounding error; anything beyond it is a real asymmetry.
        let turns = Double(ring.count) * ring.phi0 / .pi
        return abs(turns - turns.rounded()) <= 8 * Double.ulpOfOne * max(1, turns)
      }
    }
  }

  private static func paritiesAreSeparate(_ pairs: [RingPair]) -> Bool {
    // A ring without partner may only be the equator, where the odd functions vanish.
    pairs.allSatisfy { $0.south.map(\.phi0) == $0.north.phi0 || $0.north.cosTheta == 0 }
  }

  /// The classes of orders that are connected by m ≡ ±m' modulo the rings' lengths.
  private static func coupledOrders(mmax: Int, lengths: Set<Int>) -> [[Int]] {
    var label = Array(0...mmax)
    for n in lengths.sorted() {
      var first: [Int: Int] = [:]
      for m in 0...mmax {
        let folded = min(m % n, n - m % n)
        guard let other = first[folded] else {
          first[folded] = m
          continue
        }
        let (old, new) = (label[m], label[other])
        for k in label.indices where label[k] == old { label[k] = new }
      }
    }
    return Set(label).sorted().map { name in
      (0...mmax).filter { label[$0] == name }
    }
  }

  // MARK: - Elements

  /// Σ_points u u' for all pairs of a block, in the orthonormal real basis.
  func gramMatrix(of block: [OrderRun]) -> Matrix {
    let order = Self.order(of: block)
    var gram = Matrix(rows: order, columns: order)
    var row = 0
    for (index, a) in block.enumerated() {
      var column = 0
      for b in block[...index] {
        addProducts(a, b, row: row, column: column, to: &gram)
        column += b.degrees.count
      }
      row += a.degrees.count
    }
    return gram
  }

  private func addProducts(
    _ a: OrderRun, _ b: OrderRun, row: Int, column: Int, to gram: inout Matrix
  ) {
    let weights = ringSums(a, b)
    if weights.same.allSatisfy({ $0 == 0 }) && weights.opposite.allSatisfy({ $0 == 0 }) { return }
    let (tableA, tableB) = (legendre.order(a.m), legendre.order(b.m))
    var same = weights.same
    var opposite = weights.opposite
    for (i, l) in a.degrees.enumerated() {
      let rowA = legendre.row(l: l, m: a.m)
      for j in pairs.indices {
        same[j] = tableA[rowA + j] * weights.same[j]
        opposite[j] = tableA[rowA + j] * weights.opposite[j]
      }
      for (k, degree) in b.degrees.enumerated() {
        let rowB = legendre.row(l: degree, m: b.m)
        let isSameParity = (l - a.m - degree + b.m) % 2 == 0
        var sum = 0.0
        if isSameParity {
          for j in pairs.indices { sum += same[j] * tableB[rowB + j] }
        } else {
          for j in pairs.indices { sum += opposite[j] * tableB[rowB + j] }
        }
        gram[row + i, column + k] = sum
        gram[column + k, row + i] = sum
      }
    }
  }

  /// Per ring pair, the factor of λ λ' for degrees of the same and of opposite parity l − m.
  private func ringSums(_ a: OrderRun, _ b: OrderRun) -> (same: [Double], opposite: [Double]) {
    let factor = ((a.m == 0 ? 1.0 : 2) * (b.m == 0 ? 1.0 : 2)).squareRoot()
    var same: [Double] = []
    var opposite: [Double] = []
    for pair in pairs {
      let north = factor * Self.ringSum(a, b, pair.north)
      let south = pair.south.map { factor * Self.ringSum(a, b, $0) } ?? 0
      same.append(north + south)
      opposite.append(north - south)
    }
    return (same, opposite)
  }

  /// Σ_k Re(i^p e^{imφ_k}) Re(i^q e^{im'φ_k}) over one ring, in closed form.
  static func ringSum(_ a: OrderRun, _ b: OrderRun, _ ring: Ring) -> Double {
    let n = ring.count
    var sum = 0.0
    if (a.m + b.m) % n == 0 {
      sum += rotated(Double(a.m + b.m) * ring.phi0, quarterTurns: a.part + b.part)
    }
    if (a.m - b.m) % n == 0 {
      sum += rotated(Double(a.m - b.m) * ring.phi0, quarterTurns: a.part - b.part)
    }
    return 0.5 * Double(n) * sum
  }

  /// Re(i^q e^{i angle}).
  private static func rotated(_ angle: Double, quarterTurns q: Int) -> Double {
    switch (q + 4) % 4 {
    case 0: cos(angle)
    case 1: -sin(angle)
    case 2: -cos(angle)
    default: sin(angle)
    }
  }
}

extension LegendreTable {
  /// Where the row of λ_lm starts in the matrix of order m.
  func row(l: Int, m: Int) -> Int {
    let k = l - m
    return (k % 2 == 0 ? k / 2 : evenCount(m) + k / 2) * pairCount
  }
}
