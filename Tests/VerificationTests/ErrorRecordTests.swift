import FileFormats
import Foundation
import Testing

@testable import Verification

/// The ratchet on errors.
/// Blind to: whether errors repeat from run to run, which the regression shows.
@Suite("Errors on record")
struct ErrorRecordTests {
  private let machine = "x86_64 avx2"

  private func recorded(_ errors: [MeasuredError]) -> ErrorRecord {
    var record = ErrorRecord()
    record.record(errors, machine: machine)
    return record
  }

  private func error(_ name: String, _ error: Double, _ type: String = "F64") -> MeasuredError {
    MeasuredError(name: name, type: type, error: error)
  }

  /// By hand: worse above 1.5 times the record, better below it divided by 1.5; 1.5 times is
  /// neither. NaN is worse.
  @Test("Worse, better, the same")
  func ratchet() {
    let record = recorded(["a", "b", "c", "d", "e", "f"].map { error($0, 1e-10) })
    let found = [
      error("a", 1.51e-10), error("b", 1.5e-10), error("c", 1e-10 / 1.49), error("d", 1e-10 / 1.52),
      error("e", .nan), error("f", .infinity),
    ]
    let c = record.comparison(of: found, machine: machine) { _ in true }
    #expect(c.worse.map(\.found.name) == ["a", "e", "f"])
    #expect(c.better.map(\.found.name) == ["d"])
    #expect(c.compared == 6 && c.unrecorded.isEmpty && c.unmeasured.isEmpty && !c.passes)
    #expect(c.worse[0].recorded == 1e-10)
  }

  /// Below the unit roundoff of the type nothing is told apart: a record of 0 allows 1.5 u.
  /// Control: the same error in `Double` is worse.
  @Test("Rounding of the last digit")
  func roundoff() {
    let record = recorded([error("a", 0), error("a", 0, "F32")])
    func worse(_ value: Double, _ type: String) -> Bool {
      !record.comparison(of: [error("a", value, type)], machine: machine) { _ in true }
        .worse.isEmpty
    }
    #expect(!worse(1.5 * 0x1p-53, "F64") && worse(1.6 * 0x1p-53, "F64"))
    #expect(!worse(1.5 * 0x1p-24, "F32") && worse(1.6 * 0x1p-24, "F32"))
    #expect(worse(1.5 * 0x1p-24, "F64"))
    let small = recorded([error("a", 1e-17)])
    let exact = small.comparison(of: [error("a", 0)], machine: machine) { _ in true }
    #expect(exact.better.isEmpty && exact.passes)
  }

  /// What is on record and demanded has to be measured, in the types of the run; what is measured
  /// without a record is told and passes.
  @Test("Missing and new errors")
  func missing() {
    let record = recorded([error("a", 1e-10), error("b", 1e-10), error("c", 1e-10, "F32")])
    let found = [error("a", 1e-10), error("z", 1)]
    let c = record.comparison(of: found, machine: machine) { _ in true }
    #expect(c.unmeasured == ["b F64"] && c.unrecorded == [error("z", 1)] && !c.passes)
    #expect(c.compared == 1)
    let partly = record.comparison(of: found, machine: machine) { $0 != "b" }
    #expect(partly.unmeasured.isEmpty && partly.passes)
  }

  /// Another kind of machine has records of its own.
  @Test("Kinds of machine")
  func machines() throws {
    var record = recorded([error("a", 1e-10)])
    let other = record.comparison(of: [error("a", 1)], machine: "arm64") { _ in true }
    #expect(other.compared == 0 && other.passes && other.unrecorded.count == 1)
    record.record([error("a", 2e-10)], machine: "arm64")
    #expect(record.machines == ["arm64", machine])
    #expect(record.names(machine: machine) == ["a"] && record.names(machine: "other").isEmpty)
    let c = record.comparison(of: [error("a", 1e-10)], machine: "arm64") { _ in true }
    #expect(c.better.count == 1)
  }

  @Test("A file is what was written")
  func file() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("errors.csv")
      var record = recorded([error("b x", 1.23456e-10), error("a", 0), error("a", 2, "F32")])
      record.record([error("a", 1)], machine: "arm64")
      try record.write(to: url)
      let text = """
        machine,name,type,error
        arm64,a,F64,1.000e+00
        x86_64 avx2,a,F32,2.000e+00
        x86_64 avx2,a,F64,0
        x86_64 avx2,b x,F64,1.235e-10

        """
      #expect(try String(contentsOf: url, encoding: .utf8) == text)
      #expect(try ErrorRecord(contentsOf: url).text == text)
    }
  }

  @Test("Files that are none")
  func refusals() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("errors.csv")
      let path = url.relativePath
      func refusal(_ text: String) -> ErrorRecordError? {
        do {
          try Data(text.utf8).write(to: url)
          _ = try ErrorRecord(contentsOf: url)
          return nil
        } catch {
          return error as? ErrorRecordError
        }
      }
      let heading = "machine,name,type,error"
      #expect(refusal("") == .heading(path: path, found: "", expected: heading))
      #expect(
        refusal("name,error\n") == .heading(path: path, found: "name,error", expected: heading))
      for row in [
        "m,a,F64", "m,a,F64,x", "m,a,F64,-1", "m,a,F64,nan", "m,a,F64,inf", "m,a,F64,1,2",
      ] {
        #expect(refusal("\(heading)\n\(row)\n") == .row(path: path, line: 2, found: row))
      }
      #expect(
        refusal("\(heading)\nm,a,F64,1\nm,a,F64,2\n")
          == .repeated(path: path, line: 3, name: "a", type: "F64"))
      #expect(refusal("\(heading)\nm,a,F64,1\nm,a,F32,2\nn,a,F64,2\n") == nil)
      let missing = folder.appendingPathComponent("no")
      #expect(throws: FileError.missing(path: missing.path)) {
        try ErrorRecord(contentsOf: missing)
      }
    }
  }

  @Test("Vector units of a processor")
  func processor() {
    #expect(ProcessorKind.vectorUnits("") == [])
    #expect(ProcessorKind.vectorUnits("model name\t: x\nflags\t\t: fpu avx avx2 fma\n") == ["avx2"])
    #expect(
      ProcessorKind.vectorUnits("flags\t\t: avx512f avx512bw avx2\nflags\t: fpu\n")
        == ["avx2", "avx512f"])
    #expect(ProcessorKind.vectorUnits("flags : avx512 avx22") == [])
    #expect(!ProcessorKind.current.contains(","))
  }
}
