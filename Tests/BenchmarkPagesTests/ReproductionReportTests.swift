import Benchmark
import FileFormats
import Foundation
import Plotting
import Tasks
import Testing
import Verification

@testable import BenchmarkPages

/// The page and its files, from scores made here: no network runs.
/// Blind to: the looks, and the numbers of the scores (`BenchmarkRunTests`).
@Suite("Report of the benchmark")
struct ReproductionReportTests {
  /// Predictions with the scatter of their bars about the truth; the optimum with a smaller one.
  private func score(
    _ name: String, _ settings: TaskSettings, count: Int, seed: UInt64 = 1
  ) throws -> ModelScore {
    var numbers = TestNumbers(seed: seed)
    let prior = settings.priorRange
    let bar = 0.02 * (prior.upperBound - prior.lowerBound)
    let parameters = try settings.parameterNames.map { parameter in
      let truths = (0..<count).map { _ in numbers.uniform(prior.lowerBound, prior.upperBound) }
      return try ParameterScore(
        parameter: parameter, prior: prior, truths: truths,
        predictions: truths.map { $0 + bar * numbers.normal() },
        errorBars: truths.map { _ in bar },
        optimal: truths.map { $0 + 0.9 * bar * numbers.normal() },
        maximumLikelihood: truths.map { $0 + bar * numbers.normal() })
    }
    return ModelScore(
      name: name, settings: settings, architecture: "isotropic", parameterCount: 10,
      parameters: parameters)
  }

  private func report(_ names: [String], count: Int) throws -> BenchmarkReport {
    BenchmarkReport(
      scores: [
        try score(names[0], TaskSettings(task: .t1), count: count),
        try score(names[1], TaskSettings(task: .t2, skyFraction: 0.1), count: count),
      ], mapCount: count, seed: 2)
  }

  /// The shipped models, read once: the filters of half a sky take most of a minute.
  private static let shipped = Result {
    try ModelFolder(contentsOf: FixtureStore.url("models"))
  }

  private func folder() throws -> ModelFolder { try Self.shipped.get() }

  /// Everything is within the file: no address but those of data, no script; every picture is also
  /// a pair of files; and the same report is the same bytes.
  @Test("Files and page")
  func files() throws {
    let report = try report(["first", "second"], count: 500)
    let page = try ReproductionReport(report, models: folder(), hasStudies: false, threads: 2)
    let target = FileManager.default.temporaryDirectory
      .appendingPathComponent("report-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: target, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: target) }
    try page.write(to: target)
    let html = try String(contentsOf: target.appendingPathComponent("report.html"), encoding: .utf8)
    #expect(html.hasPrefix("<!DOCTYPE html>") && html.hasSuffix("</html>\n"))
    for word in ["http:", "https:", "<script", "<link", "@import", "url("] {
      #expect(!html.contains(word), "the page has \(word)")
    }
    #expect(html.utf8.count < 6_000_000, "\(html.utf8.count) bytes")
    let names = page.sections.flatMap(\.pictures).map(\.name)
    #expect(Set(names).count == names.count)
    for name in ["t1-error", "first", "second-ell_e", "second-ell_b", "t1-maps", "t2-maps"] {
      #expect(names.contains(name), "\(names)")
    }
    let files = try FileManager.default.contentsOfDirectory(
      atPath: target.appendingPathComponent("figures").path)
    #expect(files.sorted() == names.flatMap { ["\($0).png", "\($0).svg"] }.sorted())
    #expect(html.components(separatedBy: "data:image/png;base64,").count == names.count + 1)
    #expect(html.contains("1.27 (1.30)") && html.contains("\u{b1}"))
    let again = try ReproductionReport(report, models: folder(), hasStudies: false, threads: 1)
    #expect(try again.page() == page.page())
  }

  /// A name that is markup stays a text; few maps leave out what cannot be measured, without error.
  @Test("Hostile names and few maps")
  func edges() throws {
    let report = try report(["<b>&x", "second"], count: 3)
    let page = try ReproductionReport(report, models: folder(), hasStudies: false, threads: 1)
    let names = page.sections.flatMap(\.pictures).map(\.name)
    #expect(!names.contains("t1-error") && names.contains("t1-maps"))
    let html = try page.page().markup
    #expect(!html.contains("<b>"))
  }

  @Test("Studies are measured when they are asked for")
  func studies() throws {
    let report = try report(["first", "second"], count: 3)
    let page = try ReproductionReport(report, models: folder(), threads: 2)
    #expect(page.sections.last?.pictures.map(\.name) == ["exactness", "equivariance"])
  }
}

/// What the pictures of a score show. Blind to: their drawing.
@Suite("Pictures of scores")
struct ScoreFigureTests {
  /// Truths in two bins, predictions off by 10 and 20 percent: the means are these, but for
  /// rounding, and without scatter. Control: errors that are not relative would be 1 and 3.
  @Test("Errors by bins")
  func bins() {
    let truths = (0..<24).map { $0 < 12 ? 10.0 : 15 }
    let binned = BinnedErrors(
      truths: truths, predictions: truths.map { $0 == 10 ? 11 : 12 }, prior: 5...20, binCount: 3)
    #expect(binned.centres == [12.5, 17.5])
    let bound = 4 * RoundingBound.certain(operations: 16) * 20
    for (found, expected) in zip(binned.errors, [10.0, 20]) {
      #expect(abs(found.value - expected) <= bound && (found.standardError ?? 1) <= bound)
      #expect(abs(found.value - expected / 10) > 1000 * bound)
    }
  }

  /// Bins of few maps are left out, the end of the prior belongs to the last.
  @Test("Few maps")
  func few() {
    let truths = (0..<12).map { _ in 20.0 } + (0..<11).map { _ in 5.0 }
    let binned = BinnedErrors(
      truths: truths, predictions: truths.map { $0 + 1 }, prior: 5...20, binCount: 3)
    #expect(binned.centres == [17.5])
  }

  @Test("Panels of a score")
  func panels() throws {
    var numbers = TestNumbers(seed: 4)
    let truths = (0..<500).map { _ in numbers.uniform(5, 20) }
    func figure(_ count: Int, _ bars: [Double]) throws -> Figure {
      let own = try ParameterScore(
        parameter: "ell_peak", prior: 5...20, truths: Array(truths.prefix(count)),
        predictions: truths.prefix(count).map { $0 + 0.1 * ($0 - 10) }, errorBars: bars)
      return try .score(
        ModelScore(
          name: "n", settings: TaskSettings(), architecture: "isotropic", parameterCount: 1,
          parameters: [own]), own)
    }
    let full = try figure(500, [Double](repeating: 0.5, count: 500))
    #expect(full.panels.count == 3)
    guard case .density = full.panels[0].contents[0] else {
      Issue.record("500 points are not a density")
      return
    }
    let few = try figure(10, [])
    #expect(few.panels.count == 1)
    guard case .series = few.panels[0].contents[0] else {
      Issue.record("10 points are no points")
      return
    }
    // A bar of zero makes a residual that is not finite: refused, not left out.
    #expect(throws: PlottingError.self) { try figure(500, [Double](repeating: 0, count: 500)) }
  }
}
