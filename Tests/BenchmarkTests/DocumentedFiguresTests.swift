import FileFormats
import Foundation
import Tasks
import TestSupport
import Testing
import TrainingRuns
import Verification

@testable import Benchmark

/// Figures that documents quote are those of the records under `Fixtures/benchmark`, in which each
/// stands once. Blind to: figures that are quoted in one document alone, and sentences about them.
@Suite("Figures in documents")
struct DocumentedFiguresTests {
  private func document(_ path: String) throws -> [String] {
    let url = FixtureStore.packageRoot.appendingPathComponent(path)
    return try String(contentsOf: url, encoding: .utf8).components(separatedBy: "\n")
  }

  /// The cells of the one row of a document that begins so.
  private func row(_ document: [String], _ label: String) throws -> [String] {
    let rows = document.filter { $0.hasPrefix("| \(label) |") }
    try #require(rows.count == 1, "\(rows.count) rows '\(label)'")
    return rows[0].split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast()
      .map { $0.trimmingCharacters(in: .whitespaces) }
  }

  private func rows() throws -> [(label: String, settings: TaskSettings)] {
    try [0.0, 5, 10, 15].map { ("T1, noise \(Int($0))", try TaskSettings(noise: $0)) }
      + [1.0, 0.5, 0.2, 0.1, 0.05].map { share in
        (
          share == 1 ? "T2, full sky, E and B" : "T2, f_sky \(share), E and B",
          try TaskSettings(task: .t2, skyFraction: share)
        )
      } + [("T3, tau", try TaskSettings(task: .t3))]
  }

  private func joined(_ values: [Double], decimals: Int = 3) -> String {
    values.map { NumberText.fixed($0, decimals: decimals) }.joined(separator: ", ")
  }

  /// Several values, and the largest of their standard errors.
  private func joined(_ values: [Double], _ errors: [Double]) -> String {
    "\(joined(values)) ± \(NumberText.fixed(errors.max() ?? .nan, decimals: 3))"
  }

  /// One figure as published, or one per parameter; in brackets if they are of another sky.
  private func published(_ values: [Double?], isOnAnotherSky: Bool = false) -> String {
    let known = values.compactMap { $0 }
    let isShort = known.allSatisfy { Double(NumberText.fixed($0, decimals: 1)) == $0 }
    let text = joined(
      Set(known).count == 1 ? Array(known.prefix(1)) : known, decimals: isShort ? 1 : 2)
    return isOnAnotherSky ? "(\(text))" : text
  }

