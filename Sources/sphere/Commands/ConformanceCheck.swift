import ArgumentParser
import Conformance
import FileFormats
import Foundation
import Verification

/// `sphere conformance check`: the outputs of another program against a kit.
struct ConformanceCheck: SphereCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Compare outputs with a kit; exit code 1 if anything fails.",
    discussion: """
      Missing and unreadable files, missing tensors, other shapes or types, numbers that are not \
      finite and files without a case are failures. With --cases only those cases are demanded. \
      A number out of tolerance is shown with its place, and with a factor, a sign or a conjugate \
      where that is all that is wrong. At the end stand the known faults that the failures point \
      to: those whose answers the outputs are, or whose cases all fail.

      A library that keeps its errors on record (--record-errors, before a release) sees later \
      (--recorded-errors) what became less exact though it is still within tolerance.
      """)

  @Argument(help: "The folder of the kit.")
  var kit: String

  @OptionGroup var caseOptions: CaseOptions

  @Option(help: "The folder with a file <case id>.safetensors per case.")
  var outputs: String

  @Option(
    help: """
      What the backend computes in, if it is less than the type of its files: f32-all, tf32, f16 \
      or bf16.
      """)
  var precision: CheckPrecision = .files

  @Option(help: "What to print: text or json (an object per line, the last one a summary).")
  var format: OutputFormat = .text

  @OptionGroup var errorRecordOptions: ErrorRecordOptions

  func validate() throws { try requireFolderNames(["KIT": kit, "--outputs": outputs]) }

  func execute() throws {
    let record = try errorRecordOptions.open()
    let check = try KitCheck(
      kit: URL(fileURLWithPath: kit), selection: caseOptions.selection, precision: precision)
    let report = try check.report(outputs: URL(fileURLWithPath: outputs))
    let comparison = try record.close(with: errors(report), passes: report.passes) { name in
      caseOptions.selection.contains(String(name.prefix { $0 != " " }))
    }
    show(format == .json ? report.json(comparison) : text(report, comparison))
    if !report.passes || comparison?.passes == false { throw ExitCode(Status.failure) }
  }

  /// The errors of a report under the names "case output".
  private func errors(_ report: CheckReport) -> [MeasuredError] {
    report.rows.compactMap { row in
      guard let error = row.error, let dtype = row.dtype else { return nil }
      let type = precision == .files ? dtype : precision.rawValue
      return MeasuredError(name: "\(row.id) \(row.output)", type: type, error: error)
    }
  }

  // MARK: - Text

  private func text(
    _ report: CheckReport, _ comparison: ErrorRecord.Comparison?
  ) -> String {
    var table = [["case", "output", "error", "tolerance", "type", "result"]]
    for row in report.rows {
      table.append([
        row.id, row.output.isEmpty ? "-" : row.output, Self.number(row.error),
        Self.number(row.tolerance), row.dtype ?? "-",
        row.passes
          ? "pass"
          : "FAIL" + ((row.fault.map { "\($0)" } ?? row.deviation?.text).map { ": \($0)" } ?? ""),
      ])
    }
    let widths = (0..<5).map { column in table.reduce(0) { max($0, $1[column].count) } }
    var lines = table.map { cells in
      let padded = zip(cells, widths).map {
        $0.padding(toLength: $1, withPad: " ", startingAt: 0)
      }
      return (padded + [cells[5]]).joined(separator: "  ")
    }
    lines.append("")
    lines += report.counts.map { "\($0.operation): \($0.passed) of \($0.total) cases pass" }
    let strangers = report.rows.reduce(0) { $0 + ($1.operation.isEmpty ? 1 : 0) }
    if strangers > 0 { lines.append("files without a case: \(strangers)") }
    if report.undemanded > 0 { lines.append("not demanded: \(report.undemanded) cases") }
    lines += report.diagnosis.findings.prefix(5).map(\.text)
    lines += [comparison?.text].compactMap { $0 }
    lines.append(report.passes && comparison?.passes != false ? "all pass" : "FAILED")
    return lines.joined(separator: "\n")
  }

  private static func number(_ value: Double?) -> String {
    value.map { String(format: "%.2e", $0) } ?? "-"
  }
}

extension CheckPrecision: ExpressibleByArgument {}
