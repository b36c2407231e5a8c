import Kernels
import SpecialFunctions
import SphereGrids

/// The spin-weighted Legendre functions of one order at one colatitude, in the two combinations
/// that real fields need.
///
/// Definition:  ₛY_lm(θ, φ) = ₛλ_lm(θ) e^{imφ},  ₛλ_lm = (−1)^s √[(2l+1)/4π] d^l_{m,−s}(θ),
///              λ±_lm = ½ (ₛλ_lm ± (−1)^s ₋ₛλ_lm).
///              With Q + iU = Σ ₛa_lm ₛY_lm and ₛa = −(E + iB) the orders of Q and U along a ring
///              are
///              Q_m = −Σ_l (λ⁺ E_lm + i λ⁻ B_lm),   U_m = −Σ_l (λ⁺ B_lm − i λ⁻ E_lm)
///              [ZaldarriagaSeljak1997, eqs. 9 and 10 for s = 2].
/// Symmetry:    λ⁺(π − θ) = (−1)^{l+m+s} λ⁺(θ) and λ⁻(π − θ) = −(−1)^{l+m+s} λ⁻(θ); for m = 0 λ⁻ is
///              zero.
/// Checked by:  SpinDefinitionTests, SpinSingleModeTests (closed forms).
struct SpinLegendreColumns {
  let spin: Int
  let m: Int
  let lmax: Int
  private let minus: WignerRecurrence  // d^l_{m,−s}
  private let plus: WignerRecurrence  // d^l_{m,s}
  /// Number of degrees m..<max(m, s), whose functions are zero.
  private var absent: Int { max(m, spin) - m }

  init(spin: Int, m: Int, lmax: Int) {
    self.spin = spin
    self.m = m
    self.lmax = lmax
    minus = WignerRecurrence(m: m, n: -spin, lmax: max(lmax, spin))
    plus = WignerRecurrence(m: m, n: spin, lmax: max(lmax, spin))
  }

  /// (λ⁺_lm, λ⁻_lm) for l = m...lmax.
  func values(cosTheta: Double, sinTheta: Double) -> (plus: [Double], minus: [Double]) {
    let sign = spin.isMultiple(of: 2) ? 1.0 : -1.0
    let first = minus.values(cosBeta: cosTheta, sinBeta: sinTheta)
    let second = plus.values(cosBeta: cosTheta, sinBeta: sinTheta)
    var lambda = (
      plus: [Double](repeating: 0, count: lmax - m + 1),
      minus: [Double](repeating: 0, count: lmax - m + 1)
    )
    for k in absent..<max(absent, lmax - m + 1) {
      let upper = sign * first[k - absent]
      lambda.plus[k] = 0.5 * (upper + second[k - absent])
      lambda.minus[k] = 0.5 * (upper - second[k - absent])
    }
    return lambda
  }
}

/// −λ⁺_lm and −λ⁻_lm at the northern ring of every pair, computed in `Double` and rounded once.
///
/// Layout: per order m two matrices, first −λ⁺ and then −λ⁻, each as in `LegendreTable`:
///         (lmax − m + 1) rows, first those of even l − m, and one column per pair.
/// Memory: twice that of `LegendreTable`, with the same limit.
package final class SpinLegendreTable<T: LaneScalar>: Sendable {
  package let spin: Int
  package let lmax: Int
  package let pairCount: Int
  private let cosines: [Double]
  private let sines: [Double]
  /// Factors of every order and pair, `[m][pair]`; nil: 1.
  private let weights: [[Double]]?
  /// Nil: too large to be kept.
  private let tables: OrderTables<T>?

  package init(
    spin: Int, lmax: Int, mmax: Int, pairs: [RingPair], weights: [[Double]]? = nil
  ) {
    self.spin = spin
    self.weights = weights
    self.lmax = lmax
    pairCount = pairs.count
    cosines = pairs.map(\.north.cosTheta)
    sines = pairs.map(\.north.sinTheta)
    let bytes = 2 * coefficientCount(lmax: lmax, mmax: mmax) * pairs.count * MemoryLayout<T>.stride
    let isKept = bytes <= LegendreTable<T>.cacheLimit
    tables = isKept ? OrderTables(orders: mmax + 1) : nil
    self.bytes = isKept ? bytes : 2 * (lmax + 1) * pairs.count * MemoryLayout<T>.stride
  }

  /// Bytes of all orders where they are kept, else of the largest one.
  let bytes: Int

  /// Number of rows of even l − m of order m, in each matrix.
  @inline(__always)
  package func evenCount(_ m: Int) -> Int { (lmax - m) / 2 + 1 }

  /// Both matrices of one order.
  package func order(_ m: Int) -> AlignedBuffer<T> {
    let make = {
      Self.compute(
        spin: self.spin, m: m, lmax: self.lmax, self.cosines, self.sines, self.weights?[m])
    }
    return tables?.order(m, make: make) ?? make()
  }

  /// Where the row of (l, m) starts in `order(m)`; kind 0 is −λ⁺ and 1 is −λ⁻.
  func row(l: Int, m: Int, kind: Int) -> Int {
    let k = l - m
    let row = k % 2 == 0 ? k / 2 : evenCount(m) + k / 2
    return (kind * (lmax - m + 1) + row) * pairCount
  }

  private static func compute(
    spin: Int, m: Int, lmax: Int, _ cosines: [Double], _ sines: [Double], _ weights: [Double]?
  ) -> AlignedBuffer<T> {
    let rows = lmax - m + 1
    let even = (lmax - m) / 2 + 1
    let count = cosines.count
    let matrices = AlignedBuffer<T>(count: 2 * rows * count)
    let columns = SpinLegendreColumns(spin: spin, m: m, lmax: lmax)
    for j in cosines.indices {
      let lambda = columns.values(cosTheta: cosines[j], sinTheta: sines[j])
      let weight = weights?[j] ?? 1
      for k in 0..<rows {
        let row = k % 2 == 0 ? k / 2 : even + k / 2
        matrices[row * count + j] = T(-weight * lambda.plus[k])
        matrices[(rows + row) * count + j] = T(-weight * lambda.minus[k])
      }
    }
    return matrices
  }
}
