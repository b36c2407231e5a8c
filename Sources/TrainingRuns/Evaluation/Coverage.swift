import Models

/// How often error bars hold the truth.
///
/// Definition: the share of maps with |prediction − truth| <= k s, s the error bar of the
///             prediction and k the number of bars; beside it what a normal distribution has within
///             k σ.
/// Accuracy:   the share of n maps scatters by √(p (1 − p)/n) about p, the expected one: 0.5 % of
///             68.27 % with 10,000 maps.
/// Checked by: CoveragePropertyTests.
public struct Coverage: Sendable, Hashable {
  /// k, the number of error bars to either side.
  public let bars: Int
  /// Maps whose truth lies within them.
  public let covered: Int
  /// Maps in all.
  public let count: Int

  /// The shares of a normal distribution within one σ and two.
  public static let expectedShares = [ErrorCalibration.coverage, 0.9545]

  /// The coverage of some predictions.
  ///
  /// - Parameters:
  ///   - bars: 1 or 2.
  ///   - truths: one per map, at least one map.
  ///   - predictions: likewise.
  ///   - standardErrors: the error bars.
  public init(bars: Int, truths: [Double], predictions: [Double], standardErrors: [Double]) {
    precondition((1...Self.expectedShares.count).contains(bars), "\(bars) error bars")
    precondition(
      truths.count == predictions.count && truths.count == standardErrors.count && !truths.isEmpty,
      "\(predictions.count) predictions and \(standardErrors.count) bars of \(truths.count) truths")
    self.bars = bars
    count = truths.count
    covered = truths.indices.count {
      abs(predictions[$0] - truths[$0]) <= Double(bars) * standardErrors[$0]
    }
  }

  /// The share of maps within the bars.
  public var share: Double { Double(covered) / Double(count) }
  /// The share that is right: 0.6827 or 0.9545.
  public var expected: Double { Self.expectedShares[bars - 1] }
  /// The binomial standard error of the share if the bars are right.
  public var standardError: Double { (expected * (1 - expected) / Double(count)).squareRoot() }
  /// How many standard errors the share lies above the expected one.
  public var score: Double { (share - expected) / standardError }
}
