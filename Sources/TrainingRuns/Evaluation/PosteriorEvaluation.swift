import Baselines
import Foundation
import Kernels
import Models
import RandomFields
import SpecialFunctions
import SpectralNetworks
import Tasks
import Training

/// How good a model's joint posteriors are on test maps, beside the exact posteriors of the same
/// maps where there are some.
///
/// Definition: e = ⟨θ⟩ − θ, the posterior mean against the truth. Of every parameter
///                 rmse       √⟨e²⟩
///                 ratio      its ratio to that of the exact posterior means, paired map by map
///                 slope      of the linear fit of ⟨θ⟩ to θ over the middle half of the prior's q
///                 coverage   share of truths between the quantiles (1 ± P)/2 for P = 0.6827,
///                            0.9545
///                 ranks      χ² of the numbers of maps with the truth in each twentieth of its
///                            posterior, expected 19 ± 6.2 [Talts2018]
///             and of all parameters together
///                 regions    share of truths in the region of highest density of probability P
///                 TARP       χ² of the probability that is nearer to a random point than the
///                            truth, in twentieths, distances in q [Lemos2023]
///                 divergence ⟨∫ p ln(p/p̂)⟩, p the exact posterior and p̂ the model's, nats
///                 gain       ⟨ln p̂⟩ at the truth, relative to the prior, nats
/// Accuracy:   n maps know an rmse to 1/√(2n) of it, the share P to √(P (1 − P)/n), and a ratio,
///             being paired, far better; its standard error is given.
/// Checked by: PosteriorEvaluationTests.
public struct PosteriorEvaluation: Sendable {
  /// One parameter.
  public struct Parameter: Sendable {
    public var name: String
    public var rmse: Double
    public var bias: Double
    public var slope: Double?
    public var coverage: [Double]
    public var rankChiSquare: Double
    /// Of the exact posterior means on the same maps.
    public var exactRMSE: Double?
    public var exactSlope: Double?
    public var ratio: Double?
    public var ratioStandardError: Double?
  }

  public let parameters: [Parameter]
  public let mapCount: Int
  /// Shares of truths in the regions of the probabilities `probabilities`.
  public let regionCoverage: [Double]
  public let tarpChiSquare: Double
  public let gain: Double
  public let exactGain: Double?
  public let divergence: Double?
  public let divergenceStandardError: Double?
  /// Number of maps with a warning, and with a value that is no estimate.
  public let warningCount: Int
  public let refusedCount: Int

  /// The probabilities of intervals and regions: those of one and two σ.
  public static let probabilities = [0.6827, 0.9545]
  /// Degrees of freedom of the χ².
  public static let rankFreedom = 19

  /// What one map says.
  private struct Finding: Sendable {
    var truth: [Double]
    var mean: [Double]
    var below: [Double]
    var above: Double
    var nearer: Double
    var logDensity: Double
    var exactMean: [Double]?
    var exactLogDensity: Double?
    var divergence: Double?
  }

  /// Evaluates a model whose network gives joint posteriors (a precondition).
  ///
  /// - Parameters:
  ///   - model: the model.
  ///   - maps: the test maps.
  ///   - estimator: the exact posteriors; nil: none.
  ///   - threads: threads to use at most; the bits do not depend on it.
  ///   - interruption: looked at before every block of maps.
  ///   - progress: receives the number of maps done.
  /// - Throws: `BaselineError`, `TaskError`, what reading the maps throws.
  public init(
    _ model: TrainedModel, on maps: TestMaps, estimator: (any PosteriorEstimator)?, threads: Int,
    interruption: InterruptionFlag = InterruptionFlag(),
    progress: @escaping @Sendable (_ done: Int) -> Void = { _ in }
  ) throws {
    guard let network = model.network as? IsotropicNetwork<Float>,
      let family = network.configuration.posterior
    else { preconditionFailure("a model without joint posteriors") }
    let n = family.priors.count
    var findings: [Finding] = []
    var (warned, refused) = (0, 0)
    try maps.forEachBlock(
      of: estimator?.batchSize ?? TestMaps.blockLength, interruption: interruption,
      progress: progress
    ) { block, truths in
      let count = truths.count / n
      let predictions = try model.predict(block, count: count, threads: threads)
      warned += predictions.count { map in map.contains { !$0.warnings.isEmpty } }
      refused += predictions.count { map in map.contains { $0.reason != nil } }
      let natural = network.naturalParameters(block, count: count, threads: threads)
      let before = findings.count
      let exact = try estimator?.posteriors(
        block, count: count, channels: network.inputChannels, threads: threads,
        interruption: interruption,
        progress: { progress(before + mapsDone($0, of: $1, count: count)) })
      let width = natural.count / count
      let results = Locked<[Finding?]>([Finding?](repeating: nil, count: count))
      let values = predictions.map { $0[0].posterior }
      parallelFor(count, threads: threads) { map in
        guard let own = values[map] else { return }
        let finding = Self.finding(
          own, truth: Array(truths[map * n..<(map + 1) * n]), exact: exact?[map],
          index: before + map
        ) { quantiles in
          network.jointLogDensity(
            Array(natural[map * width..<(map + 1) * width]), own, quantiles: quantiles)
        }
        results.withLock { $0[map] = finding }
      }
      for (map, result) in results.withLock({ $0 }).enumerated() {
        guard let result else {
          throw TaskError.predictionNotFinite(map: "test map \(before + map)", value: .nan)
        }
        findings.append(result)
      }
    }
    guard findings.count >= 2 else { throw BaselineError.tooFewMaps(found: findings.count) }
    mapCount = findings.count
    (warningCount, refusedCount) = (warned, refused)
    let total = Double(findings.count)
    parameters = maps.parameters.enumerated().map { index, name in
      Self.parameter(index, name, findings, prior: family.priors[index])
    }
    regionCoverage = Self.probabilities.map { p in
      Double(findings.count { $0.above <= p }) / total
    }
    tarpChiSquare = Self.chiSquare(findings.map(\.nearer))
    gain = findings.reduce(0) { $0 + $1.logDensity } / total
    let exactGains = findings.compactMap(\.exactLogDensity)
    exactGain = exactGains.isEmpty ? nil : exactGains.reduce(0, +) / total
    let divergences = findings.compactMap(\.divergence)
    let mean = divergences.reduce(0, +) / total
    divergence = divergences.isEmpty ? nil : mean
    divergenceStandardError =
      divergences.isEmpty
      ? nil
      : (divergences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (total - 1) / total)
        .squareRoot()
  }

