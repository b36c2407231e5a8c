import Foundation
import Tasks
import Testing
import Verification

@testable import Models
@testable import TrainingRuns

@Suite("Error bars")
struct ErrorCalibrationTests {
  /// The error bar that the samples have by construction.
  private static func sigma(_ prediction: Double) -> Double { 0.05 + 0.01 * prediction }

  /// Predictions uniform in the prior with normal residuals of known width; pixel variances within
  /// 10 % of 40 / prediction.
  private static func samples(_ count: Int, seed: UInt64) -> [ErrorCalibration.Sample] {
    var numbers = TestNumbers(seed: seed)
    return (0..<count).map { _ in
      let prediction = numbers.uniform(5, 20)
      return ErrorCalibration.Sample(
        prediction: prediction, truth: prediction + sigma(prediction) * numbers.normal(),
        pixelVariance: 40 / prediction * numbers.uniform(0.9, 1.1))
    }
  }

  private static let calibrationCount = 10_000
  private static let testCount = 20_000

  /// The standard error of the coverage of fresh maps: that of the test sample, and that of the
  /// calibration, whose every map decides about coverage with the same weight.
  private static var coverageError: Double {
    let p = ErrorCalibration.coverage
    return (p * (1 - p) * (1 / Double(testCount) + 1 / Double(calibrationCount))).squareRoot()
  }

  private static func coverage(_ calibration: ErrorCalibration, factor: Double = 1) -> Double {
    let fresh = samples(testCount, seed: 2)
    let covered = fresh.count {
      abs($0.prediction - $0.truth) <= factor * calibration.standardError(at: $0.prediction)
    }
    return Double(covered) / Double(testCount)
  }

  /// 68.27 % of fresh truths lie within one error bar, to five standard errors.
  /// Blind to: error bars too small at some predictions and too large at others, which the next
  /// test sees; networks whose calibration maps are unlike later ones.
  @Test("Coverage of fresh maps")
  func coverageOfFreshMaps() throws {
    let calibration = try ErrorCalibration(
      Self.samples(Self.calibrationCount, seed: 1))
    let score = StandardScore(
      mean: Self.coverage(calibration), standardError: Self.coverageError,
      expected: ErrorCalibration.coverage)
    #expect(score.magnitude <= 5, "\(score)")
    // The control: error bars a fifth too small hold 58 %, which is ten bounds away in standard
    // errors.
    let control = StandardScore(
      mean: Self.coverage(calibration, factor: 0.8), standardError: Self.coverageError,
      expected: ErrorCalibration.coverage)
    #expect(control.magnitude > 15, "\(control)")
  }

  /// s(p) follows the width by construction. A node of n = 625 residuals has the relative error
  /// 0.96/√n, smoothing with ¼, ½, ¼ leaves √(3/8) of it inside and √(5/8) at the ends; five of
  /// those, and the change of the width over half a node at the ends, where s is constant.
  @Test("Error bars follow the prediction")
  func dependence() throws {
    let calibration = try ErrorCalibration(
      Self.samples(Self.calibrationCount, seed: 3))
    #expect(calibration.nodes.count == ErrorCalibration.mostNodes)
    let noise = 5 * 0.96 / 25 * (5.0 / 8).squareRoot()
    for prediction in stride(from: 5.0, through: 20, by: 0.5) {
      let expected = Self.sigma(prediction)
      let halfNode = 0.01 * 15 / 16 / 2 / expected
      let relative = calibration.standardError(at: prediction) / expected - 1
      #expect(abs(relative) <= noise + halfNode, "at \(prediction): \(relative)")
    }
    #expect(calibration.standardError(at: 4) == calibration.nodes[0].standardError)
    #expect(calibration.standardError(at: 25) == calibration.nodes.last?.standardError)
  }

  /// A map of the usual variance is inside the range, one of four times that is not.
  @Test("Range of pixel variances")
  func varianceRange() throws {
    let calibration = try ErrorCalibration(
      Self.samples(Self.calibrationCount, seed: 4))
    let fresh = Self.samples(2_000, seed: 5)
    let usual = fresh.count {
      calibration.varianceRange(at: $0.prediction).contains($0.pixelVariance)
    }
    #expect(usual >= 1_980)
    for sample in fresh {
      let range = calibration.varianceRange(at: sample.prediction)
      #expect(
        !range.contains(4 * sample.pixelVariance) && !range.contains(sample.pixelVariance / 4))
    }
  }

  @Test("Few maps make few nodes, too few none")
  func fewMaps() throws {
    #expect(try ErrorCalibration(Self.samples(64, seed: 6)).nodes.count == 1)
    #expect(try ErrorCalibration(Self.samples(200, seed: 6)).nodes.count == 3)
    #expect(
      thrown { try ErrorCalibration(Self.samples(63, seed: 6)) } as? TaskError
        == .tooFewMaps(found: 63, least: 64, use: "the calibration of error bars"))
    var bad = Self.samples(100, seed: 6)
    bad[42].prediction = .nan
    guard
      case .predictionNotFinite(let map, _)? = thrown({ try ErrorCalibration(bad) })
        as? TaskError
    else {
      Issue.record("NaN was accepted")
      return
    }
    #expect(map == "calibration map 42")
  }

  /// The two-pass variance in exact integers.
  @Test("Pixel variance")
  func pixelVariance() {
    // Map 0 is 1, 2, 3, 4 with variance 5/4; map 1 is constant.
    #expect(pixelVariances([1, 7, 2, 7, 3, 7, 4, 7], count: 2) == [1.25, 0])
  }
}
