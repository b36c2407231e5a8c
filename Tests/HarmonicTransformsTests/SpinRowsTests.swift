import Foundation
import Kernels
import SpecialFunctions
import Testing

@testable import HarmonicTransforms

@Suite("Rows of E and B between spin s and spin 0")
struct SpinRowsTests {
  private static let lmax = 12

  private func randomRows(spin: Int, m: Int, from first: Int, to last: Int, seed: Int)
    -> AlignedBuffer<Double>
  {
    let rows = AlignedBuffer<Double>(count: SpinRows.count(spin: spin, lmax: Self.lmax))
    for l in first...last {
      for i in 0..<4 { rows[4 * (l - m) + i] = cos(Double(37 * l + 11 * i + 5 * seed + m)) }
    }
    return rows
  }

  private func couplings(_ m: Int, spin: Int) -> AlignedBuffer<Double> {
    let list = AlignedBuffer<Double>(count: Self.lmax + spin + 3)
    for j in 0..<list.count { list[j] = j == 0 ? 0 : degreeCoupling(l: m + j, m: m) }
    return list
  }

  /// Step by step with `SpinLowering`, in complex numbers: x ± iy of n = ∓s one after the other.
  @Test("Lowering is that of the definition", arguments: [1, 2, 3, 5])
  func lowering(spin: Int) {
    for m in [0, 1, 2, 3, 7, 12] {
      let first = max(m, spin)
      let rows = randomRows(spin: spin, m: m, from: first, to: Self.lmax, seed: 1)
      // p = x + iy belongs to n = −s, q = x − iy to n = +s.
      var p: [Int: (re: Double, im: Double)] = [:]
      var q = p
      for l in first...Self.lmax {
        let r = rows.view(4 * (l - m))
        p[l] = (r[0] - r[3], r[2] + r[1])
        q[l] = (r[0] + r[3], r[2] - r[1])
      }
      for s in stride(from: spin, through: 1, by: -1) {
        func lowered(_ z: [Int: (re: Double, im: Double)], same: Double)
          -> [Int: (re: Double, im: Double)]
        {
          var sums: [Int: (re: Double, im: Double)] = [:]
          for (l, value) in z {
            let c = SpinLowering(l: l, m: m, spin: s)
            for (degree, factor) in [(l + 1, c.above), (l, same * c.same), (l - 1, c.below)] {
              let old = sums[degree] ?? (0, 0)
              sums[degree] = (old.re + factor * value.re, old.im + factor * value.im)
            }
          }
          return sums.filter { $0.key >= max(m, s - 1) }
        }
        // The common sign of n = +s is in (−1)^s of `SpinSteps`.
        p = lowered(p, same: 1)
        q = lowered(q, same: -1)
      }
      let list = couplings(m, spin: spin)
      withViews(rows, list) {
        SpinRows(spin: spin, lmax: Self.lmax).lower($0, m: m, couplings: $1)
      }
      for l in m...Self.lmax + spin {
        let (a, b) = (p[l] ?? (0, 0), q[l] ?? (0, 0))
        let expected = [
          (a.re + b.re) / 2, (a.im - b.im) / 2, (a.im + b.im) / 2, (b.re - a.re) / 2,
        ]
        for i in 0..<4 {
          #expect(
            abs(rows[4 * (l - m) + i] - expected[i]) < 1e-14,
            "spin \(spin), m \(m), degree \(l), number \(i)")
        }
      }
    }
  }

  @Test("Raising is the transpose", arguments: [1, 2, 3, 5])
  func transpose(spin: Int) {
    for m in [0, 1, 2, 3, 7, 12] {
      let first = max(m, spin)
      let steps = SpinRows(spin: spin, lmax: Self.lmax)
      let list = couplings(m, spin: spin)
      let x = randomRows(spin: spin, m: m, from: first, to: Self.lmax, seed: 2)
      let y = randomRows(spin: spin, m: m, from: m, to: Self.lmax + spin, seed: 3)
      let (before, after) = (x.array(), y.array())
      withViews(x, y, list) { x, y, list in
        steps.lower(x, m: m, couplings: list)
        steps.raise(y, m: m, couplings: list)
      }
      var (left, right, size) = (0.0, 0.0, 0.0)
      for i in 0..<4 * (Self.lmax + spin - m + 1) {
        left += x[i] * after[i]
        size += abs(x[i] * after[i])
      }
      for i in 0..<4 * (Self.lmax - m + 1) { right += before[i] * y[i] }
      #expect(abs(left - right) <= 1e-14 * size, "spin \(spin), m \(m)")
      // Nothing below the spin.
      for i in 0..<4 * max(0, spin - m) { #expect(y[i] == 0) }
    }
  }
}
