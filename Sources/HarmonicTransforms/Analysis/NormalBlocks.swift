import Foundation
import Kernels
import LinearAlgebra
import SphereGrids

// Which coefficients the unweighted sums over a grid mix with which.
//
// The real degrees of freedom of a field are, in the orthonormal real basis,
//
//     u_{lm,p} = √(2 − δ_m0) λ_lm(θ) Re(i^p e^{imφ}),
//                p = 0 (Re a_lm), p = 1 (Im a_lm, m > 0 only).
//
// Summed over a ring of n points that starts at φ0, two of them give λ λ' times
//
//     Σ_k Re(i^p e^{imφ_k}) Re(i^q e^{im'φ_k})
//       = n/2 [m + m' ≡ 0 mod n] Re(i^{p+q} e^{i(m+m')φ0})
//         + n/2 [m ≡ m' mod n] Re(i^{p−q} e^{i(m−m')φ0}),
//
// and the mirror ring the same with its own φ0 and (−1)^{l+m+l'+m'}. Hence on a grid
//   - orders m, m' are coupled only through m ≡ ±m' modulo the length of a ring (modulo 4 on
//     HEALPix);
//   - real and imaginary parts are not, if every ring is symmetric under φ → −φ (n φ0 a multiple of
//     π);
//   - even and odd l − m are not, if mirror rings start at the same longitude.
//
// The degrees of freedom of a spin-s field are E_lm and B_lm (kind 0 and 1). Each makes a function
// of both components, with λ of the scalar case replaced by w± = −λ±_lm (`SpinLegendreTable`):
//
//                  Q                        U                       parity of l − m + s, θ → π − θ
//     E, part p    w⁺ Re(i^p e^{imφ})       w⁻ Re(i^{p+3} e^{imφ})  + for w⁺, − for w⁻
//     B, part p    w⁻ Re(i^{p+1} e^{imφ})   w⁺ Re(i^p e^{imφ})
//
// and the products of Q and of U are added. So the classes that stay apart are those of p + kind
// instead of p, and of l − m + s + kind instead of l − m.

/// The degrees of freedom of one order, part and kind within a block.
struct OrderRun: Sendable {
  let m: Int
  /// 0: real parts, 1: imaginary parts.
  let part: Int
  /// 0: E, or the only kind of a scalar field; 1: B.
  let kind: Int
  let degrees: [Int]
}

/// The functions whose sums of products make the normal matrix.
enum NormalBasis: Sendable {
  case scalar(LegendreTable<Double>)
  case spin(SpinLegendreTable<Double>)

  /// Kinds of coefficients, and as many components of the field.
  var kinds: Int {
    switch self {
    case .scalar: 1
    case .spin: 2
    }
  }

  /// s, the smallest degree.
  var spin: Int {
    switch self {
    case .scalar: 0
    case .spin(let table): table.spin
    }
  }

  /// One component of the functions of a run.
  struct Component {
    let table: AlignedBuffer<Double>
    /// q of Re(i^q e^{imφ}).
    let quarterTurns: Int
    /// Where the values of degree l start in `table`.
    let row: (_ l: Int) -> Int
    /// 0 if the function of degree l is even under θ → π − θ, 1 if it is odd.
    let parity: (_ l: Int) -> Int
  }

  func components(of run: OrderRun) -> [Component] {
    let m = run.m
    switch self {
    case .scalar(let table):
      return [
        Component(
          table: table.order(m), quarterTurns: run.part, row: { table.row(l: $0, m: m) },
          parity: { ($0 - m) % 2 })
      ]
    case .spin(let table):
      return (0...1).map { component in
        let isMinus = (run.kind + component) % 2  // 0: w⁺, 1: w⁻
        let turns = isMinus == 0 ? 0 : run.kind == 0 ? 3 : 1
        return Component(
          table: table.order(m), quarterTurns: run.part + turns,
          row: { table.row(l: $0, m: m, kind: isMinus) },
          parity: { ($0 - m + table.spin + isMinus) % 2 })
      }
    }
  }
}

/// The blocks of the normal matrix YᵀY of a grid.
struct NormalBlocks: Sendable {
  let lmax: Int
  let mmax: Int
  let basis: NormalBasis
  /// The blocks, largest first; every degree of freedom is in exactly one.
  let blocks: [[OrderRun]]
  private let pairs: [RingPair]

