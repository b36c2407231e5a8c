import FileFormats
import Foundation

/// One error that was measured: what of, in which type, and how large.
package struct MeasuredError: Sendable, Hashable {
  /// What was measured: the name of a claim, or a case and its output.
  package var name: String
  /// The type of the numbers, "F64" or "F32"; anything else is taken for `Double`.
  package var type: String
  /// The error; at least 0.
  package var error: Double

  /// An error of a name in a type.
  package init(name: String, type: String, error: Double) {
    self.name = name
    self.type = type
    self.error = error
  }

  /// Below half the distance from 1 to the next number of the type, errors are not told apart.
  var unitRoundoff: Double { type == "F32" ? 0x1p-24 : 0x1p-53 }
}

/// Errors of an earlier run, which later ones are held against: a ratchet.
///
/// A bound says how large an error may be at most; a program can become ten times less exact and
/// still keep it. Errors on record show that: the same program on the same kind of machine repeats
/// them to the last digit, so that a change is a change of the program.
///
/// File:        comma-separated values with the heading `machine,name,type,error`, rows of several
///              kinds of machine side by side (`ProcessorKind`), four significant digits.
/// Definition:  e is worse than the error on record r when e > 1.5 max(r, u), better when
///              r > 1.5 max(e, u), with u the unit roundoff of the type: errors below u are
///              rounding of the last digit.
/// Checked by:  ErrorRecordTests.
package struct ErrorRecord: Sendable, Equatable {
  /// By how much an error may change before it is called worse or better.
  package static let factor = 1.5

  private struct Key: Hashable {
    var name: String
    var type: String
  }

  private static let heading = "machine,name,type,error"

  /// The errors of every kind of machine.
  private var errors: [String: [Key: Double]] = [:]

  /// A record without errors.
  package init() {}

  /// Reads a file.
  ///
  /// - Throws: `FileError`; `ErrorRecordError` for what is no record.
  package init(contentsOf url: URL) throws {
    let path = url.relativePath
    let lines = String(decoding: try contents(of: url), as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false)
    guard lines[0] == Self.heading else {
      throw ErrorRecordError.heading(
        path: path, found: String(lines[0].prefix(80)), expected: Self.heading)
    }
    for (k, line) in lines.enumerated().dropFirst() where !line.isEmpty {
      let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      guard cells.count == 4, let error = Double(cells[3]), error >= 0, error.isFinite else {
        throw ErrorRecordError.row(path: path, line: k + 1, found: String(line.prefix(120)))
      }
      let key = Key(name: cells[1], type: cells[2])
      guard errors[cells[0], default: [:]].updateValue(error, forKey: key) == nil else {
        throw ErrorRecordError.repeated(path: path, line: k + 1, name: cells[1], type: cells[2])
      }
    }
  }

  /// The kinds of machine with errors on record, in alphabetical order.
  package var machines: [String] { errors.keys.sorted() }

  /// The names with an error on record for a kind of machine.
  package func names(machine: String) -> Set<String> {
    Set((errors[machine] ?? [:]).keys.map(\.name))
  }

  // MARK: - Comparison

  /// What a run looks like beside the errors on record.
  package struct Comparison: Sendable, Equatable {
    /// An error and the one on record.
    package struct Change: Sendable, Equatable {
      package let found: MeasuredError
      package let recorded: Double
    }

    /// The kind of machine that was asked for.
    package let machine: String
    /// How many errors have one on record.
    package let compared: Int
    /// Errors that have grown.
    package let worse: [Change]
    /// Errors that have become smaller.
    package let better: [Change]
    /// Measured, and not on record.
    package let unrecorded: [MeasuredError]
    /// On record, and not measured.
    package let unmeasured: [String]

    /// Whether nothing is worse and nothing is missing.
    package var passes: Bool { worse.isEmpty && unmeasured.isEmpty }
  }

  /// Holds errors against those on record.
  ///
  /// - Parameters:
  ///   - found: what was measured.
  ///   - machine: the kind of machine; without errors on record nothing is compared.
  ///   - isDemanded: which names on record had to be measured.
  /// - Returns: the comparison, changes in the order of `found`.
  package func comparison(
    of found: [MeasuredError], machine: String, isDemanded: (_ name: String) -> Bool
  ) -> Comparison {
    var recorded = errors[machine] ?? [:]
    let types = Set(found.map(\.type))
    var (worse, better): ([Comparison.Change], [Comparison.Change]) = ([], [])
    var unrecorded: [MeasuredError] = []
    for error in found {
      let key = Key(name: error.name, type: error.type)
      guard let old = recorded.removeValue(forKey: key) else {
        unrecorded.append(error)
        continue
      }
      let unit = error.unitRoundoff
      // NaN is not at most anything.
      if !(error.error <= Self.factor * max(old, unit)) {
        worse.append(Comparison.Change(found: error, recorded: old))
      } else if old > Self.factor * max(error.error, unit) {
        better.append(Comparison.Change(found: error, recorded: old))
      }
    }
    let missing = recorded.keys.filter { types.contains($0.type) && isDemanded($0.name) }
    return Comparison(
      machine: machine, compared: found.count - unrecorded.count, worse: worse, better: better,
      unrecorded: unrecorded, unmeasured: missing.map { "\($0.name) \($0.type)" }.sorted())
  }

  // MARK: - Recording

  /// Puts errors on record for a kind of machine, in place of those with the same name and type.
  ///
  /// - Precondition: names and types without commas and line breaks, finite errors.
  package mutating func record(_ found: [MeasuredError], machine: String) {
    for error in found {
      precondition(
        error.error.isFinite && !"\(error.name)\(error.type)".contains { ",\n".contains($0) },
        "\(error) cannot be put on record")
      errors[machine, default: [:]][Key(name: error.name, type: error.type)] = error.error
    }
  }

  /// The file's text: rows by machine, name and type.
  package var text: String {
    var lines = [Self.heading]
    for machine in machines {
      let rows = errors[machine] ?? [:]
      let keys = rows.keys.sorted { ($0.name, $0.type) < ($1.name, $1.type) }
      lines += keys.map { key in
        let error = rows[key].map { $0 == 0 ? "0" : String(format: "%.3e", $0) } ?? ""
        return "\(machine),\(key.name),\(key.type),\(error)"
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Writes the file, complete or not at all.
  ///
  /// - Throws: `FileError`.
  package func write(to url: URL) throws { try AtomicFile.write(Data(text.utf8), to: url) }
}
