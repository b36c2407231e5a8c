import Foundation
import Tasks
import Testing
import Training
import TrainingRuns
import Verification

@testable import Benchmark

/// What the table must contain, in every rendering.
/// Blind to: how it looks.
@Suite("Benchmark table")
struct BenchmarkTablePropertyTests {
  /// T1 measured; T2 behind a mask with an optimum on some maps, without any on the published sky;
  /// a record.
  private static func report() throws -> BenchmarkReport {
    let cut = try TaskSettings(task: .t2, skyFraction: 0.1)
    let published = try TaskSettings(task: .t2, skyProtocol: .published)
    let name = "t3-physical-isotropic"
    let record = try shippedRecord(name)
    return BenchmarkReport(
      scores: [
        try syntheticScore("sky", settings: published, optimalMaps: 0),
        try syntheticScore("cut", settings: cut, optimalMaps: 50),
        try syntheticScore("noisy", settings: TaskSettings(noise: 5)),
        try syntheticScore("b-clean", settings: TaskSettings()),
        try syntheticScore("a-clean", settings: TaskSettings()),
      ],
      records: [
        ModelRecord(
          name: name, settings: record.settings, record: record)
      ],
      mapCount: 200, seed: 9)
  }

  @Test("Rows by task, sky, noise and name")
  func order() throws {
    let rows = try Self.report().table.rows
    #expect(
      rows.map(\.model) == [
        "a-clean", "b-clean", "noisy", "cut", "cut", "sky", "sky", "t3-physical-isotropic",
      ])
    #expect(rows.map(\.parameter).suffix(5) == ["ell_e", "ell_b", "ell_e", "ell_b", "tau"])
    #expect(rows.map(\.source).dropLast().allSatisfy { $0 == .measured })
    #expect(rows.last?.source == .record)
  }

  /// Figures of rows are those of scores, and of the record where there are no weights.
  @Test("Figures")
  func figures() throws {
    let report = try Self.report()
    let rows = try report.table.rows
    let cut = try #require(report.scores.first { $0.name == "cut" })
    let own = cut.parameters[1]
    let row = try #require(rows.first { $0.model == "cut" && $0.parameter == "ell_b" })
    #expect(row.error?.value == own.error.percent && row.mapCount == 200)
    #expect(row.optimalMapCount == 50 && own.comparison?.mapCount == 50)
    #expect(row.ratio?.value == own.comparison?.ratio)
    #expect(row.optimal?.standardError == own.comparison?.optimal.standardError)
    #expect(row.maximumLikelihood?.value == row.optimal?.value, "the same lists here")
    #expect(row.limit?.cramerRao == 1.671 && row.published?.spectralNetwork == 2.70)
    let record = try shippedRecord("t3-physical-isotropic")
    let last = try #require(rows.last)
    #expect(last.error?.value == record.result["mean_absolute_percent_error"])
    #expect(last.ratio?.standardError == record.result["ratio_standard_error"])
    #expect(last.mapsSeen == 300_000 && last.parameterCount == record.parameterCount)
    #expect(last.calibration == nil && last.coverage == record.result["coverage"])
  }

  /// The keys of the contract, in every line; nulls where nothing is known.
  @Test("JSON")
  func json() throws {
    let lines = try Self.report().table.json.split(separator: "\n")
    try #require(lines.count == 6, "one per model")
    let objects = try lines.map {
      try #require(
        try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any], "\($0)")
    }
    for object in objects {
      for key in [
        "model", "task", "protocol", "architecture", "noise", "fsky", "count",
        "mean_absolute_percent_error", "standard_error", "optimal", "ratio_to_optimal",
        "ratio_standard_error", "coverage", "published", "nnhealpix", "mcmc", "cramer_rao",
        "parameter_count", "maps_seen",
      ] {
        #expect(object[key] != nil, "\(key) is missing in \(object)")
      }
    }
    func value(_ line: Int, _ key: String, _ parameter: String) -> Any? {
      (objects[line][key] as? [String: Any])?[parameter]
    }
    #expect(objects[3]["count"] as? Int == 200 && objects[3]["optimal_count"] as? Int == 50)
    #expect(objects[3]["fsky"] as? Double == 0.1 && objects[3]["seed"] as? Int == 9)
    #expect(value(3, "published", "ell_b") as? Double == 2.70)
    #expect(objects[3]["published_on_another_sky"] as? Bool == true)
    #expect(value(4, "optimal", "ell_e") is NSNull && value(4, "nnhealpix", "ell_e") is NSNull)
    #expect((value(0, "bias", "ell_peak") as? [[Double]])?.count == 15)
    #expect(objects[5]["source"] as? String == "record" && value(5, "slope", "tau") is NSNull)
  }

  /// Markdown tables have as many cells in every line as in the header; marks are explained where
  /// they occur.
  @Test("Markdown")
  func markdown() throws {
    let text = try Self.report().table.markdown
    let blocks = text.split(separator: "\n\n").map { $0.split(separator: "\n") }
    let tables = blocks.filter { $0[0].hasPrefix("|") }
    // Errors, limits and calibration of T1 and T2; the record's task has no calibration.
    #expect(tables.count == 8)
    for table in tables {
      let cells = table.map { $0.count { $0 == "|" } }
      #expect(Set(cells).count == 1, "\(table)")
      #expect(table[1].allSatisfy { $0 == "|" || $0 == "-" })
    }
    for words in [
      "### T1", "### T2", "### T3", "**", "(50 maps)", "[record]", "[other sky]",
      "published protocol",
      "1,234,567", "1.27 (1.30)", "200 fresh maps", "seed 9",
    ] {
      #expect(text.contains(words), "no '\(words)' in\n\(text)")
    }
    let plain = try Self.report().table.text
    #expect(!plain.contains("**") && !plain.contains("\n|") && plain.contains("+-"))
    // Without such rows there are no such notes.
    let simple = BenchmarkReport(
      scores: [try syntheticScore("a", settings: TaskSettings())], mapCount: 200, seed: 1)
    #expect(try !simple.table.markdown.contains("[record]"))
    #expect(try !simple.table.markdown.contains("[other sky]"))
  }

  /// Columns without content are left out, and bars within a cell do not end it.
  @Test("Tables of texts")
  func textTable() {
    var table = TextTable(["a", "empty", "long name"])
    table.append(["x|y", "", "1"])
    table.append(["z", "", "23"])
    #expect(table.markdown == "| a | long name |\n|---|---|\n| x\\|y | 1 |\n| z | 23 |")
    #expect(table.text == "a    long name\nx|y  1\nz    23")
    let style = NumberStyle.text
    #expect(style.count(1_234_567) == "1,234,567" && style.count(999) == "999")
    #expect(style.count(1_000) == "1,000" && style.count(nil).isEmpty)
    let value = ValueWithError(1.23456, standardError: 0.01)
    #expect(
      NumberStyle.markdown.number(value, decimals: 3, emphasised: true) == "**1.235 ± 0.010**")
    #expect(style.number(ValueWithError(2), decimals: 1) == "2.0")
    let small = ValueWithError(3.646e-4, standardError: 7.768e-6)
    #expect(style.number(small, decimals: 3) == "0.0003646 +- 0.0000078")
    #expect(style.number(ValueWithError(1, standardError: 0), decimals: 3) == "1.000 +- 0.000")
  }

  /// Numbers in the table of predictions read back to the same bits.
  @Test("Predictions")
  func predictions() throws {
    let settings = try TaskSettings(task: .t2, skyFraction: 0.1)
    let score = try syntheticScore("cut", settings: settings, maps: 6, optimalMaps: 2)
    let lines = score.predictionTable.split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    #expect(lines[0].joined(separator: ",").hasPrefix("map,ell_e,ell_e_prediction,ell_e_error,"))
    #expect(lines.count == 7 && lines.allSatisfy { $0.count == 9 })
    for map in 0..<6 {
      let cells = lines[map + 1]
      #expect(Int(cells[0]) == map)
      #expect(Double(cells[1]) == score.parameters[0].truths[map])
      #expect(Double(cells[6]) == score.parameters[1].predictions[map])
      #expect(Double(cells[7]) == score.parameters[1].errorBars[map])
      #expect(cells[8].isEmpty == (map >= 2), "the optimum of the first two maps")
    }
  }
}
