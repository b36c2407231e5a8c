/// A model's predictions of test maps, with the truths.
///
/// Layout: `[parameter][map]`.
public struct ModelPredictions: Sendable {
  /// Names of the parameters.
  public let parameters: [String]
  /// The true values.
  public private(set) var truths: [[Double]]
  /// The predictions.
  public private(set) var values: [[Double]]
  /// The error bars; empty lists for a model without calibration.
  public private(set) var standardErrors: [[Double]]
  /// Number of maps with a warning.
  public private(set) var warningCount = 0
  /// Number of maps with a value that is no estimate.
  public private(set) var refusedCount = 0

  /// Predictions of no map yet.
  public init(parameters: [String]) {
    self.parameters = parameters
    truths = [[Double]](repeating: [], count: parameters.count)
    values = truths
    standardErrors = truths
  }

  /// Number of maps.
  public var mapCount: Int { truths[0].count }

  /// Appends the predictions of a block of maps, `[map][parameter]`, and their truths, the same
  /// flat.
  public mutating func append(_ predictions: [[Prediction]], truths blockTruths: [Double]) {
    let n = parameters.count
    precondition(blockTruths.count == n * predictions.count, "a truth per map and parameter")
    for (map, ofMap) in predictions.enumerated() {
      for index in 0..<n {
        truths[index].append(blockTruths[map * n + index])
        values[index].append(ofMap[index].value)
        if let error = ofMap[index].standardError { standardErrors[index].append(error) }
      }
    }
    warningCount += predictions.count { map in map.contains { !$0.warnings.isEmpty } }
    refusedCount += predictions.count { map in map.contains { $0.reason != nil } }
  }
}
