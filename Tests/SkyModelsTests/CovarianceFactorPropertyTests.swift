import Foundation
import SpecialFunctions
import Testing
import Verification

@testable import SkyModels

@Suite("Cholesky factors of spectra")
struct CovarianceFactorPropertyTests {
  /// L Lᵀ = scale C: (n + 1) u ‖L‖² with n = 3 [Higham2002, theorem 10.3], ‖L‖² ≤ trace C. Blind
  /// to: an L that is not triangular, or of wrong sign, which makes the same covariance.
  @Test("The product is the covariance", arguments: [1.0, 0.5])
  func product(scale: Double) throws {
    let spectra = try randomSpectra(lmax: 40, seed: 53)
    let factors = CovarianceFactors(spectra, scale: scale)
    for l in 0...40 {
      let c = spectra.covariance(l: l)
      let bound = 4 * 0x1p-53 * scale * (c[0, 0] + c[1, 1] + c[2, 2])
      var worstControl = 0.0
      for (i, x) in SkyField.allCases.enumerated() {
        for (j, y) in SkyField.allCases.enumerated() {
          let terms = SkyField.allCases.map { factors[x, $0, l: l] * factors[y, $0, l: l] }
          #expect(abs(terms.reduce(0, +) - scale * c[i, j]) <= bound, "l = \(l), \(x) \(y)")
          if j > i { #expect(factors[x, y, l: l] == 0) }
          // Negative control: the last column left out, the error of a draw from T and E alone.
          worstControl = max(worstControl, abs(terms[0] + terms[1] - scale * c[i, j]))
        }
      }
      if l >= 2 { #expect(worstControl > 1000 * bound, "l = \(l)") }
    }
  }

  /// Where a field follows another completely, its own part is exactly zero, and the variance is
  /// kept to rounding. Negative control: 1 part in 10^9 of independent power is not dropped.
  @Test("Rank one is exactly of rank one")
  func rankOne() throws {
    var numbers = TestNumbers(seed: 54)
    for _ in 0..<500 {
      let (tt, ee, bb) = (numbers.uniform() + 1e-6, numbers.uniform(), 1e-9 * numbers.uniform())
      let spectra = try NamedSpectra(
        tt: [0, 0, tt], ee: [0, 0, ee], bb: [0, 0, bb], te: [0, 0, (tt * ee).squareRoot()],
        eb: [0, 0, -(ee * bb).squareRoot()], tb: [0, 0, -(tt * bb).squareRoot()])
      let factors = CovarianceFactors(spectra)
      #expect(factors[.e, .e, l: 2] == 0 && factors[.b, .b, l: 2] == 0)
      #expect(factors[.b, .e, l: 2] == 0 && !factors.depends(.b, on: .e))
      let follows = factors[.b, .temperature, l: 2]
      #expect(abs(follows * follows - bb) <= 8 * 0x1p-53 * bb)
    }
    let nearly = try NamedSpectra(tt: [0, 0, 1], ee: [0, 0, 1 + 1e-9], te: [0, 0, 1])
    #expect(abs(CovarianceFactors(nearly)[.e, .e, l: 2] - 1e-9.squareRoot()) < 1e-11)
  }

  /// E and B correlated with each other and not with T, and fields without power.
  @Test("Blocks and missing fields")
  func blocks() throws {
    let spectra = try NamedSpectra(
      tt: [4, 4, 4], ee: [0, 0, 9], bb: [0, 0, 4], eb: [0, 0, 6])
    let factors = CovarianceFactors(spectra)
    #expect(factors[.temperature, .temperature, l: 0] == 2)
    #expect(factors[.e, .e, l: 2] == 3 && factors[.b, .e, l: 2] == 2)
    #expect(factors[.b, .b, l: 2] == 0 && !factors.depends(.e, on: .temperature))
    let onlyB = CovarianceFactors(try NamedSpectra(bb: [0, 0, 16]))
    #expect(onlyB[.b, .b, l: 2] == 4 && onlyB[.b, .b, l: 1] == 0)
  }
}