  /// Every cell of the first table of the README.
  @Test("The table of the README")
  func readme() throws {
    let document = Array(
      try document("README.md").prefix { !$0.hasPrefix("The published architecture on") })
    for (label, settings) in try rows() {
      let cells = try row(document, label)
      let ending =
        settings.noise > 0 || !settings.task.isPolarisation
        ? "-noise\(NumberText.short(settings.noise))"
        : settings.mask == nil ? "" : "-fsky\(NumberText.short(settings.skyFraction))"
      let own = try RecordedScore.of("\(settings.task.rawValue)-physical-isotropic\(ending)")
      #expect(own.map(\.parameter) == settings.parameterNames)
      #expect(cells[1] == "**\(joined(own.map(\.error), own.map(\.standardError)))**")
      let optima = own.compactMap(\.optimal)
      if optima.isEmpty {
        let bound = try RecordedLimits.limit(settings, parameter: own[0].parameter)?.cramerRao
        #expect(cells[2] == "Cramér-Rao: \(joined([bound ?? .nan]))" && cells[3].isEmpty)
      } else {
        #expect(cells[2] == joined(optima))
        #expect(
          cells[3] == joined(own.compactMap(\.ratio), own.compactMap(\.ratioStandardError)))
      }
      let pixel = try RecordedScore.of("\(settings.task.rawValue)-physical-pixel\(ending)")
      #expect(cells[4] == joined(pixel.map(\.error)))
      let figures = try settings.parameterNames.compactMap {
        try PublishedResults.result(settings, parameter: $0)
      }
      #expect(
        cells[5]
          == published(
            figures.map(\.spectralNetwork), isOnAnotherSky: figures[0].isOnAnotherSky))
      #expect(cells[6] == published(figures.map(\.pixelNetwork)))
    }
  }

  /// The error of a row of the published network with its standard error, one per parameter: on the
  /// maps of the documents where weights are shipped, or from the record of the run.
  private static func figures(
    _ preset: TrainingPreset
  ) throws -> (
    errors: [Double], standardErrors: [Double], optimum: Double?, isRecord: Bool
  ) {
    let shipped = try RecordedScore.of(preset.name)
    if !shipped.isEmpty {
      return (
        shipped.map(\.error), shipped.map(\.standardError), shipped[0].optimal, false
      )
    }
    let record = try RunRecord(contentsOf: FixtureStore.url("models/\(preset.name).json"))
    let names = record.settings.parameterNames
    try #require(record.result["test_maps"] == 10_000)
    func values(_ key: String) throws -> [Double] {
      try names.map { try #require(record.result[figureName(key, $0, of: names.count)]) }
    }
    return (
      try values("mean_absolute_percent_error"), try values("standard_error"),
      record.result["optimal"], true
    )
  }

  /// A row of the published table as documents name it.
  private static func label(_ settings: TaskSettings) -> String {
    let task = settings.task.rawValue.uppercased()
    if !settings.task.isPolarisation { return "\(task), noise \(Int(settings.noise))" }
    if settings.task == .t3 { return "\(task), tau" }
    return settings.mask == nil
      ? "\(task), full sky, E and B"
      : "\(task), f_sky \(NumberText.short(settings.skyFraction)), E and B"
  }

  /// Every row of the published table that the published network has been trained for: in the
  /// README and on the network's own page.
  @Test("The published architecture", arguments: ["README.md", "Docs/PublishedNetwork.md"])
  func publishedArchitecture(path: String) throws {
    let document = try document(path)
    let presets = TrainingPreset.all.filter { $0.architecture == .published }
    #expect(presets.count == 10)
    for preset in presets {
      let settings = try preset.settings()
      // In the README the second table; its rows name numbers of maps.
      let rows = document.filter {
        $0.hasPrefix("| \(Self.label(settings)) |") && $0.contains("million")
      }
      try #require(rows.count == 1, "\(Self.label(settings))")
      let cells = try row(rows, Self.label(settings))
      try #require(cells.count == 7)
      let own = try Self.figures(preset)
      let text = joined(own.errors, own.standardErrors)
      #expect(cells[1] == (own.isRecord ? "\(text) (record)" : "**\(text)**"))
      let maps = Double(try preset.recipe().totalMaps) / 1e6
      #expect(cells[2] == "\(NumberText.fixed(maps, decimals: 1)) million")
      let figures = try settings.parameterNames.map {
        try PublishedResults.result(settings, parameter: $0)
      }
      let published = published(figures.map { $0?.spectralNetwork })
      let repeated = figures.compactMap { $0?.repeatedRun }
      let isCorrected = settings.task == .t3
      #expect(
        cells[3] == published
          + (repeated.isEmpty || isCorrected ? "" : " (\(joined(repeated, decimals: 2)))"))
      // On the published sky the optimum is rounding.
      let isotropic = try RecordedScore.of(
        preset.name.replacing("-published-noise", with: "-isotropic-noise")
          .replacing("published-published", with: "published-isotropic"))
      let optimum = own.optimum.map { joined([$0]) }
      #expect(cells[5] == (settings.isPublishedSky ? "0" : optimum))
      #expect(
        cells[6] == joined(isotropic.map(\.error), decimals: settings.task == .t3 ? 4 : 3))
    }
  }

  /// Every score, and every optimum of many skies, stands in Docs/Results.md as recorded. Control:
  /// a figure that is not recorded does not.
  @Test("Docs/Results.md")
  func results() throws {
    let text = try (document("Docs/Results.md") + document("Docs/PublishedNetwork.md"))
      .joined(separator: "\n")
    func figure(_ value: Double, _ error: Double, _ decimals: Int = 3) -> String {
      NumberText.fixed(value, standardError: error, decimals: decimals, plusMinus: "±")
    }
    let scores = try RecordedScore.all()
    #expect(scores.count == 28)
    for own in scores {
      let decimals = own.error < 0.01 ? 7 : 3
      let error = "**\(figure(own.error, own.standardError, decimals))**"
      #expect(text.contains(error), "\(own.model): \(error)")
      if let ratio = own.ratio, let standardError = own.ratioStandardError {
        let paired = figure(ratio, standardError)
        #expect(text.contains(paired), "\(own.model): \(paired)")
      }
    }
    #expect(!text.contains("**\(figure(scores[0].error + 0.001, scores[0].standardError))**"))
    for (_, settings) in try rows() {
      for parameter in settings.parameterNames where settings.mask == nil {
        let limit = try #require(try RecordedLimits.limit(settings, parameter: parameter))
        let optimal = try #require(limit.optimal)
        let line = figure(
          optimal.value, optimal.standardError ?? .nan, optimal.value < 1 ? 4 : 3)
        #expect(text.contains(line), "\(settings.rowName): \(line)")
      }
    }
    let findings = try document("Docs/Findings.md").joined(separator: "\n")
    let published = try RecordedScore.of("t1-physical-published-noise0")[0]
    #expect(findings.contains(figure(published.error, published.standardError)))
  }
}
