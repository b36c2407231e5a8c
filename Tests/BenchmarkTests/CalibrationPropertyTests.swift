import Testing
import Verification

@testable import Benchmark

/// What calibration must say of predictors whose faults are known.
@Suite("Calibration of known predictors")
struct CalibrationPropertyTests {
  private static let prior = 5.0...20.0
  private static let count = 20_000

  /// Truths uniform in the prior, and predictions around `centre` of each with a scatter of 2 % of
  /// the truth.
  private static func calibration(
    seed: UInt64, barFactor: Double = 1, centre: (Double) -> Double = { $0 }
  ) -> Calibration {
    var numbers = TestNumbers(seed: 500 + seed)
    let truths = (0..<count).map { _ in numbers.uniform(prior.lowerBound, prior.upperBound) }
    let predictions = truths.map { centre($0) + 0.02 * $0 * numbers.normal() }
    return Calibration(
      truths: truths, predictions: predictions, errorBars: truths.map { barFactor * 0.02 * $0 },
      prior: prior)
  }

  /// How far a slope is from 1, in its standard errors.
  private static func slopeScore(_ calibration: Calibration) -> StandardScore {
    StandardScore(
      mean: calibration.slope?.value ?? .nan,
      standardError: calibration.slope?.standardError ?? .nan, expected: 1)
  }

  /// χ² of the bins' biases.
  private static func biases(_ calibration: Calibration) -> ChiSquare {
    ChiSquare(
      deviations: calibration.bins.map { bin in
        guard let bias = bin.bias, let error = bias.standardError else { return .nan }
        return bias.value / error
      })
  }

