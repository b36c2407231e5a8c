import ArgumentParser
import FileFormats
import Foundation
import Verification

/// Errors of an earlier run that those of this one are held against, or a file to put them in.
struct ErrorRecordOptions: ParsableArguments {
  @Option(
    help: """
      Errors of an earlier run, from --record-errors: an error that is more than 1.5 times as \
      large on the same kind of machine is a failure, one that is as much smaller is told.
      """)
  var recordedErrors: String?

  @Option(
    help: """
      Put the errors of this run in this file if nothing fails; errors of other names and other \
      kinds of machine that it holds stay.
      """)
  var recordErrors: String?

  func validate() throws {
    guard recordedErrors == nil || recordErrors == nil else {
      throw ValidationError("--recorded-errors and --record-errors cannot go together; run twice")
    }
  }

  /// Reads what is asked for, before anything is measured.
  ///
  /// - Throws: `FileError`, `ErrorRecordError`.
  func open() throws -> OpenErrorRecord {
    if let recordErrors {
      let url = URL(fileURLWithPath: recordErrors)
      try OutputFile.requireWritable(url)
      let isThere = FileManager.default.fileExists(atPath: url.path)
      return .writing(try isThere ? ErrorRecord(contentsOf: url) : ErrorRecord(), url)
    }
    guard let recordedErrors else { return .none }
    return .comparing(try ErrorRecord(contentsOf: URL(fileURLWithPath: recordedErrors)))
  }
}

/// A record of errors that a run is compared with or goes into.
enum OpenErrorRecord {
  case none
  case comparing(ErrorRecord)
  case writing(ErrorRecord, URL)

  /// Compares or writes.
  ///
  /// - Parameters:
  ///   - errors: what was measured.
  ///   - passes: whether nothing else failed; otherwise nothing is put on record.
  ///   - isDemanded: which names on record had to be measured.
  /// - Returns: the comparison, if there was something to compare with.
  /// - Throws: `FileError`.
  func close(
    with errors: [MeasuredError], passes: Bool, isDemanded: (_ name: String) -> Bool
  ) throws -> ErrorRecord.Comparison? {
    let machine = ProcessorKind.current
    switch self {
    case .none: return nil
    case .comparing(let record):
      return record.comparison(of: errors, machine: machine, isDemanded: isDemanded)
    case .writing(var record, let url):
      guard passes else {
        say("\(url.relativePath): not written, since something failed")
        return nil
      }
      record.record(errors, machine: machine)
      try record.write(to: url)
      say("\(url.relativePath): \(errors.count) errors of \(machine) on record")
      return nil
    }
  }
}
