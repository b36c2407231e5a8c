import CGSL
import SpecialFunctions
import Testing
import Verification

@Suite("3j symbols against GSL")
struct WignerThreeJOracleTests {

  /// Largest |computed − GSL| over columns with l2, l3 ≤ 40 and random orders, in units of what GSL
  /// says of its own error plus (l2 + l3 + 10) u of the largest symbol of a degree, 1/√(2l+1).
  private func worstError(
    _ symbol: (_ l: Int, _ l2: Int, _ l3: Int, _ m2: Int, _ m3: Int) -> Double
  ) -> Double {
    var numbers = TestNumbers(seed: 91)
    var worst = 0.0
    for (l2, l3) in (0...20).flatMap({ a in (0...20).map { (2 * a, 40 - 2 * $0) } }) {
      let m2 = Int(numbers.uniform(-Double(l2) - 0.5, Double(l2) + 0.5).rounded())
      let m3 = Int(numbers.uniform(-Double(l3) - 0.5, Double(l3) + 0.5).rounded())
      let m1 = -m2 - m3
      for l in max(abs(l2 - l3), abs(m1))...l2 + l3 {
        var oracle = gsl_sf_result()
        let twice = [l, l2, l3, m1, m2, m3].map { Int32(2 * $0) }
        let status = gsl_sf_coupling_3j_e(
          twice[0], twice[1], twice[2], twice[3], twice[4], twice[5], &oracle)
        guard status == 0 else { return .infinity }
        let roundings = Double(l2 + l3 + 10) * RoundingBound.unitRoundoff()
        let own = roundings / Double(2 * l + 1).squareRoot()
        let error = abs(symbol(l, l2, l3, m2, m3) - oracle.val)
        worst = max(worst, error.isNaN ? .infinity : error / (oracle.err + own))
      }
    }
    return worst
  }

  /// GSL adds Racah's alternating terms, and its estimate of the error is their sum in magnitude
  /// times some rounding errors; it reaches 10⁻⁹ at l = 40.
  /// Blind to: what is below that estimate (WignerThreeJFixtureTests).
  @Test("Random columns with degrees up to 40")
  func columns() {
    let worst = worstError { l, l2, l3, m2, m3 in
      WignerThreeJ(l2: l2, l3: l3, m2: m2, m3: m3)[l]
    }
    #expect(worst <= 1, "worst error \(worst) units")
  }

  /// The check rejects m2 of the other sign, and the neighbouring degree.
  @Test("Negative controls: sign of an order, degrees shifted")
  func rejectsOthers() {
    let otherSign = worstError { l, l2, l3, m2, m3 in
      let symbols = WignerThreeJ(l2: l2, l3: l3, m2: -m2, m3: m3)
      return symbols[l]
    }
    #expect(otherSign > 1000)
    let shifted = worstError { l, l2, l3, m2, m3 in
      WignerThreeJ(l2: l2, l3: l3, m2: m2, m3: m3)[l + 1]
    }
    #expect(shifted > 1000)
  }
}
