import Foundation
import SpecialFunctions
import Testing
import Verification

@Suite("3j symbols against Racah's sum")
struct WignerThreeJDefinitionTests {

  /// Largest |computed − sum| over all columns with l2, l3 ≤ 8.
  private func worstError(_ column: (WignerThreeJ, _ l: Int) -> Double) -> Double {
    var worst = 0.0
    for (l2, l3) in (0...8).flatMap({ a in (0...8).map { (a, $0) } }) {
      for (m2, m3) in (-l2...l2).flatMap({ a in (-l3...l3).map { (a, $0) } }) {
        let symbols = WignerThreeJ(l2: l2, l3: l3, m2: m2, m3: m3)
        for l in 0...l2 + l3 {
          let exact = wignerThreeJByDefinition(
            l1: l, l2: l2, l3: l3, m1: symbols.m1, m2: m2, m3: m3)
          let error = abs(column(symbols, l) - exact)
          worst = error.isNaN ? .infinity : max(worst, error)
        }
      }
    }
    return worst
  }

  /// Every symbol with l2, l3 ≤ 8, those that vanish by the selection rules included.
  ///
  /// The terms of the sum alternate; with their prefactor they add up to at most 1.63 in magnitude
  /// for these degrees, and each of them has some 16 rounding errors of either sign (products,
  /// quotients and roots): 1.63 · 2 √16 u, absolute. The factorials themselves are exact up to 18!.
  /// Blind to: larger degrees (WignerThreeJFixtureTests).
  static let bound = 1.63 * RoundingBound.probable(operations: 16, lambda: 2)

  @Test("All columns with degrees up to 8")
  func allColumns() {
    let worst = worstError { $0[$1] }
    #expect(worst <= Self.bound, "worst error \(worst)")
  }

  /// The check rejects orders exchanged, degrees shifted, and the sign of another convention.
  @Test("Negative controls: orders exchanged, degrees shifted, sign")
  func rejectsOthers() {
    let exchanged = worstError { symbols, l in
      let (m2, m3) = (symbols.m3, symbols.m2)
      guard abs(m2) <= symbols.l2 && abs(m3) <= symbols.l3 else { return symbols[l] }
      return WignerThreeJ(l2: symbols.l2, l3: symbols.l3, m2: m2, m3: m3)[l]
    }
    #expect(exchanged > 1000 * Self.bound)
    #expect(worstError { $0[$1 + 1] } > 1000 * Self.bound)
    let clebschGordan = worstError { symbols, l in
      (symbols.l2 - symbols.l3 + symbols.m1).isMultiple(of: 2) ? symbols[l] : -symbols[l]
    }
    #expect(clebschGordan > 1000 * Self.bound)
  }

  /// (1 1 0; 0 0 0) = −1/√3, (2 1 1; 0 0 0) = √(2/15), (1 1 1; 0 1 −1) = 1/√6: the conventions.
  @Test("First symbols")
  func firstSymbols() {
    let unit = 2 * Double.ulpOfOne
    #expect(abs(WignerThreeJ(l2: 1, l3: 1, m2: 0, m3: 0)[0] + (1.0 / 3).squareRoot()) <= unit)
    #expect(abs(WignerThreeJ(l2: 1, l3: 1, m2: 0, m3: 0)[2] - (2.0 / 15).squareRoot()) <= unit)
    #expect(abs(WignerThreeJ(l2: 1, l3: 1, m2: 1, m3: -1)[1] - (1.0 / 6).squareRoot()) <= unit)
    #expect(WignerThreeJ(l2: 1, l3: 1, m2: 0, m3: 0)[1] == 0)
    #expect(WignerThreeJ(l2: 1, l3: 2, m2: 0, m3: 0)[0] == 0)
    #expect(WignerThreeJ(l2: 1, l3: 2, m2: 0, m3: 0)[4] == 0)
  }
}
