import Tasks

/// The least possible error of one parameter of one row, as computed once with many skies.
package struct RecordedLimit: Sendable, Hashable {
  /// The error of the optimal estimator over simulated skies, percent; nil where it is not
  /// computed.
  package let optimal: ValueWithError?
  /// The Cramér-Rao bound averaged over the prior, percent: it binds estimators without bias only.
  package let cramerRao: Double?
}

/// The optima of record, from `sphere limits`: 100,000 skies each on the full sky; 500, 3,000,
/// 5,000 and 1,000 skies for t2 at f_sky 0.2, 0.1, 0.05 and for t3 at 0.1.
///
/// They belong to nside 16, the physical sky and the documented cap; Docs/Results.md says how they
/// were made.
/// Checked by: PublishedResultsTests.
package enum RecordedLimits {
  /// The limit of a parameter of a row; nil where none is recorded.
  package static func limit(_ settings: TaskSettings, parameter: String) -> RecordedLimit? {
    guard settings.nside == 16, settings.task == .t1 || settings.skyProtocol == .physical else {
      return nil
    }
    let isFirst = parameter == settings.parameterNames[0]
    switch settings.task {
    case .t1: return temperature[settings.noise].map { limit($0) }
    case .t2:
      guard settings.noise == 0, let row = peaks[settings.skyFraction] else { return nil }
      return limit(isFirst ? row.e : row.b)
    case .t3:
      guard settings.noise == 0 else { return nil }
      return opticalDepth[settings.skyFraction].map { limit($0) }
    }
  }

  /// Optimum, its standard error, bound.
  private typealias Row = (optimal: Double?, standardError: Double?, bound: Double)

  private static func limit(_ row: Row) -> RecordedLimit {
    RecordedLimit(
      optimal: row.optimal.map { ValueWithError($0, standardError: row.standardError) },
      cramerRao: row.bound)
  }

  /// By noise per pixel.
  private static let temperature: [Double: Row] = [
    0: (0.5379, 0.0017, 0.5399), 5: (2.362, 0.008, 2.440), 10: (4.280, 0.014, 4.576),
    15: (6.820, 0.021, 7.588),
  ]

  /// By sky fraction. E and B have the same bound.
  private static let peaks: [Double: (e: Row, b: Row)] = [
    1: ((0.5357, 0.0017, 0.5404), (0.5366, 0.0017, 0.5404)),
    0.5: ((nil, nil, 0.755), (nil, nil, 0.755)),
    0.2: ((1.243, 0.054, 1.199), (1.124, 0.047, 1.199)),
    0.1: ((1.678, 0.029, 1.690), (1.653, 0.030, 1.690)),
    0.05: ((2.426, 0.034, 2.455), (2.341, 0.031, 2.455)),
  ]

  /// By sky fraction.
  private static let opticalDepth: [Double: Row] = [
    1: (2.948, 0.007, 3.064), 0.1: (6.86, 0.17, 7.89),
  ]
}
