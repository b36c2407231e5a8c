import Foundation
import Testing
import Verification

/// Errors on record from the command line: `sphere verify` and `sphere conformance check`.
/// Blind to: what counts as worse, which ErrorRecordTests check.
@Suite("Errors on record, on the command line")
struct RecordedErrorTests {
  private let claims = ["verify", "--suite", "grids"]

  /// The record of a run passes; one with a smaller error, and one with an error of a claim that
  /// is not measured, fail with 1; other suites, names and machines stay out of it.
  @Test("Claims")
  func verify() throws {
    try withFolder { folder in
      let sphere = try Program()
      let url = folder.appendingPathComponent("errors.csv")
      let record = try sphere.run(claims + ["--record-errors", "errors.csv"], in: folder)
      #expect(record.status == 0 && record.messages.contains("errors of "), "\(record)")
      let text = try String(contentsOf: url, encoding: .utf8)
      let count = text.split(separator: "\n").count - 1
      #expect(count >= 5)
      let compare = claims + ["--recorded-errors", "errors.csv"]
      let same = try sphere.run(compare, in: folder)
      #expect(same.status == 0, "\(same)")
      #expect(
        same.messages.contains("\(count) compared, 0 worse, 0 better, 0 not on record, 0 not"))

      // Half of the first error that is no rounding, and a third of it.
      var rows = text.split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
      let k = try #require(rows.indices.dropFirst().first { (Double(rows[$0][3]) ?? 0) > 1e-15 })
      let error = try #require(Double(rows[k][3]))
      rows[k][3] = "\(error / 2)"
      try lines(rows).write(to: url, atomically: true, encoding: .utf8)
      let worse = try sphere.run(compare, in: folder)
      #expect(worse.status == 1 && worse.messages.contains("worse: \(rows[k][1]) F64"), "\(worse)")
      rows[k][3] = "\(error * 3)"
      rows.append([rows[k][0], "legendre.of-another-suite", "F64", "0"])
      rows.append(["another machine", rows[k][1], "F64", "0"])
      try lines(rows).write(to: url, atomically: true, encoding: .utf8)
      let better = try sphere.run(compare, in: folder)
      #expect(better.status == 0 && better.messages.contains("better: \(rows[k][1]) F64"))

      // Recording again keeps the rows of others.
      #expect(try sphere.run(claims + ["--record-errors", "errors.csv"], in: folder).status == 0)
      let again = try String(contentsOf: url, encoding: .utf8)
      #expect(again.contains("another machine,") && again.contains("legendre.of-another-suite"))
      for row in text.split(separator: "\n") { #expect(again.contains(row)) }

      // Only another machine on record.
      try lines([rows[0], rows[rows.count - 1]])
        .write(to: url, atomically: true, encoding: .utf8)
      let other = try sphere.run(compare, in: folder)
      #expect(other.status == 0 && other.messages.contains("nothing compared"), "\(other)")
    }
  }

  private func lines(_ rows: [[String]]) -> String {
    rows.map { $0.joined(separator: ",") }.joined(separator: "\n")
  }

  /// The same for a kit; a case that is left out is not missed, a type that was not run neither.
  @Test("A kit")
  func kit() throws {
    try withFolder { folder in
      let sphere = try Program()
      let cases = ["--cases", "adam*", "legendre-l*"]
      #expect(
        try sphere.run(["conformance", "export", "--output", "kit"] + cases, in: folder).status
          == 0)
      let check = ["conformance", "check", "kit", "--outputs"]
      for precision in ["double", "float"] {
        let run = ["conformance", "run", "kit", "--output", precision, "--precision", precision]
        #expect(try sphere.run(run, in: folder).status == 0)
        let record = try sphere.run(check + [precision, "--record-errors", "e.csv"], in: folder)
        #expect(record.status == 0, "\(record)")
      }
      let url = folder.appendingPathComponent("e.csv")
      let text = try String(contentsOf: url, encoding: .utf8)
      #expect(text.contains(",F64,") && text.contains(",F32,"))
      let compare = ["--recorded-errors", "e.csv", "--format", "json"]
      for (outputs, more) in [("double", []), ("float", []), ("double", ["--cases", "adam*"])] {
        let same = try sphere.run(check + [outputs] + compare + more, in: folder)
        #expect(same.status == 0, "\(same)")
        let summary = try object(same.lines.last ?? "")
        let found = try #require(summary["recorded_errors"] as? [String: Any])
        #expect((found["worse"] as? [Any])?.isEmpty == true)
        #expect((found["not_measured"] as? [Any])?.isEmpty == true)
        #expect((found["compared"] as? Int ?? 0) > (more.isEmpty ? 5 : 0))
      }
      // A row of a case that the outputs lack.
      let machine = try #require(text.split(separator: "\n").last?.split(separator: ",").first)
      let stranger = "\(machine),adam-other parameters,F64,0\n"
      try (text + stranger).write(to: url, atomically: true, encoding: .utf8)
      let missing = try sphere.run(
        check + ["double", "--recorded-errors", "e.csv"], in: folder)
      #expect(missing.status == 1 && missing.lines.last == "FAILED", "\(missing)")
      #expect(missing.output.contains("on record, not measured: adam-other"))
    }
  }

  @Test("Refusals, before anything is measured")
  func refusals() throws {
    try withFolder { folder in
      let sphere = try Program()
      try "name,error\n".write(
        to: folder.appendingPathComponent("other.csv"), atomically: true, encoding: .utf8)
      for (status, words, arguments) in [
        (
          64, ["--recorded-errors", "--record-errors"],
          ["--recorded-errors", "a", "--record-errors", "b"]
        ),
        (66, ["no.csv"], ["--recorded-errors", "no.csv"]),
        (65, ["other.csv", "machine,name,type,error"], ["--recorded-errors", "other.csv"]),
        (65, ["other.csv"], ["--record-errors", "other.csv"]),
        (73, ["no/e.csv"], ["--record-errors", "no/e.csv"]),
      ] {
        let result = try sphere.run(claims + arguments, in: folder)
        #expect(Int(result.status) == status && result.output.isEmpty, "\(result)")
        for word in words { #expect(result.messages.contains(word), "\(result)") }
      }
      #expect(
        try String(contentsOf: folder.appendingPathComponent("other.csv"), encoding: .utf8)
          == "name,error\n")
    }
  }
}
