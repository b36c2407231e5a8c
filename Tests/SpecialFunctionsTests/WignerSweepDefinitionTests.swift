import Foundation
import SpecialFunctions
import Testing
import Verification

@Suite("Sweep over all pairs of orders against the recurrence of one")
struct WignerSweepDefinitionTests {
  static let lmax = 40

  /// Largest |sweep − recurrence| / [(l + 5) u √(δ_l² + δ_{l+1}²)] over all pairs, both signs of n.
  private func worstError(
    beta: Double, _ change: (_ m: Int, _ n: Int, _ l: Int) -> Double = { _, _, _ in 1 }
  ) -> Double {
    let (c, s) = (cos(beta), sin(beta))
    let sweep = WignerSweep(lmax: Self.lmax, cosBeta: c, sinBeta: s)
    var column = [Double](repeating: .nan, count: Self.lmax + 1)
    var mirrored = column
    var worst = 0.0
    for m in 0...Self.lmax {
      let columns = sweep.order(m)
      for n in 0...m {
        columns.write(n: n, into: &column, mirrored: &mirrored)
        for (values, order) in [(column, n), (mirrored, -n)] {
          let exact = WignerRecurrence(m: m, n: order, lmax: Self.lmax + 1)
            .values(cosBeta: c, sinBeta: s)
          for l in m...Self.lmax {
            let unit = Double(l + 5) * hypot(exact[l - m], exact[l + 1 - m]) * 0x1p-53
            let error = abs(change(m, order, l) * values[l - m] - exact[l - m])
            if error == 0, !unit.isNaN { continue }
            worst = max(worst, (error / unit).isNaN ? .infinity : error / unit)
          }
        }
      }
    }
    return worst
  }

  /// Both are within 3 (l + 5) u of the truth, hence within 6 (l + 5) u of each other.
  /// Blind to: what they share, the recurrences and the formula of the start (WignerFixtureTests).
  @Test(
    "Every pair of orders",
    arguments: [0, 1e-6, 0.1, 0.79, 0.8, 1.2, Double.pi / 2, 1.9, 2.35, 2.36, 3.0, Double.pi])
  func everyPair(beta: Double) {
    #expect(worstError(beta: beta) <= 6)
    // Negative controls: the sign of odd differences of the orders, and that of the hemisphere.
    let transposed = worstError(beta: beta) { m, n, _ in (m - n).isMultiple(of: 2) ? 1 : -1 }
    if sin(beta) > 1e-10 { #expect(transposed > 6000) }
    #expect(worstError(beta: beta) { m, _, l in (m + l).isMultiple(of: 2) ? 1 : -1 } > 6000)
  }

  /// A column of the order m has lmax − m + 1 elements; what is behind them is left alone.
  @Test("Writes exactly its own elements")
  func writesOwnElements() {
    for beta in [0.2, 1, 2, 3] {
      let sweep = WignerSweep(lmax: 6, cosBeta: cos(beta), sinBeta: sin(beta))
      var column = [Double](repeating: .nan, count: 8)
      var mirrored = column
      sweep.order(4).write(n: 3, into: &column, mirrored: &mirrored)
      #expect(column.indices.filter { column[$0].isNaN } == [3, 4, 5, 6, 7])
      #expect(mirrored.indices.filter { mirrored[$0].isNaN } == [3, 4, 5, 6, 7])
    }
  }
}
