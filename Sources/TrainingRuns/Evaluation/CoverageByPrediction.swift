import Models

/// How often one error bar holds the truth, by the place of the prediction among all predictions:
/// where a prior ends, bars of the average prediction are too wide.
///
/// Definition: maps are sorted by prediction and cut at the shares `cuts`; equal predictions keep
///             their order. Every part has its `Coverage`.
/// Accuracy:   see `Coverage`: 1.0 % for the outermost parts of 100,000 maps, 3.3 % of 10,000.
/// Checked by: CoveragePropertyTests.
public struct CoverageByPrediction: Sendable, Hashable {
  /// Where the sorted maps are cut: the outermost fiftieths, and what is left of the outermost
  /// fifteenths.
  public static let cuts = [0.02, 1.0 / 15, 14.0 / 15, 0.98]
  /// What the parts are, in order.
  public static let names = [
    "lowest 2 %", "2 to 6.7 %", "6.7 to 93.3 %", "93.3 to 98 %", "highest 2 %",
  ]
  /// Fewest maps that are cut: an outermost part then has one.
  public static let leastMaps = 50

  /// One per part, by ascending prediction.
  public let parts: [Coverage]

  /// The coverage of some predictions; nil for fewer maps than `leastMaps`.
  ///
  /// - Parameters:
  ///   - truths: one per map.
  ///   - predictions: likewise.
  ///   - standardErrors: the error bars.
  public init?(truths: [Double], predictions: [Double], standardErrors: [Double]) {
    precondition(
      truths.count == predictions.count && truths.count == standardErrors.count,
      "\(predictions.count) predictions and \(standardErrors.count) bars of \(truths.count) truths")
    let count = truths.count
    guard count >= Self.leastMaps else { return nil }
    let order = predictions.indices.sorted {
      (predictions[$0], $0) < (predictions[$1], $1)
    }
    let ends = [0] + Self.cuts.map { Int(($0 * Double(count)).rounded()) } + [count]
    parts = zip(ends, ends.dropFirst()).map { first, end in
      let maps = order[first..<end]
      return Coverage(
        bars: 1, truths: maps.map { truths[$0] }, predictions: maps.map { predictions[$0] },
        standardErrors: maps.map { standardErrors[$0] })
    }
  }
}
