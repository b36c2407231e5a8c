import ArgumentParser
import Claims
import FileFormats
import Foundation
import Verification

extension ClaimSuite: ExpressibleByArgument {}

/// `sphere verify`: the verification table with today's numbers.
struct Verify: SphereCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure every claim of the verification table again.",
    discussion: """
      Each claim has a bound and a negative control, a deliberately broken variant that must miss \
      the \
      bound by a factor of 1000. Exit code 1 when a bound is broken, a control is not refused, or \
      a \
      recorded answer that a claim needs is missing. The recordings are those of the source tree \
      that \
      the program was compiled from, or of the folder that SPHERE_FIXTURES names. \
      Docs/Verification.md explains the table.

      With --recorded-errors the errors of an earlier run are a second bound: claims of errors \
      ("at most") are compared, on the same kind of machine.
      """)

  enum Format: String, CaseIterable, ExpressibleByArgument {
    case text, markdown, json
  }

  @Option(help: "Only this suite: functions, grids, transforms, networks, skies or findings.")
  var suite: ClaimSuite?

  @Option(help: "What to print: text, markdown or json (an object per line).")
  var format: Format = .text

  @OptionGroup var errorRecordOptions: ErrorRecordOptions

  func execute() throws {
    let record = try errorRecordOptions.open()
    let claims = suite.map(ClaimTable.claims(of:)) ?? ClaimTable.claims
    if format == .markdown { show(ClaimTable.markdownHead) }
    var broken: [String] = []
    var errors: [MeasuredError] = []
    for claim in claims {
      do {
        let verdict = try claim.verdict()
        show(line(verdict))
        if !verdict.holds { broken.append(claim.name) }
        if claim.relation == .atMost {
          let value = verdict.measurement.value
          errors.append(MeasuredError(name: claim.name, type: "F64", error: value))
        }
      } catch {
        broken.append(claim.name)
        show(line(claim, fault: errorText(error)))
      }
    }
    say(
      "\(claims.count - broken.count) of \(claims.count) claims hold"
        + (broken.isEmpty ? "" : "; broken: \(broken.joined(separator: ", "))"))
    let names = Set(claims.map(\.name))
    let comparison = try record.close(with: errors, passes: broken.isEmpty) { names.contains($0) }
    if let comparison { say(comparison.text) }
    if !broken.isEmpty || comparison?.passes == false { throw ExitCode(Status.failure) }
  }

  private func line(_ verdict: Verdict) -> String {
    switch format {
    case .text: return text(verdict)
    case .markdown: return ClaimTable.markdownRow(verdict)
    case .json: return json(verdict)
    }
  }

  private func line(_ claim: Claim, fault: String) -> String {
    switch format {
    case .text: return "not ok - \(claim.name): cannot be measured: \(fault)"
    case .markdown: return ClaimTable.markdownRow(claim, fault: fault)
    case .json:
      var line = JSONLine()
      line.add("claim", claim.name)
      line.add("suite", claim.suite.rawValue)
      line.addLiteral("holds", "false")
      line.add("fault", fault)
      return line.text
    }
  }

  private func text(_ verdict: Verdict) -> String {
    let (claim, m) = (verdict.claim, verdict.measurement)
    let sign = claim.relation == .atMost ? "<=" : ">="
    let state =
      verdict.holds
      ? "ok" : "not ok"
    let fault = verdict.keepsBound ? "control not refused, " : "bound broken, "
    return "\(state) - \(claim.name): \(verdict.holds ? "" : fault)"
      + "\(ClaimTable.figure(m.value)) \(sign) "
      + "\(ClaimTable.figure(verdict.bound)), control \(ClaimTable.figure(m.control)) "
      + "(\(claim.control))\n      \(claim.statement)"
  }

  private func json(_ verdict: Verdict) -> String {
    let (claim, m) = (verdict.claim, verdict.measurement)
    var line = JSONLine()
    line.add("claim", claim.name)
    line.add("suite", claim.suite.rawValue)
    line.add("statement", claim.statement)
    line.add("relation", claim.relation.rawValue)
    line.add("value", m.value)
    line.add("bound", verdict.bound)
    line.add("control", m.control)
    line.addLiteral("holds", verdict.holds ? "true" : "false")
    line.add("tests", claim.tests)
    return line.text
  }
}
