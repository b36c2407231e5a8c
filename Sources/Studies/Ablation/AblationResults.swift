import FileFormats
import Foundation
import Tasks
import TrainingRuns

/// The figures of a study, taken from its records.
package struct AblationResults: Sendable, Equatable {
  /// The errors of one parameter of one run.
  package struct Figures: Sendable, Equatable {
    package let parameter: String
    /// Mean |error|/truth on the test maps and its standard error, in percent.
    package let error: Double
    package let standardError: Double
    /// The same of the optimal estimator on the same maps, and the paired ratio.
    package let optimal: Double
    package let optimalStandardError: Double
    package let ratio: Double
    package let ratioStandardError: Double
  }

  /// One run.
  package struct Entry: Sendable, Equatable {
    package let name: String
    package let question: AblationQuestion
    package let label: String
    package let task: BenchmarkTask
    package let noise: Double
    package let skyFraction: Double
    /// One per parameter of the task.
    package let figures: [Figures]
    package let testMaps: Int
    /// Number of trained parameters.
    package let parameterCount: Int
    /// Maps of all stages before the test.
    package let maps: String

    /// The figures of a record.
    ///
    /// - Throws: `AblationError.noFigure`.
    init(_ run: AblationRun, _ record: RunRecord, file: String) throws {
      name = run.name
      question = run.question
      label = run.label
      task = run.sky.task
      noise = run.sky.noise
      skyFraction = run.sky.skyFraction
      func figure(_ key: String) throws(AblationError) -> Double {
        guard let value = record.result[key] else { throw .noFigure(path: file, key: key) }
        return value
      }
      let names = run.sky.task.parameterNames
      figures = try names.map { name in
        func own(_ key: String) throws -> Double {
          try figure(figureName(key, name, of: names.count))
        }
        return Figures(
          parameter: name, error: try own("mean_absolute_percent_error"),
          standardError: try own("standard_error"), optimal: try own("optimal"),
          optimalStandardError: try own("optimal_standard_error"),
          ratio: try own("ratio_to_optimal"),
          ratioStandardError: try own("ratio_standard_error"))
      }
      testMaps = Int(try figure("test_maps"))
      parameterCount = record.parameterCount
      maps = "\(record.recipe.totalMaps)"
    }
  }

  /// The budget of every run.
  package let maps: Int
  /// In the order of the study.
  package let entries: [Entry]

  /// The runs that answer a question, each with its label. Where they are changes of the base, the
  /// base comes first.
  func rows(of question: AblationQuestion) -> [(label: String, entry: Entry)] {
    let own = entries.filter { $0.question == question }.map { (label: $0.label, entry: $0) }
    guard let label = AblationStudy.baseLabels[question], !own.isEmpty,
      let base = entries.first(where: { $0.name == AblationStudy.baseName })
    else { return own }
    return [(label, base)] + own
  }

  /// All figures, a row per run and parameter. Equal results are equal bytes: there are no times in
  /// it.
  package var table: StudyTable {
    var table = StudyTable(columns: [
      "run", "question", "task", "noise", "f_sky", "parameter", "percent_error", "standard_error",
      "optimal", "optimal_standard_error", "ratio", "ratio_standard_error", "maps", "test_maps",
      "network_parameters",
    ])
    for entry in entries {
      for own in entry.figures {
        table.append(
          [
            entry.name, "\(entry.question)", entry.task.rawValue, "\(entry.noise)",
            "\(entry.skyFraction)", own.parameter,
          ]
            + [
              own.error, own.standardError, own.optimal, own.optimalStandardError, own.ratio,
              own.ratioStandardError,
            ].map(StudyTable.cell) + [entry.maps, "\(entry.testMaps)", "\(entry.parameterCount)"])
      }
    }
    return table
  }

  /// The table of Docs/Ablation.md.
  package var markdown: String {
    var lines = [
      "| question | run | mean error, % | optimal on the same maps | ratio (paired) | parameters |",
      "|---|---|---|---|---|---|",
    ]
    for question in AblationQuestion.allCases {
      for (row, (label, entry)) in rows(of: question).enumerated() {
        lines += Self.lines(entry, label, question: row == 0 ? question.rawValue : "")
      }
    }
    return lines.joined(separator: "\n")
  }

  /// A line per parameter.
  private static func lines(_ entry: Entry, _ label: String, question: String) -> [String] {
    entry.figures.enumerated().map { index, own in
      let digits = own.error < 10 ? 3 : 2
      let cells = [
        index == 0 ? question : "", index == 0 ? label : "",
        (entry.figures.count > 1 ? "\(own.parameter) " : "")
          + text(own.error, own.standardError, digits),
        text(own.optimal, own.optimalStandardError, digits),
        text(own.ratio, own.ratioStandardError, own.ratio < 10 ? 3 : 2),
        index == 0 ? "\(entry.parameterCount)" : "",
      ]
      return "| " + cells.joined(separator: " | ") + " |"
    }
  }

  private static func text(_ value: Double, _ error: Double, _ digits: Int) -> String {
    NumberText.fixed(value, standardError: error, decimals: digits, plusMinus: "±")
  }
}
