import Tasks
import TrainingRuns

/// The benchmark: what every model reaches, beside what is possible and what others report.
///
/// Checked by: BenchmarkTablePropertyTests.
package struct BenchmarkTable: Sendable {
  /// Where the figures of a row come from.
  package enum Source: Sendable, Hashable {
    /// Measured now, on fresh maps.
    case measured
    /// The record of a run whose weights are not in the folder.
    case record
  }

  /// One parameter of one model. Errors are mean |error|/θ in percent.
  package struct Row: Sendable {
    /// The model's name.
    package let model: String
    /// Task, protocol, noise and mask.
    package let settings: TaskSettings
    /// The parameter.
    package let parameter: String
    /// The name of the architecture.
    package let architecture: String
    /// Whether this was measured now.
    package let source: Source
    /// Number of test maps.
    package let mapCount: Int?
    /// The model's error.
    package let error: ValueWithError?
    /// Number of maps on which the optimum was computed, 0 for none.
    package let optimalMapCount: Int
    /// The error of the optimal estimator on these.
    package let optimal: ValueWithError?
    /// The model's error over the optimum's on the same maps, with the paired standard error.
    package let ratio: ValueWithError?
    /// The error of the maximum-likelihood estimate on the same maps.
    package let maximumLikelihood: ValueWithError?
    /// The optimum of many skies and the Cramér-Rao bound.
    package let limit: RecordedLimit?
    /// What others report.
    package let published: PublishedResult?
    /// Number of trained parameters.
    package let parameterCount: Int
    /// Maps used for training in every sense.
    package let mapsSeen: Int?
    /// Seconds of training, from the record.
    package let seconds: Double?
    /// Bias, slope and coverage; nil for rows from records.
    package let calibration: Calibration?
    /// Bias and slope of the optimal estimates; nil without them.
    package let optimalCalibration: Calibration?
    /// The model's bias less the optimum's, bin by bin: `ParameterScore.excessBias`.
    package let excessBias: [ValueWithError?]
    /// The excess bias of largest size.
    package let largestExcessBias: ValueWithError?
    /// The share of truths within one error bar, from the calibration or the record.
    package let coverage: Double?
  }

  /// The rows by task, sky and model.
  package let rows: [Row]
  /// Number of maps per measured model.
  package let mapCount: Int
  /// The seed of the maps.
  package let seed: UInt64

  /// The table of a report.
  ///
  /// - Throws: as `RecordedLimits.limit`.
  package init(_ report: BenchmarkReport) throws {
    let measured = try report.scores.flatMap { score in
      try score.parameters.map {
        (order: score.settings.tableOrder(name: score.name), try Row(score, $0))
      }
    }
    let recorded = try report.records.flatMap { own in
      try own.settings.parameterNames.map {
        (order: own.settings.tableOrder(name: own.name), try Row(own, parameter: $0))
      }
    }
    // Stable: the parameters of a model keep their order.
    rows = (measured + recorded).enumerated().sorted { a, b in
      if a.element.order < b.element.order { return true }
      return !(b.element.order < a.element.order) && a.offset < b.offset
    }.map(\.element.1)
    mapCount = report.mapCount
    seed = report.seed
  }
}

extension BenchmarkTable.Row {
  /// The row of a measured model.
  init(_ score: ModelScore, _ own: ParameterScore) throws {
    model = score.name
    settings = score.settings
    parameter = own.parameter
    architecture = score.architecture
    source = .measured
    mapCount = score.mapCount
    error = ValueWithError(own.error)
    optimalMapCount = own.optimal.count
    optimal = own.comparison.map { ValueWithError($0.optimal) }
    ratio = own.comparison.map {
      ValueWithError($0.ratio, standardError: $0.ratioStandardError)
    }
    maximumLikelihood = own.maximumLikelihoodError.map { ValueWithError($0) }
    limit = try RecordedLimits.limit(score.settings, parameter: own.parameter)
    published = try PublishedResults.result(score.settings, parameter: own.parameter)
    parameterCount = score.parameterCount
    mapsSeen = score.mapsSeen
    seconds = score.record?.seconds
    calibration = own.calibration
    optimalCalibration = own.optimalCalibration
    excessBias = own.excessBias
    largestExcessBias = own.largestExcessBias
    coverage = own.calibration.coverage.first?.share
  }

  /// The row of a record without weights.
  init(_ own: ModelRecord, parameter: String) throws {
    let record = own.record
    let count = own.settings.parameterNames.count
    func figure(_ key: String) -> Double? {
      record.result[figureName(key, parameter, of: count)]
    }
    func value(_ key: String, _ errorKey: String) -> ValueWithError? {
      figure(key).map { ValueWithError($0, standardError: figure(errorKey)) }
    }
    model = own.name
    settings = own.settings
    self.parameter = parameter
    architecture = record.recipe.architecture.rawValue
    source = .record
    mapCount = record.result["test_maps"].map { Int($0) }
    error = value("mean_absolute_percent_error", "standard_error")
    optimal = value("optimal", "optimal_standard_error")
    ratio = value("ratio_to_optimal", "ratio_standard_error")
    optimalMapCount = optimal == nil ? 0 : mapCount ?? 0
    maximumLikelihood = nil
    limit = try RecordedLimits.limit(own.settings, parameter: parameter)
    published = try PublishedResults.result(own.settings, parameter: parameter)
    parameterCount = record.parameterCount
    mapsSeen = record.recipe.totalMaps
    seconds = record.seconds
    calibration = nil
    optimalCalibration = nil
    excessBias = []
    largestExcessBias = nil
    coverage = figure("coverage")
  }
}
