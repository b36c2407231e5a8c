import Foundation
import Tasks

/// The table for reading.
///
/// For each task three tables: the errors of models; what is possible; calibration. Columns in
/// which no row has anything are left out, and so is a table without rows.
extension BenchmarkTable {
  /// The whole as Markdown, headings of the third level.
  package var markdown: String { rendering(.markdown) }

  /// The whole in plain text.
  package var text: String { rendering(.text) }

  private enum Rendering {
    case markdown, text

    var style: NumberStyle { self == .markdown ? .markdown : .text }

    func table(_ table: TextTable) -> String { self == .markdown ? table.markdown : table.text }

    func heading(_ text: String) -> String {
      self == .markdown
        ? "### \(text)" : text + "\n" + String(repeating: "=", count: text.count)
    }
  }

  private func rendering(_ rendering: Rendering) -> String {
    var parts = [introduction]
    for task in BenchmarkTask.known {
      let own = rows.filter { $0.settings.task == task }
      guard !own.isEmpty else { continue }
      parts.append(rendering.heading("\(task.rawValue.uppercased()): \(task.title)"))
      parts.append(rendering.table(errors(own, rendering.style)))
      let limits = limits(own, rendering.style)
      if !limits.rows.isEmpty {
        parts.append("What is possible, mean error in percent:")
        parts.append(rendering.table(limits))
      }
      let calibration = calibration(own, rendering.style)
      if !calibration.rows.isEmpty {
        parts.append("Calibration:")
        parts.append(rendering.table(calibration))
      }
    }
    return (parts + notes).joined(separator: "\n\n")
  }

  private var introduction: String {
    "Mean of |prediction - truth| / truth in percent with its standard error, on "
      + "\(NumberStyle.text.count(mapCount)) fresh maps per model (seed \(seed))."
  }

  // MARK: - Tables

  private func errors(_ rows: [Row], _ style: NumberStyle) -> TextTable {
    var table = TextTable([
      "sky", "parameter", "network", "error", "optimal, same maps", "ratio, paired",
      "published network", "NNhealpix", "MCMC", "parameters", "maps of training",
    ])
    for row in rows {
      let isFewer = row.optimal != nil && row.optimalMapCount != row.mapCount
      table.append([
        row.settings.skyName, row.parameterName, row.networkName,
        style.number(row.error, decimals: 3, emphasised: row.source == .measured),
        style.number(row.optimal, decimals: 3)
          + (isFewer ? " (\(style.count(row.optimalMapCount)) maps)" : ""),
        style.number(row.ratio, decimals: 3),
        row.published.map { $0.networkText(otherSky: " [other sky]") } ?? "",
        style.number(row.published?.pixelNetwork, decimals: 1),
        style.number(row.published?.markovChain, decimals: 1),
        style.count(row.parameterCount), style.count(row.mapsSeen),
      ])
    }
    return table
  }

  /// One line per sky and parameter.
  private func limits(_ rows: [Row], _ style: NumberStyle) -> TextTable {
    var table = TextTable([
      "sky", "parameter", "optimal, same maps", "maximum likelihood, same maps", "maps",
      "optimal, many skies", "Cramer-Rao bound",
    ])
    var seen: Set<String> = []
    for row in rows where row.maximumLikelihood != nil || row.limit != nil {
      guard seen.insert("\(row.settings.skyName) \(row.parameter)").inserted else { continue }
      let isMeasured = row.source == .measured && row.optimal != nil
      table.append([
        row.settings.skyName, row.parameterName,
        isMeasured ? style.number(row.optimal, decimals: 3) : "",
        style.number(row.maximumLikelihood, decimals: 3),
        isMeasured ? style.count(row.optimalMapCount) : "",
        style.number(row.limit?.optimal, decimals: 3),
        style.number(row.limit?.cramerRao, decimals: 3),
      ])
    }
    return table
  }

  private func calibration(_ rows: [Row], _ style: NumberStyle) -> TextTable {
    var table = TextTable([
      "sky", "parameter", "network", "slope", "slope of the optimum", "bias, lowest bin",
      "of the optimum", "bias, highest bin", "of the optimum", "largest excess",
      "within 1 bar, %", "within 2 bars, %",
    ])
    for row in rows {
      guard let own = row.calibration else { continue }
      let bars = own.coverage.map {
        style.number(
          ValueWithError(100 * $0.share, standardError: 100 * $0.standardError), decimals: 1)
      }
      func bias(_ bin: Calibration.Bin?) -> String { style.number(bin?.relativeBias, decimals: 2) }
      table.append([
        row.settings.skyName, row.parameterName, row.networkName,
        style.number(own.slope, decimals: 4),
        style.number(row.optimalCalibration?.slope, decimals: 4), bias(own.bins.first),
        bias(row.optimalCalibration?.bins.first), bias(own.bins.last),
        bias(row.optimalCalibration?.bins.last),
        style.number(row.largestExcessBias, decimals: 2),
        bars.first ?? "", bars.dropFirst().first ?? "",
      ])
    }
    return table
  }

  // MARK: - Notes

  /// What the columns mean, as far as they occur.
  private var notes: [String] {
    var notes = [
      "Optimal: the estimate of least mean error from the exact posterior of the same maps; the "
        + "ratio is "
        + "paired map by map. Published network: the published spectral network, in brackets "
        + "trained "
        + "again by its authors (T3: on C_l instead of D_l). NNhealpix and MCMC: Krachmalnicoff "
        + "& Tomasi 2019."
    ]
    if rows.contains(where: { $0.published?.isOnAnotherSky == true }) {
      notes.append(
        "[other sky] The published network was trained and tested under the published protocol, "
          + "in which E "
          + "and B follow one random number: its figure cannot be compared with a physical row.")
    }
    if rows.contains(where: { $0.settings.isPublishedSky }) {
      notes.append(
        "Under the published protocol the parameters follow from single modes without error: the "
          + "optimum is "
          + "rounding, and there is no ratio to it.")
    }
    if rows.contains(where: { $0.source == .record }) {
      notes.append(
        "[record] Figures of the record of a training run, on its own test maps; the weights are "
          + "not here."
      )
    }
    if rows.contains(where: { $0.limit?.cramerRao != nil }) {
      notes.append(
        "The Cramer-Rao bound, averaged over the prior, binds estimators without bias only; a "
          + "prior with "
          + "ends allows a little less.")
    }
    if rows.contains(where: { $0.calibration != nil }) {
      notes.append(
        "Slope: of predictions against truths, 0 for a constant. Bias: mean of prediction - "
          + "truth in one of "
          + "\(Calibration.standardBinCount) equal bins of the prior, in units of the scatter "
          + "there; "
          + "estimates shrink at the ends of the prior, the optimal ones too. Largest excess: "
          + "the model's bias "
          + "less the optimum's, paired on the same maps, in the bin where it is largest. Bars "
          + "hold 68.3 and "
          + "95.5 % of truths if they are right.")
    }
    return notes
  }
}

extension BenchmarkTable.Row {
  /// Empty for tasks of one parameter, which the heading names.
  fileprivate var parameterName: String {
    settings.parameterNames.count == 1 ? "" : parameter
  }

  fileprivate var networkName: String {
    source == .record ? "\(architecture) [record]" : architecture
  }
}
