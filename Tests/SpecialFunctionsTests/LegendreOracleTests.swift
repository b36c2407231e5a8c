import CGSL
import Foundation
import SpecialFunctions
import Testing
import Verification

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
          let error = abs(values[l - m] - oracle) / unit
          worst = max(worst, error.isNaN ? .infinity : error)
        }
      }
    }
    return worst
  }

  /// All orders and degrees to 128, sign (Condon–Shortley phase) and normalisation included.
  ///
  /// GSL is told cos θ, whose rounding moves θ by u/(2 sin θ) and the phase of λ_lm by l times
  /// that; its logarithms of gamma functions lose some tens of rounding errors more, hence the 64.
  /// Blind to: what happens near the poles and beyond l = 128 (the next test,
  /// LegendreFixtureTests).
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

  static let steepThetas = [
    1e-4, 1e-3, 0.01, 0.1, 0.5, acos(0.7) - 1e-6, acos(0.7) + 1e-6, 1.2, 1.7, 2.4, 3.1, 3.1406,
  ]

  /// Largest |computed − GSL| up to degree 4096, in the units of `degreesTo4096`, and the number of
  /// values compared.
  private func worstErrorTo4096(
    _ column: (_ m: Int, _ theta: Double) -> [Double]
  ) -> (ratio: Double, count: Int, place: String) {
    var worst = (ratio: 0.0, count: 0, place: "")
    for m in [0, 1, 2, 3, 10, 50, 300, 1000, 2048, 4000] {
      for theta in Self.steepThetas where Double(m) * log(sin(theta)) > -680 {
        let values = column(m, theta)
        let depth = -Double(m) * log(sin(theta))  // −ln λ_mm, but for factors near 1
        for step in 0...12 {
          let l = m + (4096 - m) * step * step / 144
          let oracle = gsl_sf_legendre_sphPlm(Int32(l), Int32(m), cos(theta))
          let above = gsl_sf_legendre_sphPlm(Int32(l + 1), Int32(m), cos(theta))
          let rounding =
            Double(l + 1) / sin(theta) + Double(m) / pow(sin(theta), 2) + depth
          let unit = rounding * RoundingBound.unitRoundoff() * hypot(oracle, above)
          let ratio = abs(values[l - m] - oracle) / unit
          worst.count += 1
          if !(ratio <= worst.ratio) { (worst.ratio, worst.place) = (ratio, "\(l) \(m) \(theta)") }
        }
      }
    }
    return worst
  }

  /// To degree 4096 and to 10⁻⁴ of both poles, wherever GSL has a result: it starts from λ_mm and
  /// refuses where that underflows.
  ///
  /// GSL is told cos θ, whose rounding moves the phase by up to l u / sin θ, and runs on the plain
  /// recurrence, whose four roundings per step count up to 1/sin θ each near a pole. It takes sin^m
  /// θ from the logarithm of 1 − cos²θ, of whose rounding error u/sin²θ it makes m/2, and from an
  /// exponential, which adds |ln λ_mm| u. Bound: five of l u / sin θ for that, three for what
  /// remains, and as many of m u / sin²θ and |ln λ_mm| u.
  /// Blind to: that same loss of digits near the poles (LegendreFixtureTests), and to the columns
  /// that start below 10⁻³⁰⁰ (there too).
  @Test("Degrees to 4096, close to the poles")
  func degreesTo4096() {
    let worst = worstErrorTo4096 { normalisedLegendre(m: $0, lmax: 4097, theta: $1) }
    #expect(worst.count > 900)
    #expect(worst.ratio <= 8, "\(worst)")
    let shifted = worstErrorTo4096 {
      Array(normalisedLegendre(m: $0, lmax: 4098, theta: $1).dropFirst())
    }
    #expect(shifted.ratio > 8000, "\(shifted)")
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