  /// A calibrated predictor: no bias in any bin, slope 1, 68.27 and 95.45 % within one bar and two;
  /// all to five standard errors.
  /// Blind to: what its own scatter hides, a bias of 5 · 2 % · 12/√1333 = 0.03 in a bin.
  @Test("Calibrated", arguments: UInt64(0)..<4)
  func calibrated(seed: UInt64) {
    let own = Self.calibration(seed: seed)
    #expect(abs(Self.biases(own).score) <= 5, "seed \(seed): \(Self.biases(own))")
    #expect(Self.slopeScore(own).magnitude <= 5, "seed \(seed): \(Self.slopeScore(own))")
    #expect(own.coverage.map(\.bars) == [1, 2])
    for coverage in own.coverage { #expect(abs(coverage.score) <= 5, "seed \(seed): \(coverage)") }
  }

  /// The slope's standard error is the scatter of the slope over repetitions, though the residuals
  /// grow with the truth: 200 repetitions know it to 5 %; five of these. Constant residuals of the
  /// same mean square would give 7 % less, which this cannot tell apart; a standard error without
  /// 1/√n could.
  @Test("The slope's standard error")
  func slopeError() {
    let slopes = (0..<200).compactMap { Self.calibration(seed: 1000 + $0).slope }
    let mean = slopes.reduce(0) { $0 + $1.value } / 200
    let scatter = (slopes.reduce(0) { $0 + ($1.value - mean) * ($1.value - mean) } / 199)
      .squareRoot()
    let claimed = slopes.reduce(0) { $0 + ($1.standardError ?? .nan) } / 200
    #expect(abs(claimed / scatter - 1) <= 5 / 400.0.squareRoot())
    #expect(abs(claimed * Double(Self.count).squareRoot() / scatter - 1) > 100)
  }

  /// A constant predictor has slope 0 with no error at all and the biases of its distance from the
  /// truth: the middle of the first bin is 7 below the prior's mean. Its mean error is finite, and
  /// only this shows it.
  @Test("A constant is exposed")
  func constant() throws {
    var numbers = TestNumbers(seed: 7)
    let truths = (0..<Self.count).map { _ in numbers.uniform(5, 20) }
    let own = Calibration(
      truths: truths, predictions: truths.map { _ in 12.5 }, errorBars: truths.map { _ in 4.33 },
      prior: Self.prior)
    #expect(own.slope == ValueWithError(0, standardError: 0))
    #expect(!Self.slopeScore(own).value.isFinite, "no bound accepts it")
    // Truths are uniform within a bin: its mean is its middle to five times 1/√(12 · 1300).
    let first = try #require(own.bins.first?.bias)
    #expect(abs(first.value - 7) <= 5 / (12.0 * 1200).squareRoot())
    #expect(abs(Self.biases(own).score) > 100)
  }

  /// Half-way shrinkage to the prior's mean: slope 1/2, and biases that fall through the prior.
  @Test("Shrunken predictions")
  func shrunken() throws {
    let own = Self.calibration(seed: 3) { 12.5 + ($0 - 12.5) / 2 }
    let slope = try #require(own.slope)
    let error = try #require(slope.standardError)
    #expect(abs(slope.value - 0.5) <= 5 * error)
    #expect(Self.slopeScore(own).magnitude > 200)
    #expect((own.bins.first?.bias?.value ?? 0) > 3 && (own.bins.last?.bias?.value ?? 0) < -3)
  }

  /// A bias in one place only, between 10 and 11, shows in that bin: 0.2 of a scatter of 0.02 ·
  /// 10.5, to five standard errors and 1 % for the change of the scatter within the bin.
  @Test("A local bias")
  func local() throws {
    let own = Self.calibration(seed: 4) { (10..<11).contains($0) ? $0 + 0.2 : $0 }
    let bin = try #require(own.bins.first { $0.range == 10...11 })
    let relative = try #require(bin.relativeBias)
    #expect(abs(relative.value - 0.2 / 0.21) <= 5 * (relative.standardError ?? .nan) + 0.01)
    #expect(Self.biases(own).score > 15)
  }

  /// The excess over the optimum, by pairing: predictions are the optimal estimates, and 0.05 more
  /// between 10 and 11. In that bin it is 0.05 over the optimum's scatter, without error; elsewhere
  /// 0. The bias of the same bin is known to 0.006 only.
  @Test("Excess bias")
  func excess() throws {
    var numbers = TestNumbers(seed: 8)
    let truths = (0..<Self.count).map { _ in numbers.uniform(5, 20) }
    let optimal = truths.map { $0 + 0.02 * $0 * numbers.normal() }
    let predictions = zip(truths, optimal).map { (10..<11).contains($0) ? $1 + 0.05 : $1 }
    let score = try ParameterScore(
      parameter: "ell_peak", prior: Self.prior, truths: truths, predictions: predictions,
      optimal: optimal, maximumLikelihood: optimal)
    // Three roundings of numbers below 32, half a unit of 2⁻⁴⁹ each, over a scatter of at least
    // 0.1.
    let rounding = 3 * 16 * Double.ulpOfOne / 0.1
    let expected = 0.05 / (score.optimalCalibration?.bins[5].scatter ?? .nan)
    for (bin, own) in score.excessBias.enumerated() {
      let own = try #require(own)
      #expect(abs(own.value - (bin == 5 ? expected : 0)) <= rounding, "bin \(bin): \(own)")
      #expect((own.standardError ?? .nan) <= rounding)
    }
    #expect(score.largestExcessBias == score.excessBias[5])
    #expect((score.calibration.bins[5].bias?.standardError ?? 0) > 1000 * rounding)
    // Without an optimum there is nothing to compare with.
    let alone = try ParameterScore(
      parameter: "ell_peak", prior: Self.prior, truths: truths, predictions: predictions)
    #expect(alone.excessBias.isEmpty && alone.largestExcessBias == nil)
  }

  /// Bars twice too wide hold more than they should, bars half as wide less.
  @Test("Wrong bars")
  func wrongBars() {
    let wide = Self.calibration(seed: 5, barFactor: 2)
    let narrow = Self.calibration(seed: 5, barFactor: 0.5)
    for (own, other) in zip(wide.coverage, narrow.coverage) {
      #expect(own.score > 25 && other.score < -75, "\(own), \(other)")
    }
  }
}