  private static func finding(
    _ own: PosteriorGrid, truth: [Double], exact: PosteriorGrid?, index: Int,
    logDensity: ([[Double]]) -> [Double]
  ) -> Finding {
    let quantiles = zip(own.axes, truth).map { $0.prior.quantile(of: $1) }
    var finding = Finding(
      truth: truth, mean: own.mean,
      below: truth.indices.map { own.probabilityBelow($0, truth[$0]) },
      above: own.probabilityAbove(truth), nearer: 0,
      logDensity: logDensity(quantiles.map { [$0] })[0])
    // The point of a map: far elements of the stream of parameters of an address of its own.
    let stream = RandomStream(
      MapKey(seed: 0, split: .calibration, index: UInt64(index)), purpose: .parameter)
    finding.nearer = own.probabilityNearer(
      to: truth.indices.map { stream.uniform(16 + $0) }, than: quantiles)
    guard let exact else { return finding }
    finding.exactMean = exact.mean
    finding.exactLogDensity = exact.logDensity(at: truth)
    finding.divergence = exact.divergence(from: logDensity)
    return finding
  }

  private static func parameter(
    _ index: Int, _ name: String, _ findings: [Finding], prior: ParameterPrior
  ) -> Parameter {
    let n = Double(findings.count)
    let errors = findings.map { $0.mean[index] - $0.truth[index] }
    let square = errors.reduce(0) { $0 + $1 * $1 } / n
    let truths = findings.map { $0.truth[index] }
    func slope(_ values: [Double]) -> Double? {
      responseSlope(values, truths: truths, prior: prior)
    }
    var result = Parameter(
      name: name, rmse: square.squareRoot(), bias: errors.reduce(0, +) / n,
      slope: slope(findings.map { $0.mean[index] }),
      coverage: probabilities.map { p in
        Double(findings.count { abs($0.below[index] - 0.5) <= p / 2 }) / n
      },
      rankChiSquare: chiSquare(findings.map { $0.below[index] }))
    let exact = findings.compactMap { $0.exactMean?[index] }
    guard exact.count == findings.count else { return result }
    let others = exact.indices.map { exact[$0] - findings[$0].truth[index] }
    let other = others.reduce(0) { $0 + $1 * $1 } / n
    result.exactRMSE = other.squareRoot()
    result.exactSlope = slope(exact)
    result.ratio = (square / other).squareRoot()
    let differences = zip(errors, others).map { $0 * $0 / square - $1 * $1 / other }
    let scatter = differences.reduce(0) { $0 + $1 * $1 } / (n - 1)
    result.ratioStandardError = (square / other).squareRoot() / 2 * (scatter / n).squareRoot()
    return result
  }

  /// χ² of numbers that should be uniform in 0...1, in twentieths.
  private static func chiSquare(_ values: [Double]) -> Double {
    let count = rankFreedom + 1
    var numbers = [Double](repeating: 0, count: count)
    for value in values { numbers[min(Int(value * Double(count)), count - 1)] += 1 }
    let expected = Double(values.count) / Double(count)
    return numbers.reduce(0) { $0 + ($1 - expected) * ($1 - expected) / expected }
  }

  /// The figures by name, as records and model files keep them.
  public var figures: [String: Double] {
    var result = ["test_maps": Double(mapCount), "gain": gain, "tarp_chi_square": tarpChiSquare]
    result["exact_gain"] = exactGain
    result["divergence"] = divergence
    result["divergence_standard_error"] = divergenceStandardError
    for (share, key) in zip(regionCoverage, ["68", "95"]) {
      result["region_coverage_\(key)"] = share
    }
    for own in parameters {
      result["rmse_\(own.name)"] = own.rmse
      result["bias_\(own.name)"] = own.bias
      result["slope_\(own.name)"] = own.slope
      result["exact_rmse_\(own.name)"] = own.exactRMSE
      result["exact_slope_\(own.name)"] = own.exactSlope
      result["rmse_ratio_\(own.name)"] = own.ratio
      result["rmse_ratio_standard_error_\(own.name)"] = own.ratioStandardError
      result["rank_chi_square_\(own.name)"] = own.rankChiSquare
      for (share, key) in zip(own.coverage, ["68", "95"]) {
        result["coverage_\(key)_\(own.name)"] = share
      }
    }
    return result
  }
}
