import CGSL
import Foundation
import SpecialFunctions
import Testing

@Suite("Legendre functions against GSL")
struct LegendreOracleTests {
  static let lmax = 128
  static let thetas = [0.1, 0.44, 0.46, 0.9, 1.4, Double.pi / 2, 1.8, 2.6, 2.72, 3.04]

  /// Largest |computed − GSL| / [(l + 1) u √(λ_lm² + λ_{l+1,m}²) / sin θ].
  private func worstError(_ column: (_ m: Int, _ theta: Double) -> [Double]) -> Double {
    var worst = 0.0
    for theta in LegendreOracleTests.thetas {
      for m in 0..<LegendreOracleTests.lmax {
        let values = column(m, theta)
        for l in m..<LegendreOracleTests.lmax {
          let oracle = gsl_sf_legendre_sphPlm(Int32(l), Int32(m), cos(theta))
          let above = gsl_sf_legendre_sphPlm(Int32(l + 1), Int32(m), cos(theta))
          let unit = Double(l + 1) * Double.ulpOfOne / 2 * hypot(oracle, above) / sin(theta)
          worst = max(worst, abs(values[l - m] - oracle) / unit)
        }
      }
    }
    return worst
  }

  /// All orders and degrees to 128, sign (Condon–Shortley phase) and normalisation included.
  ///
  /// GSL is told cos θ, whose rounding moves θ by u/(2 sin θ) and the phase of λ_lm by l times that;
  /// its logarithms of gamma functions lose some tens of rounding errors more, hence the 64.
  /// Blind to: what happens near the poles and beyond l = 128 (LegendreFixtureTests).
  @Test("Every order and degree to 128")
  func everyOrderAndDegree() {
    let worst = worstError { m, theta in
      normalisedLegendre(m: m, lmax: LegendreOracleTests.lmax, theta: theta)
    }
    #expect(worst <= 64, "worst error \(worst) units")
  }

  /// The check rejects the functions without the phase (−1)^m, and a shift by one degree.
  @Test("Negative controls: no Condon–Shortley phase, degrees shifted by one")
  func rejectsWrongConventions() {
    let lmax = LegendreOracleTests.lmax
    let withoutPhase = worstError { m, theta in
      normalisedLegendre(m: m, lmax: lmax, theta: theta).map { m % 2 == 0 ? $0 : -$0 }
    }
    #expect(withoutPhase > 64e3)
    let shifted = worstError { m, theta in
      Array(normalisedLegendre(m: m, lmax: lmax + 1, theta: theta).dropFirst())
    }
    #expect(shifted > 64e3)
  }

  /// λ_00 = 1/√4π, λ_10 = √(3/4π) cos θ, λ_11 = −√(3/8π) sin θ: the conventions, spelled out.
  @Test("First functions")
  func firstFunctions() {
    let theta = 0.7
    let unit = 4 * Double.ulpOfOne
    let zonal = normalisedLegendre(m: 0, lmax: 1, theta: theta)
    #expect(abs(zonal[0] - (1 / (4 * Double.pi)).squareRoot()) <= unit)
    #expect(abs(zonal[1] - (3 / (4 * Double.pi)).squareRoot() * cos(theta)) <= unit)
    let sectoral = normalisedLegendre(m: 1, lmax: 1, theta: theta)
    #expect(abs(sectoral[0] + (3 / (8 * Double.pi)).squareRoot() * sin(theta)) <= unit)
  }
}
