import Testing
import Verification

@testable import TrainingRuns

@Suite("Coverage of error bars")
struct CoveragePropertyTests {
  /// By hand: residuals 0.5, 1, 1.5, 3 with bars of 1; on the bar counts as within.
  @Test("By hand")
  func byHand() {
    let truths = [10.0, 11, 12, 13]
    let predictions = [10.5, 10, 13.5, 10]
    let bars = [1.0, 1, 1, 1]
    let one = Coverage(bars: 1, truths: truths, predictions: predictions, standardErrors: bars)
    let two = Coverage(bars: 2, truths: truths, predictions: predictions, standardErrors: bars)
    #expect(one.covered == 2 && one.count == 4 && one.share == 0.5)
    #expect(two.covered == 3 && two.share == 0.75)
    // A hundredth beyond one bar is outside, a hundredth within inside; and so for two.
    for (bars, residual, isWithin) in [
      (1, 0.99, true), (1, 1.01, false), (2, 1.99, true), (2, 2.01, false),
    ] {
      let coverage = Coverage(
        bars: bars, truths: [10], predictions: [10 + residual], standardErrors: [1])
      #expect(coverage.covered == (isWithin ? 1 : 0), "\(bars) bars, \(residual)")
    }
    // √(p (1 − p)/4): the square of the error times 4 is p (1 − p) to some roundings.
    let p = 0.6827
    #expect(abs(4 * one.standardError * one.standardError - p * (1 - p)) <= 4 * Double.ulpOfOne)
  }

  /// By hand: predictions 0...99 in another order, of which the two least, number 50 and the
  /// greatest are outside their bars.
  @Test("By prediction")
  func byPrediction() throws {
    let predictions = (0..<100).map { Double($0 * 37 % 100) }
    let truths = predictions.map { [0.0, 1, 50, 99].contains($0) ? $0 + 2 : $0 + 0.5 }
    let parts = try #require(
      CoverageByPrediction(
        truths: truths, predictions: predictions,
        standardErrors: [Double](repeating: 1, count: 100))
    ).parts
    #expect(parts.map(\.count) == [2, 5, 86, 5, 2])
    #expect(parts.map(\.covered) == [0, 5, 85, 5, 1])
    #expect(parts.count == CoverageByPrediction.names.count)
    #expect(
      CoverageByPrediction(
        truths: Array(truths.prefix(49)), predictions: Array(predictions.prefix(49)),
        standardErrors: [Double](repeating: 1, count: 49)) == nil)
  }

  /// Normal residuals under bars of their own width: both shares to five binomial standard errors,
  /// whose formula is exact here. Bars of half the width hold 38 and 68 %: at 20,000 maps 90 and
  /// 180 standard errors off.
  /// Blind to: bars that are too wide here and too narrow there; the calibration by bins sees bias
  /// only.
  @Test("Normal residuals", arguments: [1, 2], UInt64(0)..<3)
  func normal(bars: Int, seed: UInt64) {
    var numbers = TestNumbers(seed: 300 + seed)
    let truths = (0..<20_000).map { _ in numbers.uniform(5, 20) }
    let widths = truths.map { 0.01 * $0 }
    let predictions = truths.indices.map { truths[$0] + widths[$0] * numbers.normal() }
    func coverage(_ factor: Double) -> Coverage {
      Coverage(
        bars: bars, truths: truths, predictions: predictions,
        standardErrors: widths.map { factor * $0 })
    }
    #expect(abs(coverage(1).score) <= 5, "seed \(seed): \(coverage(1))")
    #expect(coverage(0.5).score < -75, "\(coverage(0.5))")
    #expect(coverage(2).score > 25, "\(coverage(2))")
  }
}
