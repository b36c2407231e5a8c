import Foundation
import SpecialFunctions
import Testing
import Verification

@Suite("Laws of 3j symbols")
struct WignerThreeJPropertyTests {

  /// Columns of all m2 with one m1: Σ_l (2l+1) w_{m2}(l) w_{m2'}(l) = δ_{m2 m2'}.
  private func largestDefect(
    l2: Int, l3: Int, m1: Int, _ factor: (_ l: Int) -> Double
  ) -> (defect: Double, terms: Int) {
    let orders = Array(max(-l2, -m1 - l3)...min(l2, -m1 + l3))
    let columns = orders.map { WignerThreeJ(l2: l2, l3: l3, m2: $0, m3: -m1 - $0) }
    var worst = 0.0
    for (i, a) in columns.enumerated() {
      for (j, b) in columns.enumerated() where j <= i {
        var sum = 0.0
        for l in a.firstDegree...a.lastDegree { sum += factor(l) * a[l] * b[l] }
        let defect = abs(sum - (i == j ? 1 : 0))
        worst = max(worst, defect.isNaN ? .infinity : defect)
      }
    }
    return (worst, columns[0].values.count)
  }

  /// Each symbol carries up to (l2 + l3 + 10) u of its local amplitude (WignerThreeJFixtureTests),
  /// of either sign, and the amplitudes of a column have the norm 1: the same bound, twice, for a
  /// product of two columns.
  /// Blind to: signs that columns of different m2 share.
  @Test(
    "Columns are orthonormal",
    arguments: [(0, 0, 0), (3, 5, 1), (20, 20, 0), (31, 12, -7), (60, 60, 2)]
  )
  func orthonormal(l2: Int, l3: Int, m1: Int) {
    let bound = 2 * Double(l2 + l3 + 10) * RoundingBound.unitRoundoff()
    let (defect, _) = largestDefect(l2: l2, l3: l3, m1: m1) { Double(2 * $0 + 1) }
    #expect(defect <= bound, "\(defect)")
    // Negative control: 2l in place of 2l + 1.
    let (wrong, _) = largestDefect(l2: l2, l3: l3, m1: m1) { Double(2 * $0) }
    #expect(wrong > 1000 * bound, "\(wrong)")
  }

  /// (l1 l2 l3; m1 m2 m3) = (l2 l3 l1; m2 m3 m1): the same symbol as an element of a column along
  /// another degree, with another recurrence and another normalisation. Scale: 1/√(2 max l + 1),
  /// the largest that the symbol can be.
  /// Blind to: an error of a factor that depends on the three degrees symmetrically.
  @Test("Cyclic exchange", arguments: [(400, 300), (8000, 30)], UInt64(0)..<3)
  func cyclic(sizes: (largest: Int, draws: Int), seed: UInt64) {
    var numbers = TestNumbers(seed: 300 + seed)
    var worst = 0.0
    var control = 0.0
    for _ in 0..<sizes.draws {
      let l2 = Int(numbers.uniform(0, Double(sizes.largest)))
      let l3 = Int(numbers.uniform(0, Double(sizes.largest)))
      let m2 = Int(numbers.uniform(-Double(l2), Double(l2)).rounded())
      let m3 = Int(numbers.uniform(-Double(l3), Double(l3)).rounded())
      let column = WignerThreeJ(l2: l2, l3: l3, m2: m2, m3: m3)
      let l1 = Int(
        numbers.uniform(Double(column.firstDegree), Double(column.lastDegree)).rounded())
      let other = WignerThreeJ(l2: l3, l3: l1, m2: m3, m3: column.m1)
      let scale = 1 / Double(2 * max(l1, l2, l3) + 1).squareRoot()
      let unit = Double(l1 + l2 + l3 + 10) * RoundingBound.unitRoundoff() * scale
      let error = abs(column[l1] - other[l2]) / unit
      worst = max(worst, error.isNaN ? .infinity : error)
      control = max(control, abs(column[l1] + other[l2]) / unit)
    }
    #expect(worst <= 1, "\(worst) units")
    #expect(control > 1000)
  }

  /// Exchange of two columns of the symbol, and of the signs of all orders: (−1)^{l1+l2+l3}.
  @Test("Exchange and reflection", arguments: [(7, 4, 3, -1), (50, 61, -20, 33), (12, 12, 5, -2)])
  func exchange(l2: Int, l3: Int, m2: Int, m3: Int) {
    let column = WignerThreeJ(l2: l2, l3: l3, m2: m2, m3: m3)
    let exchanged = WignerThreeJ(l2: l3, l3: l2, m2: m3, m3: m2)
    let reflected = WignerThreeJ(l2: l2, l3: l3, m2: -m2, m3: -m3)
    let bound = 2 * Double(l2 + l3 + 10) * RoundingBound.unitRoundoff()
    let signed = (column.firstDegree...column.lastDegree).map { l in
      (l + l2 + l3).isMultiple(of: 2) ? column[l] : -column[l]
    }
    #expect(relativeError(exchanged.values, signed) <= bound)
    #expect(relativeError(reflected.values, signed) <= bound)
    #expect(relativeError(exchanged.values, column.values) > 1000 * bound)
  }
}
