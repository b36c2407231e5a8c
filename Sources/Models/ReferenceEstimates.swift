import Tasks

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
