import FileFormats
import Foundation
import Tasks
import Testing
import Verification

@testable import Benchmark

/// Figures that documents quote are those of the records under `Fixtures/benchmark`, in which each
/// stands once. Blind to: figures that are quoted in one document alone, and sentences about them.
@Suite("Figures in documents")
struct DocumentedFiguresTests {
  /// What a shipped model reached on the maps of the documents.
  private struct Score: Decodable {
    let model: String
    let parameter: String
    let error: Double
    let standardError: Double
    let optimal: Double?
    let ratio: Double?
    let ratioStandardError: Double?
  }

  private static func scores(_ model: String) throws -> [Score] {
    let all = try JSONDecoder().decode(
      [Score].self, from: FixtureStore.data("benchmark/scores.json"))
    return all.filter { $0.model == model }
  }

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
      let own = try Self.scores("\(settings.task.rawValue)-physical-isotropic\(ending)")
      #expect(own.map(\.parameter) == settings.parameterNames)
      #expect(cells[1] == "**\(joined(own.map(\.error), own.map(\.standardError)))**")
      let optima = own.compactMap(\.optimal)
      if optima.isEmpty {
        let bound = try RecordedLimits.limit(settings, parameter: own[0].parameter)?.cramerRao
        #expect(cells[2] == "bound: \(joined([bound ?? .nan]))" && cells[3].isEmpty)
      } else {
        #expect(cells[2] == joined(optima))
        #expect(
          cells[3] == joined(own.compactMap(\.ratio), own.compactMap(\.ratioStandardError)))
      }
      let pixel = try Self.scores("\(settings.task.rawValue)-physical-pixel\(ending)")
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

  @Test("The published architecture in the README")
  func publishedArchitecture() throws {
    let document = try document("README.md")
    // The second table: its rows have five cells.
    func cells(_ label: String) throws -> [String] {
      let rows = document.filter { $0.hasPrefix("| \(label) |") && $0.contains("million") }
      try #require(rows.count == 1)
      return try row(rows, label)
    }
    for (label, model, settings) in [
      ("T1, noise 0", "t1-physical-published-noise0", try TaskSettings()),
      ("T2, full sky, E and B", "t2-published-published", try TaskSettings(task: .t2)),
      ("T3, tau", "t3-published-published", try TaskSettings(task: .t3)),
    ] {
      let own = try Self.scores(model)
      let found = try cells(label)
      #expect(found[1] == "**\(joined(own.map(\.error), own.map(\.standardError)))**")
      let figures = try settings.parameterNames.map {
        try PublishedResults.result(settings, parameter: $0)?.spectralNetwork
      }
      #expect(found[3] == published(figures))
    }
  }

  /// Every score, and every optimum of many skies, stands in Docs/Results.md as recorded. Control:
  /// a figure that is not recorded does not.
  @Test("Docs/Results.md")
  func results() throws {
    let text = try document("Docs/Results.md").joined(separator: "\n")
    func figure(_ value: Double, _ error: Double, _ decimals: Int = 3) -> String {
      NumberText.fixed(value, standardError: error, decimals: decimals, plusMinus: "±")
    }
    let scores = try JSONDecoder().decode(
      [Score].self, from: FixtureStore.data("benchmark/scores.json"))
    #expect(scores.count == 25)
    for own in scores {
      let error = "**\(figure(own.error, own.standardError))**"
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
    let published = try Self.scores("t1-physical-published-noise0")[0]
    #expect(findings.contains(figure(published.error, published.standardError)))
  }
}
