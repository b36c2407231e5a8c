import FileFormats
import Foundation

/// Which known faults explain the failures of a backend.
///
/// Answers: for every failing case and every fault that it catches, whether the backend's outputs
///          are those of a program with the fault, within the tolerances of their type; a case is
///          explained if all its outputs are, and if it catches the fault that explains most
///          cases.
/// Flags:   faults without a computed answer explain nothing of themselves. They are named if
///          every failing case that is not explained catches them, and if all demanded cases that
///          catch them fail, of those operations of which one does: a name may stand for several
///          faults, of which a program has one. A fault of gradients is not named where values
///          fail, and one of values not where gradients alone do.
/// Sizes:   cases of more numbers than `mostNumbers` are not tried.
/// Checked by: DiagnosisTests, KnownFaultTests.
public struct Diagnosis: Sendable, Equatable {
  /// One fault and what speaks for it.
  public struct Finding: Sendable, Equatable {
    /// The fault's name.
    public let fault: String
    /// What goes wrong.
    public let wrong: String
    /// How it shows.
    public let shows: String
    /// Failing cases whose outputs are the answers with the fault; 0 if there is no such answer.
    public let explained: Int
    /// Failing cases that catch the fault.
    public let flagged: Int
    /// Demanded cases that catch it.
    public let demanded: Int
    /// Failing cases in all.
    public let failing: Int

    /// A sentence.
    public var text: String {
      let cases = "\(failing) case\(failing == 1 ? "" : "s") fail\(failing == 1 ? "s" : "")"
      if explained > 0 {
        return "\(cases); \(explained) of them are right if the fault is '\(fault)': \(wrong)"
      }
      return "\(cases), \(flagged) of them flagged '\(fault)', as \(flagged) of its \(demanded) "
        + "cases do: perhaps \(wrong)"
    }
  }

  /// The faults, the one that explains most cases first.
  public let findings: [Finding]

  /// Numbers of the inputs of a case up to which answers are tried.
  static let mostNumbers = 400_000

  init(findings: [Finding]) { self.findings = findings }

  /// The diagnosis of a report.
  ///
  /// - Parameters:
  ///   - report: all verdicts.
  ///   - demanded: the demanded cases.
  ///   - folder: the backend's files.
  ///   - data: what a backend reads of a case, and what is expected of it.
  /// - Throws: what `data` throws.
  init(
    _ report: CheckReport, _ demanded: [CaseDescription], outputs folder: URL,
    data: (CaseDescription) throws -> (CaseData, NamedTensors)
  ) throws {
    let failing = Set(report.rows.filter { !$0.passes && !$0.operation.isEmpty }.map(\.id))
    // Missing files say nothing about conventions.
    let wrong = Set(
      report.rows.filter { !$0.passes && $0.error != nil && !$0.operation.isEmpty }.map(\.id))
    var explained: [String: Set<String>] = [:]
    for description in demanded where wrong.contains(description.id) {
      let names = try Self.explanations(description, folder, data)
      for name in names { explained[name, default: []].insert(description.id) }
    }
    let flags = Flags(demanded, failing: failing)
    let leading = explained.max { ($0.value.count, $1.key) < ($1.value.count, $0.key) }?.key
    var unexplained = failing.subtracting(flags.cases(leading ?? "").map(\.id))
    for cases in explained.values { unexplained.subtract(cases) }
    let values = Set(
      report.rows.filter { !$0.passes && !$0.output.contains("gradient") }.map(\.id))
    findings = KnownFault.all.compactMap { fault in
      let answers = explained[fault.name]?.count ?? 0
      let isStated = flags.name(fault, unexplained: unexplained, wrongValues: values)
      guard answers > 0 || isStated else { return nil }
      let flagged = flags.cases(fault.name).map(\.id)
      return Finding(
        fault: fault.name, wrong: fault.wrong, shows: fault.shows, explained: answers,
        flagged: flagged.filter(failing.contains).count, demanded: flagged.count,
        failing: failing.count)
    }.sorted {
      ($0.explained, $0.flagged, -$0.demanded) > ($1.explained, $1.flagged, -$1.demanded)
    }
  }

  /// What the flags of the demanded cases say.
  private struct Flags {
    private let cases: [String: [CaseDescription]]
    private let failing: Set<String>

    init(_ demanded: [CaseDescription], failing: Set<String>) {
      var cases: [String: [CaseDescription]] = [:]
      for item in demanded {
        for name in item.faults ?? [] { cases[name, default: []].append(item) }
      }
      self.cases = cases
      self.failing = failing
    }

    /// The cases that catch a fault.
    func cases(_ fault: String) -> [CaseDescription] { cases[fault] ?? [] }

    /// Whether the flags alone name a fault.
    func name(
      _ fault: KnownFault, unexplained: Set<String>, wrongValues: Set<String>
    ) -> Bool {
      let flagged = cases(fault.name)
      let failed = flagged.filter { failing.contains($0.id) }
      guard !unexplained.isEmpty, !failed.isEmpty,
        unexplained.isSubset(of: failed.map(\.id))
      else { return false }
      switch fault.place {
      case .values where wrongValues.isDisjoint(with: unexplained): return false
      case .gradients where !wrongValues.isDisjoint(with: unexplained): return false
      default: break
      }
      // Where answers are computed, cases that they do not explain speak against the fault.
      let operations = Set(failed.map(\.operation))
      let demanded = flagged.filter { fault.isComputed || operations.contains($0.operation) }
      return failed.count == demanded.count
    }
  }

  /// The faults whose answers the outputs of a case are.
  private static func explanations(
    _ description: CaseDescription, _ folder: URL,
    _ data: (CaseDescription) throws -> (CaseData, NamedTensors)
  ) throws -> [String] {
    guard let operation = Operation(named: description.operation) else { return [] }
    let (data, right) = try data(description)
    let count = data.inputs.reduce(0) { $0 + $1.tensor.shape.reduce(1, *) }
    guard count <= mostNumbers else { return [] }
    let url = folder.appendingPathComponent("\(description.id).safetensors")
    guard let outputs = try? SafetensorsFile(contentsOf: url).tensors else { return [] }
    return KnownFault.all.filter { fault in
      // A version 1 kit has no flags: all are tried.
      if let flags = description.faults, !flags.contains(fault.name) { return false }
      guard let answer = try? fault.answer(operation, data, right: right) else { return false }
      return description.outputs.allSatisfy { output in
        guard let found = outputs[output.name], let expected = answer[output.name],
          found.shape == expected.shape, let tolerance = output.tolerance[found.dtype.rawValue]
        else { return false }
        return isWithin(tolerance, found, expected, output)
      }
    }.map(\.name)
  }

  private static func isWithin(
    _ tolerance: Double, _ found: TensorData, _ expected: TensorData, _ output: OutputDescription
  ) -> Bool {
    if expected.dtype == .int64 {
      guard let a = try? found.integers(), let b = try? expected.integers() else { return false }
      return a == b
    }
    guard let values = try? found.doubles(), values.allSatisfy(\.isFinite),
      let reference = try? expected.doubles()
    else { return false }
    // Answers are computed with the fast transform: as many tolerances again.
    return output.measure.error(
      of: values, from: reference, rowLength: output.shape.last ?? 1, scale: output.scale)
      <= 4 * tolerance
  }
}
