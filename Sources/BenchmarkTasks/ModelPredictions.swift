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

  /// Appends the predictions of a block of maps, `[map][parameter]`, and their truths, the same flat.
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

/// The estimates of the same maps that need no network.
///
/// Layout: `[parameter][map]`.
public struct ReferenceEstimates: Sendable {
  /// The estimates of least mean |error|/θ.
  public private(set) var optimal: [[Double]]
  /// The maxima of the likelihood within the prior.
  public private(set) var maximumLikelihood: [[Double]]
  /// Number of maps whose likelihood is largest at an end of the prior, per parameter.
  public private(set) var boundaryCounts: [Int]

  /// Estimates of no map yet.
  public init(parameterCount: Int) {
    optimal = [[Double]](repeating: [], count: parameterCount)
    maximumLikelihood = optimal
    boundaryCounts = [Int](repeating: 0, count: parameterCount)
  }

  /// Number of maps.
  public var mapCount: Int { optimal[0].count }

  /// Appends the estimates of a block of maps, `[map][parameter]`.
  public mutating func append(_ estimates: [[SkyEstimate]]) {
    for ofMap in estimates {
      for (index, estimate) in ofMap.enumerated() {
        optimal[index].append(estimate.optimal)
        maximumLikelihood[index].append(estimate.maximumLikelihood)
        boundaryCounts[index] += estimate.isAtBoundary ? 1 : 0
      }
    }
  }
}
