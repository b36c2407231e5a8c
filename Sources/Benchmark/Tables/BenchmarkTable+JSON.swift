import FileFormats

extension BenchmarkTable {
  /// One JSON object per model and line, with the keys of `sphere evaluate` and more.
  ///
  /// Keys:  `model`, `task`, `protocol`, `architecture`, `noise`, `fsky`, `source` (measured or
  ///        record), `seed` and `count` of the maps; `parameter_count`, `maps_seen`,
  ///        `training_seconds`; `optimal_count`, the maps that have an optimum;
  ///        `published_on_another_sky`.
  /// Per parameter, {"tau":2.9}: `mean_absolute_percent_error` and its `standard_error`; `optimal`,
  ///        `ratio_to_optimal`, `maximum_likelihood` with `optimal_standard_error`, …;
  ///        `optimal_of_record`, `cramer_rao`; `published`, `published_repeated`, `nnhealpix`,
  ///        `mcmc`; `coverage`, `coverage_two_bars`, `slope`, `slope_standard_error`,
  ///        `optimal_slope`; `bias` and `optimal_bias`, lists of [middle of the bin, bias, standard
  ///        error], and `excess_bias`, a list of [middle of the bin, excess, standard error] in
  ///        units of the optimum's scatter.
  /// What is not known is null.
  package var json: String {
    var lines: [String] = []
    var first = 0
    while first < rows.count {
      // The parameters of a model stand together.
      let count = rows[first].settings.parameterNames.count
      lines.append(line(Array(rows[first..<first + count])))
      first += count
    }
    return lines.joined(separator: "\n")
  }

  private func line(_ rows: [Row]) -> String {
    let row = rows[0]
    var line = JSONLine()
    line.add("model", row.model)
    line.add("task", row.settings.task.rawValue)
    line.add("protocol", row.settings.skyProtocol.rawValue)
    line.add("architecture", row.architecture)
    line.add("noise", row.settings.noise)
    line.add("fsky", row.settings.skyFraction)
    line.add("source", row.source == .measured ? "measured" : "record")
    if row.source == .measured { line.addLiteral("seed", "\(seed)") }
    line.add("count", row.mapCount.map { Double($0) })
    addErrors(rows, to: &line)
    addCalibration(rows, to: &line)
    line.add("parameter_count", row.parameterCount)
    line.add("maps_seen", row.mapsSeen.map { Double($0) })
    line.add("training_seconds", row.seconds)
    return line.text
  }

  private func addErrors(_ rows: [Row], to line: inout JSONLine) {
    func add(_ key: String, _ value: (Row) -> Double?) {
      line.add(key, rows.map { ($0.parameter, value($0)) })
    }
    add("mean_absolute_percent_error") { $0.error?.value }
    add("standard_error") { $0.error?.standardError }
    line.add("optimal_count", rows[0].optimalMapCount)
    add("optimal") { $0.optimal?.value }
    add("optimal_standard_error") { $0.optimal?.standardError }
    add("ratio_to_optimal") { $0.ratio?.value }
    add("ratio_standard_error") { $0.ratio?.standardError }
    add("maximum_likelihood") { $0.maximumLikelihood?.value }
    add("maximum_likelihood_standard_error") { $0.maximumLikelihood?.standardError }
    add("optimal_of_record") { $0.limit?.optimal?.value }
    add("cramer_rao") { $0.limit?.cramerRao }
    add("published") { $0.published?.spectralNetwork }
    add("published_repeated") { $0.published?.repeatedRun }
    let isOnAnotherSky = rows[0].published?.isOnAnotherSky
    line.addLiteral("published_on_another_sky", isOnAnotherSky.map { "\($0)" } ?? "null")
    add("nnhealpix") { $0.published?.pixelNetwork }
    add("mcmc") { $0.published?.markovChain }
  }

  private func addCalibration(_ rows: [Row], to line: inout JSONLine) {
    func add(_ key: String, _ value: (Row) -> Double?) {
      line.add(key, rows.map { ($0.parameter, value($0)) })
    }
    add("coverage") { $0.coverage }
    add("coverage_two_bars") { $0.calibration?.coverage.last?.share }
    add("slope") { $0.calibration?.slope?.value }
    add("slope_standard_error") { $0.calibration?.slope?.standardError }
    add("optimal_slope") { $0.optimalCalibration?.slope?.value }
    func addBins(_ key: String, _ values: (Row) -> [ValueWithError?]?) {
      let entries = rows.map { row in
        let bins = zip(row.calibration?.bins ?? [], values(row) ?? []).map { bin, value in
          "[\(JSONLine.number(bin.centre)),\(JSONLine.number(value?.value)),"
            + "\(JSONLine.number(value?.standardError))]"
        }
        let list = bins.isEmpty ? "null" : "[\(bins.joined(separator: ","))]"
        return "\(JSONLine.quoted(row.parameter)):\(list)"
      }
      line.addLiteral(key, "{\(entries.joined(separator: ","))}")
    }
    addBins("bias") { $0.calibration?.bins.map(\.bias) }
    addBins("optimal_bias") { $0.optimalCalibration?.bins.map(\.bias) }
    addBins("excess_bias") { $0.excessBias }
  }
}
