import HarmonicTransforms
import Testing
import Verification

@testable import Conformance

/// The judgement on random fields, with random numbers of the tests' own.
@Suite("Distribution of random coefficients")
struct DistributionScorePropertyTests {
  static let (lmax, draws) = (8, 256)
  static let spectrum = (0...lmax).map { 1 / Double($0 + 1) }
  private var count: Int { 2 * coefficientCount(lmax: Self.lmax, mmax: Self.lmax) }

  /// Independent draws; `variance` changes that of m > 0, 1 being right.
  private func coefficients(seed: UInt64, variance: Double = 1) -> [Double] {
    var numbers = TestNumbers(seed: seed)
    return (0..<Self.draws).flatMap { _ in
      (0...Self.lmax).flatMap { m in
        (m...Self.lmax).flatMap { l -> [Double] in
          let power = Self.spectrum[l]
          if m == 0 { return [power.squareRoot() * numbers.normal(), 0] }
          let deviation = (variance * power / 2).squareRoot()
          return [deviation * numbers.normal(), deviation * numbers.normal()]
        }
      }
    }
  }

  private func score(_ values: [Double]) -> Double {
    DistributionScore(values, draws: Self.draws, lmax: Self.lmax, spectrum: Self.spectrum).largest
  }

  /// Some 36,000 scores of a right program stay below 6.5 with probability above 1 − 1e-4, and
  /// above 2.5 since so many of them cannot all be small.
  /// Blind to: moments beyond the fourth.
  @Test("Right draws pass", arguments: UInt64(0)..<5)
  func right(seed: UInt64) {
    let found = score(coefficients(seed: seed))
    #expect(found <= 6.5 && found > 2.5, "seed \(seed): \(found)")
  }

  /// Statistical bounds cannot be exceeded a thousandfold by finite samples: the controls exceed
  /// 6.5 standard errors by what their size makes of N draws.
  @Test("Wrong draws fail")
  func wrong() {
    // C_l in each part instead of C_l/2: √(M/2) = 68 standard errors of the M = 36 N real parts.
    #expect(score(coefficients(seed: 1, variance: 2)) > 50)
    let good = coefficients(seed: 1)
    // Half the variance for m = 0: √(M/2)/2 = 17 with M = 9 N.
    let zonal = good.indices.map { i in
      i % count < 2 * (Self.lmax + 1) ? good[i] * 0.5.squareRoot() : good[i]
    }
    #expect(score(zonal) > 12)
    // One degree with a tenth more power: √(M/2)/10 = 4.4 with M = 15 N for l = 7, too little; with
    // a quarter more 11.
    func scaled(_ power: Double) -> Double {
      let places = (0...Self.lmax).flatMap { m in (m...Self.lmax).flatMap { [$0, $0] } }
      return score(
        good.indices.map { places[$0 % count] == 7 ? good[$0] * power.squareRoot() : good[$0] })
    }
    #expect(scaled(1.25) > 7)
    // One draw repeated: √D = 9.
    let copied = good.indices.map { $0 / count == 1 ? good[$0 - count] : good[$0] }
    #expect(score(copied) > 7)
    // All draws the same.
    #expect(score(good.indices.map { good[$0 % count] }) > 50)
    // Every degree drawn from the numbers of its neighbour.
    let correlated = good.indices.map {
      $0 % count >= 4 ? good[$0] : good[$0 % 2 + $0 / count * count]
    }
    #expect(score(correlated) > 10)
    // A mean.
    #expect(
      score(good.enumerated().map { $0.offset % count == 6 ? $0.element + 1 : $0.element }) > 10)
    // A spectrum without power, with which nothing can be compared.
    let none = [Double](repeating: 0, count: Self.lmax + 1)
    #expect(
      DistributionScore(good, draws: Self.draws, lmax: Self.lmax, spectrum: none).largest
        == .infinity)
    // An imaginary part of m = 0.
    #expect(score(good.enumerated().map { $0.offset == 1 ? 1e-30 : $0.element }) == .infinity)
  }
}
