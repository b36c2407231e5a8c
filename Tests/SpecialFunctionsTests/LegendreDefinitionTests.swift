import Foundation
import SpecialFunctions
import Testing
import Verification

@Suite("Legendre functions against their definition")
struct LegendreDefinitionTests {
  static let thetas = [0, 1e-6, 0.2, 0.45, 0.46, 1.0, Double.pi / 2, 2.0, 3.0, Double.pi]

  /// Largest |computed − definition| / [(1 + √2)^l u √((2l+1)/4π)] over 0 ≤ m ≤ l ≤ 16.
  private func worstError(_ column: (_ m: Int, _ theta: Double) -> [Double]) -> Double {
    var worst = 0.0
    for theta in LegendreDefinitionTests.thetas {
      for m in 0...16 {
        let values = column(m, theta)
        for l in m...16 {
          let growth = pow(1 + 2.0.squareRoot(), Double(l))
          let scale = (Double(2 * l + 1) / (4 * .pi)).squareRoot()
          let error = abs(values[l - m] - legendreByDefinition(l: l, m: m, theta: theta))
          let units = error / (growth * scale * Double.ulpOfOne / 2)
          worst = max(worst, units.isNaN ? .infinity : units)
        }
      }
    }
    return worst
  }

  /// The recurrence equals the derivative formula, poles included. The bound is the cancellation in
  /// the formula's alternating sum, whose terms add up to at most (1 + √2)^l in magnitude, with a
  /// few rounding errors in each.
  /// Blind to: degrees above 16 (LegendreFixtureTests).
  @Test("Recurrence equals the derivative formula")
  func recurrenceEqualsDefinition() {
    let worst = worstError { normalisedLegendre(m: $0, lmax: 16, theta: $1) }
    #expect(worst <= 8, "worst error \(worst) units")
  }

  /// The check rejects the normalisation of another convention, √(2l+1) without 1/4π.
  @Test("Negative control: 4π-normalised functions")
  func rejectsOtherNormalisation() {
    let worst = worstError { m, theta in
      normalisedLegendre(m: m, lmax: 16, theta: theta).map { $0 * (4 * .pi).squareRoot() }
    }
    #expect(worst > 8e3)
  }

  /// λ_lm(π − θ) = (−1)^{l+m} λ_lm(θ), bit for bit: the transforms use it for pairs of rings.
  @Test("Parity is exact", arguments: [0, 1, 7, 60])
  func parity(m: Int) {
    for theta in [0.01, 0.3, 0.6, 1.5] {
      let north = normalisedLegendre(m: m, lmax: 64, cosTheta: cos(theta), sinTheta: sin(theta))
      let south = normalisedLegendre(m: m, lmax: 64, cosTheta: -cos(theta), sinTheta: sin(theta))
      for k in north.indices { #expect(south[k] == (k % 2 == 0 ? north[k] : -north[k])) }
    }
  }

  /// Writing touches lmax − m + 1 elements, no more: the others keep their NaN.
  @Test("Writes exactly its own elements")
  func writesOwnElements() {
    var column = [Double](repeating: .nan, count: 9)
    LegendreRecurrence(m: 2, lmax: 6).write(
      cosTheta: cos(1), sinTheta: sin(1), into: &column, at: 3)
    #expect(column.indices.filter { column[$0].isNaN } == [0, 1, 2, 8])
    #expect(Array(column[3..<8]) == normalisedLegendre(m: 2, lmax: 6, theta: 1))
  }

  /// At a pole every function of order m > 0 is zero and λ_l0 = √((2l+1)/4π) (±1)^l.
  @Test("Values at the poles")
  func poles() {
    for cosTheta in [1.0, -1.0] {
      let zonal = normalisedLegendre(m: 0, lmax: 100, cosTheta: cosTheta, sinTheta: 0)
      for l in zonal.indices {
        let exact = (Double(2 * l + 1) / (4 * .pi)).squareRoot() * pow(cosTheta, Double(l))
        #expect(abs(zonal[l] - exact) <= Double(l + 1) * Double.ulpOfOne * abs(exact))
      }
      let others = normalisedLegendre(m: 3, lmax: 100, cosTheta: cosTheta, sinTheta: 0)
      #expect(others.allSatisfy { $0 == 0 })
    }
  }
}
