import Testing
import Verification

@Suite("Statistical checks")
struct StandardScoreTests {

  /// The score of normal samples is that of their mean, with the right sign and unit.
  @Test("Definition")
  func definition() {
    let score = StandardScore(of: [1, 2, 3, 4], expected: 2)
    #expect(score.mean == 2.5)
    // s² = 5/3, so the standard error is √(5/12).
    #expect(abs(score.standardError - (5.0 / 12).squareRoot()) <= 2 * (1.0).ulp)
    #expect(score.value > 0)
    #expect(StandardScore(of: [1, 2, 3, 4], expected: 3).value == -score.value)
    #expect(StandardScore(mean: 1, standardError: 0.5, expected: 2).value == -2)
  }

  /// 500 means of 100 uniform numbers: their scores have mean 0 and variance 1 (a Student variable
  /// of 99 degrees of freedom has variance 99/97), each within five of its own standard errors.
  @Test("Scores are standard")
  func standard() {
    var numbers = TestNumbers(seed: 31)
    let scores = (0..<500).map { _ in
      StandardScore(of: (0..<100).map { _ in numbers.uniform() }, expected: 0.5).value
    }
    #expect(StandardScore(of: scores, expected: 0).magnitude < 5)
    #expect(StandardScore(of: scores.map { $0 * $0 }, expected: 99.0 / 97).magnitude < 5)
  }

  /// A bias of 0.5 σ in 10 000 samples is 50 standard errors.
  @Test("Negative control: a bias")
  func bias() {
    var numbers = TestNumbers(seed: 32)
    let samples = numbers.normals(10_000)
    #expect(StandardScore(of: samples, expected: 0).magnitude < 5)
    #expect(StandardScore(of: samples, expected: 0.5).magnitude > 40)
    #expect(StandardScore(of: samples, expected: -0.5).magnitude > 40)
  }

  /// Without scatter, with one sample, or with a value that is not finite there is no score.
  @Test("Refusals")
  func refusals() {
    for samples in [[], [1.0], [2.0, 2.0], [1.0, .nan], [1.0, .infinity]] {
      #expect(StandardScore(of: samples, expected: 2).magnitude == .infinity, "\(samples)")
    }
    #expect(ChiSquare(deviations: []).score == .infinity)
    #expect(ChiSquare(deviations: [1, .nan]).score == .infinity)
    #expect(ChiSquare(deviations: [1, 2], fittedParameters: 2).score == .infinity)
  }

  /// χ² of normal deviations scores within ±5; deviations in units that are 20 % wrong do not, for
  /// 10 000 of them: 1.2² − 1 = 0.44 is 31 times √(2/10 000), 0.8² − 1 = −0.36 is 25 times.
  @Test("Chi-square")
  func chiSquare() {
    var numbers = TestNumbers(seed: 33)
    let deviations = numbers.normals(10_000)
    let right = ChiSquare(deviations: deviations)
    #expect(abs(right.score) < 5, "\(right)")
    #expect(abs(right.perDegree - 1) < 5 * (2.0 / 10_000).squareRoot())
    #expect(ChiSquare(deviations: deviations.map { 1.2 * $0 }).score > 20)
    #expect(ChiSquare(deviations: deviations.map { 0.8 * $0 }).score < -20)
  }

  /// Quantiles of χ² with 10 degrees of freedom, 3.940 (5 %) and 18.307 (95 %), score ∓1.645.
  ///
  /// Bound: the transformation is good to about 0.01 at ν = 10; the tabulated quantiles have four
  /// digits.
  @Test("Quantiles")
  func quantiles() {
    for (quantile, normal) in [(3.940, -1.645), (18.307, 1.645)] {
      let deviation = (quantile / 10).squareRoot()
      let score = ChiSquare(deviations: [Double](repeating: deviation, count: 10)).score
      #expect(abs(score - normal) < 0.02, "\(score) against \(normal)")
    }
  }
}
