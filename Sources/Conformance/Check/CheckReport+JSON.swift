import FileFormats
import Verification

extension CheckReport {
  private static func list(_ numbers: [Double]) -> String {
    "[\(numbers.map { JSONLine.number($0) }.joined(separator: ","))]"
  }

  /// A JSON object per line: one per row, and a summary as the last one.
  ///
  /// - Parameter comparison: with errors on record, which the summary then has.
  /// - Returns: the lines.
  package func json(_ comparison: ErrorRecord.Comparison? = nil) -> String {
    let lines = rows.map { row in
      var line = JSONLine()
      line.add("case", row.id)
      line.add("operation", row.operation)
      line.add("output", row.output)
      line.addLiteral("measure", row.measure.map { JSONLine.quoted($0.rawValue) } ?? "null")
      line.addLiteral("dtype", row.dtype.map(JSONLine.quoted) ?? "null")
      line.add("error", row.error)
      line.add("tolerance", row.tolerance)
      line.addLiteral("fault", row.fault.map { JSONLine.quoted("\($0)") } ?? "null")
      if let deviation = row.deviation {
        line.add("worst", deviation.place)
        line.addLiteral("worst_found", Self.list(deviation.found))
        line.addLiteral("worst_expected", Self.list(deviation.expected))
        line.addLiteral("relation", deviation.relation.map(JSONLine.quoted) ?? "null")
      }
      line.addLiteral("passed", row.passes ? "true" : "false")
      return line.text
    }
    var summary = JSONLine()
    let passes = self.passes && comparison?.passes != false
    summary.addLiteral("passed", passes ? "true" : "false")
    summary.add("failed_rows", rows.reduce(0) { $0 + ($1.passes ? 0 : 1) })
    summary.add("not_demanded", undemanded)
    let counts = self.counts.map {
      "\(JSONLine.quoted($0.operation)):{\"passed\":\($0.passed),\"total\":\($0.total)}"
    }
    let findings = diagnosis.findings.map { finding in
      var line = JSONLine()
      line.add("fault", finding.fault)
      line.add("wrong", finding.wrong)
      line.add("explained", finding.explained)
      line.add("flagged", finding.flagged)
      line.add("demanded", finding.demanded)
      line.add("failing", finding.failing)
      line.add("text", finding.text)
      return line.text
    }
    summary.addLiteral("diagnosis", "[\(findings.joined(separator: ","))]")
    summary.addLiteral("operations", "{\(counts.joined(separator: ","))}")
    if let comparison { summary.addLiteral("recorded_errors", comparison.json) }
    return (lines + [summary.text]).joined(separator: "\n")
  }
}
