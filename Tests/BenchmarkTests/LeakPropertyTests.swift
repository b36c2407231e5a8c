import Tasks
import Testing
import Verification

@testable import Benchmark

@Suite("Leaks")
struct LeakPropertyTests {
  /// Truths, optimal estimates of 2 % scatter, and predictions that add a scatter of their own.
  private static func score(
    extraScatter: Double, seed: UInt64, maps: Int = 1_000, predict: ((Double) -> Double)? = nil
  ) throws -> ModelScore {
    var numbers = TestNumbers(seed: seed)
    let truths = (0..<maps).map { _ in numbers.uniform(5, 20) }
    let optimal = truths.map { $0 * (1 + 0.02 * numbers.normal()) }
    let own = optimal.map { $0 * (1 + extraScatter * numbers.normal()) }
    let parameter = try ParameterScore(
      parameter: "ell_peak", prior: 5...20, truths: truths,
      predictions: predict.map { truths.map($0) } ?? own, optimal: optimal,
      maximumLikelihood: optimal)
    return ModelScore(
      name: "synthetic", settings: try TaskSettings(), architecture: "none", parameterCount: 0,
      parameters: [parameter])
  }

  /// Predictions with the optimum's errors and some of their own are no leak, and neither is the
  /// optimum itself (ratio 1, error 0), whatever the seed.
  /// Blind to: a leak that a worse network hides.
  @Test("Honest predictions", arguments: [0, 0.001, 0.01, 0.1], UInt64(0)..<5)
  func honest(extraScatter: Double, seed: UInt64) throws {
    let score = try Self.score(extraScatter: extraScatter, seed: seed)
    #expect(Leak.all(in: [score]).isEmpty, "scatter \(extraScatter), seed \(seed)")
  }

  /// Negative controls: a predictor that is told the truth, and one that is told it to 1 %: its
  /// ratio is near 0.5 with an error near 0.5 · √(2 (π/2 − 1)/1000) = 0.017, 30 of which fit below
  /// 1.
  @Test("Cheating predictions")
  func cheating() throws {
    let perfect = try Self.score(extraScatter: 0, seed: 1) { $0 }
    let found = Leak.all(in: [perfect])
    #expect(found.count == 1 && found[0].model == "synthetic" && found[0].ratio.value == 0)
    #expect(found[0].description.contains("leaks into the input"))

    var numbers = TestNumbers(seed: 2)
    let near = try Self.score(extraScatter: 0, seed: 1) { $0 * (1 + 0.01 * numbers.normal()) }
    let leak = try #require(Leak.all(in: [near]).first)
    let deviations = (1 - leak.ratio.value) / (leak.ratio.standardError ?? .infinity)
    #expect(deviations > 5 * Leak.mostDeviations, "\(leak)")
  }

  /// The rule itself: a ratio of five standard errors below 1 is a leak, one of three is none.
  @Test("Four standard errors")
  func threshold() throws {
    // Half of the maps gain a little, the others lose less: the scatter of the differences is
    // √(n/(n − 1)) · 0.0005, and the mean difference is chosen.
    func score(deviations: Double) throws -> ModelScore {
      let (maps, scatter) = (1_000, 0.0005)
      let gain = deviations * scatter / Double(maps).squareRoot()
      let truths = [Double](repeating: 10, count: maps)
      let optimal = truths.map { $0 * 1.02 }
      let own = (0..<maps).map { map in
        10 * (1.02 - gain + (map.isMultiple(of: 2) ? scatter : -scatter))
      }
      let parameter = try ParameterScore(
        parameter: "ell_peak", prior: 5...20, truths: truths, predictions: own, optimal: optimal)
      return ModelScore(
        name: "synthetic", settings: try TaskSettings(), architecture: "none", parameterCount: 0,
        parameters: [parameter])
    }
    for (deviations, isLeak) in [(3.0, false), (3.8, false), (4.2, true), (5, true)] {
      let score = try score(deviations: deviations)
      let comparison = try #require(score.parameters[0].comparison)
      let found = (1 - comparison.ratio) / comparison.ratioStandardError
      #expect(abs(found - deviations) < 0.05, "\(found)")
      #expect(Leak.all(in: [score]).isEmpty != isLeak, "\(deviations)")
    }
  }

  /// With 99 maps even a predictor that knows the truth is not judged, with 100 it is.
  @Test("Few maps, no verdict")
  func fewMaps() throws {
    #expect(Leak.all(in: [try Self.score(extraScatter: 0, seed: 1, maps: 99) { $0 }]).isEmpty)
    #expect(Leak.all(in: [try Self.score(extraScatter: 0, seed: 1, maps: 100) { $0 }]).count == 1)
  }

  /// Without an optimal estimator there is nothing to judge by.
  @Test("No optimum, no verdict")
  func noOptimum() throws {
    let parameter = try ParameterScore(
      parameter: "ell_e", prior: 5...20, truths: [6, 7, 8], predictions: [6, 7, 8])
    let score = ModelScore(
      name: "published sky", settings: try TaskSettings(task: .t2, skyProtocol: .published),
      architecture: "none", parameterCount: 0, parameters: [parameter])
    #expect(Leak.all(in: [score]).isEmpty)
  }
}
