import Foundation
import Testing
import Verification

@testable import Baselines

@Suite("Comparison on the same maps")
struct PairedComparisonTests {

  /// By hand: truths 10 and 20; errors 1/10 and 1/20 against 1/10 and 1/10: ratio 0.75,
  /// Σ (e − R o)² = 0.025² + 0.025², standard error √(0.00125 · 2)/0.2.
  @Test("By hand")
  func byHand() throws {
    let comparison = try PairedComparison(
      truths: [10, 20], predictions: [11, 19], optimal: [9, 18])
    #expect(abs(comparison.ratio - 0.75) <= 8 * Double.ulpOfOne)
    let expected = (0.00125 * 2).squareRoot() / 0.2
    #expect(abs(comparison.ratioStandardError - expected) <= 16 * Double.ulpOfOne)
    #expect(abs(comparison.deviationsBelowOne - 1) <= 64 * Double.ulpOfOne)
    #expect(abs(comparison.predicted.percent - 7.5) <= 64 * Double.ulpOfOne)
    #expect(abs(comparison.optimal.percent - 10) <= 64 * Double.ulpOfOne)
    #expect(abs(comparison.predicted.standardError - 2.5) <= 64 * Double.ulpOfOne)
  }

  /// The same predictions: ratio exactly 1, no error.
  @Test("The same predictions")
  func identical() throws {
    let comparison = try PairedComparison(
      truths: [10, 20, 5], predictions: [11, 19, 5.1], optimal: [11, 19, 5.1])
    #expect(comparison.ratio == 1 && comparison.ratioStandardError == 0)
  }

  /// The standard error against the scatter over repetitions, 400 of them, which knows it to
  /// 1/√800 = 3.5 %; five of these and 2 % for the linear propagation. Predictions share most of
  /// their error with the optimal ones, which is what makes pairing worth while.
  @Test("The standard error is the scatter over repetitions")
  func scatter() throws {
    var numbers = TestNumbers(seed: 111)
    var ratios: [Double] = []
    var errors: [Double] = []
    var unpaired: [Double] = []
    for _ in 0..<400 {
      let truths = (0..<200).map { _ in numbers.uniform(5, 20) }
      let optimal = truths.map { $0 * (1 + 0.02 * numbers.normal()) }
      let predictions = optimal.map { $0 * (1 + 0.01 * numbers.normal()) }
      let comparison = try PairedComparison(
        truths: truths, predictions: predictions, optimal: optimal)
      ratios.append(comparison.ratio)
      errors.append(comparison.ratioStandardError)
      let first = comparison.predicted.standardError / comparison.predicted.percent
      let second = comparison.optimal.standardError / comparison.optimal.percent
      unpaired.append(comparison.ratio * (first * first + second * second).squareRoot())
    }
    let mean = ratios.reduce(0, +) / 400
    let scatter = (ratios.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 399).squareRoot()
    let claimed = errors.reduce(0, +) / 400
    #expect(abs(claimed / scatter - 1) < 5 / 800.0.squareRoot() + 0.02)
    // Negative control: the two errors taken as independent.
    #expect(unpaired.reduce(0, +) / 400 > 1.5 * scatter)
  }

  @Test("What cannot be compared")
  func refusals() {
    #expect(throws: BaselineError.lengthsDiffer(truths: 2, found: 1)) {
      try PairedComparison(truths: [1, 2], predictions: [1], optimal: [1, 2])
    }
    #expect(throws: BaselineError.lengthsDiffer(truths: 2, found: 3)) {
      try PairedComparison(truths: [1, 2], predictions: [1, 2], optimal: [1, 2, 3])
    }
    #expect(throws: BaselineError.tooFewMaps(found: 1)) {
      try PairedComparison(truths: [1], predictions: [1], optimal: [1])
    }
    #expect(throws: BaselineError.truthNotPositive(map: 1, value: 0)) {
      try PairedComparison(truths: [1, 0], predictions: [1, 2], optimal: [1, 2])
    }
    #expect(throws: BaselineError.self) {
      try PairedComparison(truths: [1, 2], predictions: [1, .nan], optimal: [1, 2])
    }
  }
}
