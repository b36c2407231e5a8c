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

  /// s(p) follows the width by construction. A node of n residuals has the relative error
  /// 0.96/√n, and the widest are those of the outermost 78 maps; five of that at the ends, of
  /// n = 625 within, and the change of the width over half a node at the ends, where s is constant.
  @Test("Error bars follow the prediction")
  func dependence() throws {
    let calibration = try ErrorCalibration(
      Self.samples(Self.calibrationCount, seed: 3))
    // 625 maps at either end make pieces of 313, 156, 78 and 78.
    #expect(calibration.nodes.count == ErrorCalibration.mostNodes + 6)
    for prediction in stride(from: 5.0, through: 20, by: 0.5) {
      let expected = Self.sigma(prediction)
      let halfNode = 0.01 * 15 / 16 / 2 / expected
      let relative = calibration.standardError(at: prediction) / expected - 1
      let maps = (6.0...19).contains(prediction) ? 625.0 : 78
      #expect(
        abs(relative) <= 5 * 0.96 / maps.squareRoot() + halfNode, "at \(prediction): \(relative)")
    }
    #expect(calibration.standardError(at: 4) == calibration.nodes[0].standardError)
    #expect(calibration.standardError(at: 25) == calibration.nodes.last?.standardError)
  }

  /// By hand: 192 maps make three nodes, at the mean predictions 6, 12 and 14, whose residuals are
  /// all 1, all e² and all e^4.4. Smoothing makes e^2.1 of the middle one; the ends stay, and
  /// between the nodes s is linear.
  @Test("By hand")
  func byHand() throws {
    let samples = (0..<192).map { k in
      let node = k % 3
      let prediction = [6.0, 12, 14][node] + 0.01 * (Double(k / 3) - 31.5)
      return ErrorCalibration.Sample(
        prediction: prediction, truth: prediction + [-1, exp(2), exp(4.4)][node],
        pixelVariance: 1)
    }
    let calibration = try ErrorCalibration(samples)
    #expect(calibration.nodes.count == 3)
    func isNear(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-12 * b }
    #expect(zip(calibration.nodes, [6, 12, 14]).allSatisfy { isNear($0.prediction, $1) })
    for (prediction, expected) in [
      (5, 1), (6, 1), (7.5, 0.75 + 0.25 * exp(2.1)), (9, 0.5 * (1 + exp(2.1))), (12, exp(2.1)),
      (13, 0.5 * (exp(2.1) + exp(4.4))), (14, exp(4.4)), (20, exp(4.4)),
    ] {
      #expect(
        isNear(calibration.standardError(at: prediction), expected), "at \(prediction)")
    }
  }

  /// By hand, with pieces: sixteen groups of 128 maps, each at a prediction of its own with one
  /// residual e^(k²/20), k = 0...15; the halves of the outer groups that lie towards the ends have
  /// residuals of 10 and 10⁻⁵. The outer groups make two nodes each, the nodes beside them and they
  /// stay as measured, and the others are smoothed: of k² the mean with ¼, ½, ¼ is k² + ½.
  @Test("By hand, with pieces at the ends")
  func pieces() throws {
    let samples = (0..<2048).map { map in
      let (group, place) = (map / 128, map % 128)
      var residual = exp(0.05 * Double(group * group))
      if group == 0, place < 64 { residual = 10 }
      if group == 15, place >= 64 { residual = 1e-5 }
      // Within a group predictions ascend by 10⁻⁴, from the group's number on.
      let prediction = 5 + Double(group) + 1e-4 * Double(place)
      return ErrorCalibration.Sample(
        prediction: prediction, truth: prediction + residual, pixelVariance: Double(group + 1))
    }
    let nodes = try ErrorCalibration(samples.reversed()).nodes
    try #require(nodes.count == 18)
    func isNear(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-9 * b }
    var bars: [Double] = [10, 1, exp(0.05)]
    for k in 2...13 { bars.append(exp(0.05 * (Double(k * k) + 0.5))) }
    bars += [exp(9.8), exp(11.25), 1e-5]
    for (node, bar) in zip(nodes, bars) {
      #expect(isNear(node.standardError, bar), "\(node), \(bar)")
    }
    #expect(isNear(nodes[0].prediction, 5 + 1e-4 * 31.5))
    #expect(isNear(nodes[1].prediction, 5 + 1e-4 * 95.5))
    #expect(isNear(nodes[2].prediction, 6 + 1e-4 * 63.5))
    #expect(isNear(nodes[17].prediction, 20 + 1e-4 * 95.5))
    // Ranges of variances are those of whole groups and their neighbours, of pieces too.
    #expect(nodes.prefix(3).map(\.smallestVariance) == [1, 1, 1])
    #expect(nodes.prefix(3).map(\.largestVariance) == [2, 2, 3])
    #expect(nodes.suffix(2).map(\.smallestVariance) == [15, 15])
    #expect(nodes.suffix(2).map(\.largestVariance) == [16, 16])
  }

  /// Optimal estimates under a prior that ends: the truth is uniform, the data have normal noise,
  /// and the prediction is the mean of the posterior, which is cut off at the prior's ends. Its
  /// error falls to a third within the last tenth of the predictions. One bar holds 68.27 % of
  /// fresh truths there as elsewhere; five standard errors of test and calibration maps.
  /// Control: the bar of a tenth of the predictions from the end holds too many.
  @Test("Error bars at the ends of the prior")
  func ends() throws {
    func samples(_ count: Int, seed: UInt64) -> [ErrorCalibration.Sample] {
      var numbers = TestNumbers(seed: seed)
      let sigma = 1.5
      return (0..<count).map { _ in
        let truth = numbers.uniform(5, 20)
        let datum = truth + sigma * numbers.normal()
        // The mean of a normal density between the ends a and b in units of σ from the datum.
        let (a, b) = ((5 - datum) / sigma, (20 - datum) / sigma)
        func density(_ x: Double) -> Double { exp(-x * x / 2) / (2 * Double.pi).squareRoot() }
        let mass = 0.5 * (erf(b / 2.0.squareRoot()) - erf(a / 2.0.squareRoot()))
        return ErrorCalibration.Sample(
          prediction: datum + sigma * (density(a) - density(b)) / mass, truth: truth,
          pixelVariance: 1)
      }
    }
    let calibration = try ErrorCalibration(samples(Self.calibrationCount, seed: 21))
    let fresh = samples(100_000, seed: 22).sorted { $0.prediction < $1.prediction }
    let p = ErrorCalibration.coverage
    for share in [0.01, 0.02, 1.0 / 15] {
      let count = Int(share * Double(fresh.count))
      for part in [fresh.prefix(count), fresh.suffix(count)] {
        func covered(_ bar: (Double) -> Double) -> StandardScore {
          let covered = part.count { abs($0.prediction - $0.truth) <= bar($0.prediction) }
          let own = Double(count) * Double(Self.calibrationCount) / Double(fresh.count)
          return StandardScore(
            mean: Double(covered) / Double(count),
            standardError: (p * (1 - p) * (1 / Double(count) + 1 / own)).squareRoot(), expected: p)
        }
        let score = covered { calibration.standardError(at: $0) }
        #expect(score.magnitude <= 5, "outermost \(share): \(score)")
        let inner = fresh[fresh.count / 10].prediction
        let control = covered { _ in calibration.standardError(at: inner) }
        #expect(control.value > 4, "outermost \(share): \(control)")
      }
    }
  }

  /// The quantile by hand: with 99 residuals 1, 2, ..., 99 number 0.6827 · 100 is 68.27.
  @Test("The quantile of a node")
  func quantile() throws {
    let samples = (1...99).map {
      ErrorCalibration.Sample(prediction: 10, truth: 10 + Double($0), pixelVariance: 1)
    }
    let bar = try ErrorCalibration(samples).standardError(at: 10)
    #expect(abs(bar - 68.27) <= 1e-9)
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

  /// Predictions of two parameters, each uniform in the prior; the width of the residuals of the
  /// first is `width` of both.
  private static func pairs(
    _ count: Int, seed: UInt64, width: (_ own: Double, _ other: Double) -> Double
  ) -> [ErrorCalibration.Sample] {
    var numbers = TestNumbers(seed: seed)
    return (0..<count).map { _ in
      let (own, other) = (numbers.uniform(5, 20), numbers.uniform(5, 20))
      return ErrorCalibration.Sample(
        prediction: own, truth: own + width(own, other) * numbers.normal(), pixelVariance: 1,
        other: other)
    }
  }

  private static func shares(
    _ calibration: ErrorCalibration, _ fresh: [ErrorCalibration.Sample], uses: Bool
  ) -> (one: Double, two: Double) {
    let bars = fresh.map {
      abs($0.prediction - $0.truth)
        / calibration.standardError(at: $0.prediction, other: uses ? $0.other : nil)
    }
    return (
      Double(bars.count { $0 <= 1 }) / Double(bars.count),
      Double(bars.count { $0 <= 2 }) / Double(bars.count)
    )
  }

  /// A width that falls by e³ with the distance of the two predictions, as on a sky where E and B
  /// of a mode are one number: bars of one prediction hold 68 % of truths but far fewer than 95.4 %
  /// within two; bars of both hold 68.3 ± 1.5 % and, since a node stands for a range of widths,
  /// at least 93.5 % within two. Every quarter of the prior by distance has its 68.3 ± 6 %.
  @Test("Bars that depend on both predictions")
  func strips() throws {
    func width(_ own: Double, _ other: Double) -> Double { exp(-abs(own - other) / 5) }
    let calibration = try ErrorCalibration(
      Self.pairs(Self.calibrationCount, seed: 11, width: width))
    let strips = try #require(calibration.strips)
    #expect(strips.count == 12 && strips.allSatisfy { $0.nodes.count == 12 })
    #expect(calibration.isUsable)
    let fresh = Self.pairs(Self.testCount, seed: 12, width: width)
    let joint = Self.shares(calibration, fresh, uses: true)
    #expect(abs(joint.one - ErrorCalibration.coverage) <= 0.015, "\(joint)")
    #expect((0.935...0.96).contains(joint.two), "\(joint)")
    let own = Self.shares(calibration, fresh, uses: false)
    #expect(abs(own.one - ErrorCalibration.coverage) <= 0.03 && own.two < 0.91, "\(own)")
    for quarter in 0..<4 {
      let part = fresh.filter {
        Int(abs($0.prediction - ($0.other ?? 0)) / 15 * 4) == quarter
      }
      let share = Self.shares(calibration, part, uses: true).one
      #expect(abs(share - ErrorCalibration.coverage) <= 0.06, "quarter \(quarter): \(share)")
    }
    // The file keeps them.
    let stored = try JSONDecoder().decode(
      ErrorCalibration.self, from: JSONEncoder().encode(calibration))
    #expect(stored == calibration)
    try expectRefused(calibration)
  }

  /// Strips that a damaged file may have: none, in another order, without nodes, with bars of 0.
  private func expectRefused(_ sound: ErrorCalibration) throws {
    func damaged(
      _ change: (inout [[String: Any]]) -> Void
    ) throws -> ErrorCalibration {
      let data = try JSONEncoder().encode(sound)
      var object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
      var strips = try #require(object["strips"] as? [[String: Any]])
      change(&strips)
      object["strips"] = strips
      return try JSONDecoder().decode(
        ErrorCalibration.self, from: JSONSerialization.data(withJSONObject: object))
    }
    #expect(try damaged { _ in }.isUsable)
    #expect(try !damaged { $0 = [] }.isUsable)
    #expect(try !damaged { $0.reverse() }.isUsable)
    #expect(try !damaged { $0[3]["nodes"] = [Any]() }.isUsable)
    #expect(
      try !damaged { strips in
        var nodes = strips[2]["nodes"] as? [[String: Any]] ?? []
        nodes[1]["standardError"] = 0
        strips[2]["nodes"] = nodes
      }.isUsable)
  }

  /// Every parameter has the bar of its own calibration, at its own prediction and the other's.
  @Test("Bars of two parameters in a prediction")
  func twoParameters() throws {
    func width(_ scale: Double) -> (Double, Double) -> Double {
      { own, other in scale * exp(-abs(own - other) / 5) }
    }
    let calibrations = [
      try ErrorCalibration(Self.pairs(2_000, seed: 14, width: width(1))),
      try ErrorCalibration(Self.pairs(2_000, seed: 15, width: width(100))),
    ]
    #expect(calibrations.allSatisfy { $0.strips != nil })
    let settings = try TaskSettings(task: .t2, skyProtocol: .published)
    let model = TrainedModel(
      network: try publishedNetwork(inputs: 3, outputs: 2),
      description: ModelDescription(settings: settings), calibration: calibrations)
    let maps = try SkyMapSource(settings, channels: 3, seed: 9)
      .batch(maps: 0..<4, split: .test, threads: 2).maps
    for prediction in try model.predict(maps, count: 4, threads: 2) {
      let values = prediction.map(\.value)
      for index in 0..<2 {
        let expected = calibrations[index].standardError(
          at: values[index], other: values[1 - index])
        #expect(prediction[index].standardError == expected)
      }
      let (first, second) = (prediction[0].standardError, prediction[1].standardError)
      #expect(try #require(second) > 10 * #require(first))
    }
  }

  /// Where the width depends on the own prediction alone no strips are made, and bars are those of
  /// one parameter.
  @Test("No strips without need")
  func noStrips() throws {
    let pairs = Self.pairs(Self.calibrationCount, seed: 13) { own, _ in Self.sigma(own) }
    let calibration = try ErrorCalibration(pairs)
    #expect(calibration.strips == nil)
    let alone = try ErrorCalibration(
      pairs.map {
        ErrorCalibration.Sample(
          prediction: $0.prediction, truth: $0.truth, pixelVariance: $0.pixelVariance)
      })
    #expect(alone == calibration)
    #expect(
      calibration.standardError(at: 7, other: 12) == calibration.standardError(at: 7))
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
