import FileFormats
import Foundation
import SphereGrids

/// The answer to "is this error normal?" as a text and as JSON.
/// Checked by: ExpectTests.
package struct ExpectationReport: Sendable {
  private let question: AnalysisCase
  private let answer: AnalysisExpectation
  private let remedies: [(remedy: Remedy, expectation: AnalysisExpectation)]

  /// The answer of a table.
  ///
  /// - Throws: outside of what is measured.
  package init(
    _ question: AnalysisCase, in table: ExpectationTable = .measured
  ) throws(ExpectationError) {
    self.question = question
    answer = try table.expectation(of: question)
    remedies = try table.remedies(for: question)
  }

  /// "1.2e-05".
  private static func figure(_ error: Double) -> String { String(format: "%.1e", error) }

  /// "2.5", rounded up: a factor that is promised.
  static func factor(_ factor: Double) -> String {
    factor < 10
      ? NumberText.fixed((factor * 10).rounded(.up) / 10, decimals: 1)
      : NumberText.fixed(factor.rounded(.up), decimals: 0)
  }

  private static func grid(_ grid: StudiedGrid, lmax: Int) -> String {
    guard grid == .gaussLegendre else { return "HEALPix nside \(grid.nside ?? 0)" }
    let rings = GaussLegendreGrid(lmax: lmax)
    return "\(grid.name) \(rings.ringCount) x \(rings.longitudeCount)"
  }

  // MARK: - Text

  /// Lines for people.
  package var text: String {
    var lines = [
      "\(Self.grid(question.grid, lmax: question.lmax)), lmax \(question.lmax), "
        + "spin \(question.spin), \(question.precision.word), \(question.method.word)",
      "  expected error  \(Self.figure(answer.error))  (\(origin))",
      "  It is the relative L2 error of coefficients -> field -> coefficients, with every degree",
      "  and order filled; Legendre functions in double precision.",
    ]
    if !answer.isMeasured {
      lines.append("  The factor is that by which interpolation misses points around it, left out.")
    }
    lines += answer.points.map { "    \(Self.line($0))" }
    if answer.isRounding {
      lines.append("  This is rounding: the error of the method itself is smaller.")
    }
    lines.append(remedies.isEmpty ? "  Nothing in the table halves it." : "  What lowers it:")
    return (lines + remedies.map { "    \(line($0))" }).joined(separator: "\n")
  }

  private var origin: String {
    guard !answer.isMeasured else { return "measured" }
    return "interpolated, to a factor " + Self.factor(answer.factor)
  }

  private static func line(_ point: ExpectationTable.Point) -> String {
    let by = point.measuredBy == "sphere" ? "" : ", by \(point.measuredBy)"
    return "measured: \(grid(point.grid, lmax: point.lmax)), lmax \(point.lmax)  "
      + "\(figure(point.error)) +- \(figure(point.standardError))  (\(point.draws) draws\(by))"
  }

  private func line(_ change: (remedy: Remedy, expectation: AnalysisExpectation)) -> String {
    let name = change.remedy.text(for: question)
    let origin = change.expectation.isMeasured ? "measured" : "interpolated"
    let rounding = change.expectation.isRounding ? ", rounding" : ""
    return name.padding(toLength: max(name.count, 42), withPad: " ", startingAt: 0)
      + "  \(Self.figure(change.expectation.error))  (\(origin)\(rounding))"
  }

  // MARK: - JSON

  /// One object on one line.
  package var json: String {
    var line = JSONLine()
    line.add("grid", question.grid.name)
    line.add("nside", question.grid.nside.map(Double.init))
    line.add("lmax", question.lmax)
    line.add("spin", question.spin)
    line.add("precision", question.precision.word)
    line.add("method", question.method.word)
    Self.add(answer, to: &line)
    let points = answer.points.map { point in
      var entry = JSONLine()
      entry.add("nside", point.grid.nside.map(Double.init))
      entry.add("lmax", point.lmax)
      entry.add("error", point.error)
      entry.add("standard_error", point.standardError)
      entry.add("draws", point.draws)
      entry.add("measured_by", point.measuredBy)
      return entry.text
    }
    line.addLiteral("points", "[\(points.joined(separator: ","))]")
    let changes = remedies.map { change in
      let other = change.remedy.applied(to: question)
      var entry = JSONLine()
      entry.add("grid", other.grid.name)
      entry.add("nside", other.grid.nside.map(Double.init))
      entry.add("lmax", other.lmax)
      entry.add("precision", other.precision.word)
      entry.add("method", other.method.word)
      Self.add(change.expectation, to: &entry)
      return entry.text
    }
    line.addLiteral("lower", "[\(changes.joined(separator: ","))]")
    return line.text
  }

  private static func add(_ expectation: AnalysisExpectation, to line: inout JSONLine) {
    line.add("error", expectation.error)
    line.add("origin", expectation.isMeasured ? "measured" : "interpolated")
    line.add("factor", expectation.factor)
    line.addLiteral("rounding", "\(expectation.isRounding)")
  }
}

extension Remedy {
  /// The option, or what to do.
  fileprivate func text(for question: AnalysisCase) -> String {
    switch self {
    case .method(let method): return "--method \(method.word)"
    case .precision(let precision): return "--precision \(precision.word)"
    case .methodInDouble(let method):
      return "--method \(method.word) --precision \(StudyPrecision.double.word)"
    case .lmax(let lmax): return "--lmax \(lmax)"
    case .nside(let nside): return "--nside \(nside)"
    case .gaussLegendre:
      let rings = GaussLegendreGrid(lmax: question.lmax)
      return "Gauss-Legendre rings, \(rings.ringCount) x \(rings.longitudeCount)"
    }
  }
}
