import Testing
import Verification

@testable import Benchmark

@Suite("Calibration by its definition")
struct CalibrationDefinitionTests {
  /// Three bins of 0...3 in small integers: truths 0, 0.5 | 1, 1.5, 1.5 | 3, where 1 is on a border
  /// and 3 the upper end. All numbers are exact in binary.
  @Test("Bins by hand")
  func bins() throws {
    let truths = [0, 0.5, 1, 1.5, 1.5, 3]
    let deviations = [1.0, 3, -1, -2, -3, 8]
    let calibration = Calibration(
      truths: truths, predictions: zip(truths, deviations).map { $0 + $1 }, prior: 0...3,
      binCount: 3)
    #expect(calibration.bins.map(\.count) == [2, 3, 1])
    #expect(calibration.bins.map(\.range) == [0...1, 1...2, 2...3])
    #expect(calibration.bins.map(\.centre) == [0.5, 1.5, 2.5])
    #expect(calibration.bins.map { $0.bias?.value } == [2, -2, nil], "one map has no error bar")
    // Variances 2 and 1; standard errors √(2/2) and √(1/3).
    #expect(calibration.bins[0].bias?.standardError == 1)
    #expect(calibration.bins[0].scatter == 2.0.squareRoot())
    #expect(calibration.bins[1].bias?.standardError == (1.0 / 3).squareRoot())
    let relative = try #require(calibration.bins[0].relativeBias)
    #expect(abs(relative.value - 2.0.squareRoot()) <= 2 * Double.ulpOfOne)
    #expect(calibration.coverage.isEmpty)
    // The scatter of all: five maps with a variance, (2 · 2 + 3 · 1)/5.
    let scatter = try #require(calibration.scatter)
    #expect(abs(scatter * scatter - 1.4) <= 8 * Double.ulpOfOne)
  }

  /// The slope against the normal equations of p = a + b t solved by Cramer's rule, without
  /// subtracting means first: sums of n products of size 20² lose n · 400 u of Σ t² n − (Σ t)²,
  /// which is n² · 18.75 for uniform truths, so the bound is 4 · 400/18.75 probable operations.
  /// Blind to: an error of the line that both solve for.
  @Test("Slope against the normal equations", arguments: UInt64(0)..<4)
  func slope(seed: UInt64) throws {
    var numbers = TestNumbers(seed: 40 + seed)
    let truths = (0..<500).map { _ in numbers.uniform(5, 20) }
    let predictions = truths.map { 3 + 0.8 * $0 + 0.1 * $0 * numbers.normal() }
    let found = try #require(
      Calibration(truths: truths, predictions: predictions, prior: 5...20).slope)
    var (t, p, tt, tp) = (0.0, 0.0, 0.0, 0.0)
    for (truth, prediction) in zip(truths, predictions) {
      (t, p, tt, tp) = (t + truth, p + prediction, tt + truth * truth, tp + truth * prediction)
    }
    let n = 500.0
    let expected = (n * tp - t * p) / (n * tt - t * t)
    let bound = 4 * 400 / 18.75 * RoundingBound.probable(operations: 500) * expected
    #expect(abs(found.value - expected) <= bound, "seed \(seed)")
    // Negative control: the slope of truths against predictions.
    var pp = 0.0
    for prediction in predictions { pp += prediction * prediction }
    #expect(abs((n * tp - t * p) / (n * pp - p * p) - expected) > 1000 * bound)
  }

  /// The slope's error where residuals are larger in the middle: truths −3, −1, 1, 3 about their
  /// mean, residuals 1, −3, 3, −1, which are orthogonal to a constant and to a line. The formula
  /// for unequal scatter gives √(Σ t² r² n/(n − 2))/Σ t² = √(36 · 2)/20, that for equal scatter
  /// √(Σ r²/(n − 2)/Σ t²) = √(20/2/20).
  @Test("The error of a slope by hand")
  func slopeError() throws {
    // Their products with the truths about the mean: −3 + 3 + 3 − 3 = 0.
    let truths = [7.0, 9, 11, 13]
    let residuals = [1.0, -3, 3, -1]
    let found = try #require(
      Calibration(
        truths: truths, predictions: zip(truths, residuals).map { 1 + 0.5 * $0 + $1 },
        prior: 5...20
      ).slope)
    #expect(abs(found.value - 0.5) <= 8 * Double.ulpOfOne)
    // Σ t² r² = 9 + 9 + 9 + 9.
    let expected = (36.0 * 2).squareRoot() / 20
    #expect(abs((found.standardError ?? 0) - expected) <= 16 * Double.ulpOfOne)
    #expect(abs(expected - (20.0 / 2 / 20).squareRoot()) > 0.2)
  }

  /// A straight line has its slope and no residuals: exact up to roundings of the sums.
  @Test("A line")
  func line() throws {
    let truths = (0..<64).map { 5 + Double($0) * 0.125 }
    let found = try #require(
      Calibration(truths: truths, predictions: truths.map { 2 - 0.5 * $0 }, prior: 5...20).slope)
    #expect(found.value == -0.5 && found.standardError == 0)
    #expect(Calibration(truths: [5, 6], predictions: [5, 6], prior: 5...20).slope == nil)
    #expect(Calibration(truths: [6, 6, 6], predictions: [5, 6, 7], prior: 5...20).slope == nil)
  }
}