  init(lmax: Int, mmax: Int, basis: NormalBasis, pairs: [RingPair]) {
    self.lmax = lmax
    self.mmax = mmax
    self.basis = basis
    self.pairs = pairs
    let partGroups = Self.partsAreSeparate(pairs) ? [[0], [1]] : [[0, 1]]
    let parityGroups = Self.paritiesAreSeparate(pairs) ? [[0], [1]] : [[0, 1]]
    var blocks: [[OrderRun]] = []
    for orders in Self.coupledOrders(mmax: mmax, lengths: Set(pairs.map(\.north.count))) {
      for parts in partGroups {
        for parities in parityGroups {
          let runs = orders.flatMap { m in
            Self.runs(m: m, lmax: lmax, basis: basis, parts: parts, parities: parities)
          }
          if !runs.isEmpty { blocks.append(runs) }
        }
      }
    }
    self.blocks = blocks.sorted { Self.order(of: $0) > Self.order(of: $1) }
  }

  /// The runs of one order in the classes `parts` and `parities`.
  private static func runs(
    m: Int, lmax: Int, basis: NormalBasis, parts: [Int], parities: [Int]
  ) -> [OrderRun] {
    var runs: [OrderRun] = []
    for kind in 0..<basis.kinds {
      for part in 0...1 where parts.contains((part + kind) % 2) && (m > 0 || part == 0) {
        let degrees = (m..<max(m, lmax + 1)).filter {
          $0 >= basis.spin && parities.contains(($0 - m + basis.spin + kind) % 2)
        }
        if !degrees.isEmpty {
          runs.append(OrderRun(m: m, part: part, kind: kind, degrees: degrees))
        }
      }
    }
    return runs
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
    for (f, g) in zip(basis.components(of: a), basis.components(of: b)) {
      let weights = ringSums(a, f, b, g)
      if weights.same.allSatisfy({ $0 == 0 }) && weights.opposite.allSatisfy({ $0 == 0 }) {
        continue
      }
      var same = weights.same
      var opposite = weights.opposite
      for (i, l) in a.degrees.enumerated() {
        let rowF = f.row(l)
        for j in pairs.indices {
          same[j] = f.table[rowF + j] * weights.same[j]
          opposite[j] = f.table[rowF + j] * weights.opposite[j]
        }
        for (k, degree) in b.degrees.enumerated() {
          let rowG = g.row(degree)
          var sum = 0.0
          if f.parity(l) == g.parity(degree) {
            for j in pairs.indices { sum += same[j] * g.table[rowG + j] }
          } else {
            for j in pairs.indices { sum += opposite[j] * g.table[rowG + j] }
          }
          gram[row + i, column + k] += sum
        }
      }
    }
    for i in a.degrees.indices {
      for k in b.degrees.indices { gram[column + k, row + i] = gram[row + i, column + k] }
    }
  }

  /// Per ring pair, the factor of the products for functions of the same and of opposite parity.
  private func ringSums(
    _ a: OrderRun, _ f: NormalBasis.Component, _ b: OrderRun, _ g: NormalBasis.Component
  ) -> (same: [Double], opposite: [Double]) {
    let factor = ((a.m == 0 ? 1.0 : 2) * (b.m == 0 ? 1.0 : 2)).squareRoot()
    var same: [Double] = []
    var opposite: [Double] = []
    for pair in pairs {
      let sum = { (ring: Ring) in
        factor
          * Self.ringSum(m: a.m, turns: f.quarterTurns, m: b.m, turns: g.quarterTurns, ring)
      }
      let north = sum(pair.north)
      let south = pair.south.map(sum) ?? 0
      same.append(north + south)
      opposite.append(north - south)
    }
    return (same, opposite)
  }

  /// Σ_k Re(i^p e^{imφ_k}) Re(i^q e^{im'φ_k}) over one ring, in closed form.
  static func ringSum(m: Int, turns p: Int, m n: Int, turns q: Int, _ ring: Ring) -> Double {
    var sum = 0.0
    if (m + n) % ring.count == 0 {
      sum += rotated(Double(m + n) * ring.phi0, quarterTurns: p + q)
    }
    if (m - n) % ring.count == 0 {
      sum += rotated(Double(m - n) * ring.phi0, quarterTurns: p - q)
    }
    return 0.5 * Double(ring.count) * sum
  }

  /// Re(i^q e^{i angle}).
  private static func rotated(_ angle: Double, quarterTurns q: Int) -> Double {
    switch (q + 8) % 4 {
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
