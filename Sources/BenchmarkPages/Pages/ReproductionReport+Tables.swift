import Benchmark
import FileFormats
import Foundation

extension ReproductionReport {
  /// The benchmark table and how to read it.
  func headline() throws -> Section {
    let table = try report.table
    let rows = table.rows.map { row in
      [
        "\(row.settings.task.rawValue.uppercased()), \(row.settings.skyName)", row.parameter,
        row.architecture + (row.source == .record ? " (record)" : ""), Self.text(row.error),
        Self.text(row.optimal), Self.text(row.ratio), Self.published(row.published),
        Self.plain(row.published?.pixelNetwork), Self.plain(row.published?.markovChain),
        row.mapsSeen.map { NumberText.grouped($0) } ?? "",
      ]
    }
    let header = [
      "task, sky", "parameter", "network", "error, %", "optimal on the same maps, %",
      "ratio, paired", "published network, %", "NNhealpix, %", "MCMC, %", "maps of training",
    ]
    var notes = Self.notes
    if table.rows.contains(where: { $0.published?.isOnAnotherSky == true }) {
      notes.append(
        "Starred figures belong to another sky: there E and B follow one random number, so that "
          + "single modes "
          + "give the parameters away. They cannot be compared with this row.")
    }
    if table.rows.contains(where: { $0.source == .record }) {
      notes.append(
        "Rows marked (record) are figures of the record of a training run, on its own test maps.")
    }
    return Section(
      title: "Errors",
      content: [
        .table(header, rows), .element("h3", "How to read it"),
        .element("ul", [], notes.map { .element("li", $0) }),
      ], pictures: [])
  }

  private static let notes = [
    "Error: the mean of |prediction - truth| / truth over all maps, in percent, with its "
      + "standard error. "
      + "Lower is better; 0 is not possible, since the sky itself is random.",
    "Optimal: the estimate with the least possible mean error, from the exact posterior of the "
      + "very same "
      + "maps. No honest estimator does better, but for chance.",
    "Ratio: error over optimal error, map by map on the maps that have an optimum. 1.02 is two "
      + "percent from "
      + "the best there is; a ratio below 1 by more than four standard errors would be a leak.",
    "Published network, NNhealpix, MCMC: figures of the published spectral network (in brackets "
      + "trained again "
      + "by its authors) and of Krachmalnicoff and Tomasi 2019, on their own maps.",
    "Error bars are right if 68.3 % of the truths lie within one and 95.5 % within two of them; "
      + "then residuals "
      + "in units of the bar follow the unit normal curve.",
    "Bias is the mean of prediction - truth in a bin of the truth, in units of the scatter "
      + "there. Estimates "
      + "shrink from the ends of the prior, the optimal ones too: the optimum, not zero, is the "
      + "measure. "
      + "The slope of predictions against truths shows the same, 1 without shrinking, 0 for a "
      + "constant.",
  ]

  /// Error bars, slopes and biases of the models of a task.
  func calibration(_ scores: [ModelScore]) -> Hypertext {
    let rows = scores.flatMap { score in
      score.parameters.map { own -> [String] in
        let bars = own.calibration.coverage.map {
          let expected = NumberText.fixed(
            100 * $0.expected, standardError: 100 * $0.standardError, decimals: 1,
            plusMinus: "\u{b1}")
          return "\(NumberText.fixed(100 * $0.share, decimals: 1)) (\(expected))"
        }
        return [
          score.label, own.parameter, bars.first ?? "", bars.dropFirst().first ?? "",
          Self.text(own.calibration.slope, decimals: 4),
          Self.text(own.optimalCalibration?.slope, decimals: 4),
        ]
      }
    }
    return .table(
      [
        "sky", "parameter", "truths within 1 bar, % (expected)", "within 2 bars, % (expected)",
        "slope", "slope of the optimum",
      ], rows)
  }

  private static func text(_ value: ValueWithError?, decimals: Int = 3) -> String {
    guard let value else { return "" }
    guard let error = value.standardError else {
      return NumberText.fixed(value.value, decimals: decimals)
    }
    return NumberText.fixed(
      value.value, standardError: error, decimals: decimals, plusMinus: "\u{b1}")
  }

  private static func plain(_ value: Double?) -> String {
    value.map { String(format: "%g", $0) } ?? ""
  }

  private static func published(_ result: PublishedResult?) -> String {
    result?.networkText(otherSky: " *") ?? ""
  }
}
