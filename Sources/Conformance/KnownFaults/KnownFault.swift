import FileFormats

/// A fault that programs for the sphere have in common, and what a program with it answers.
///
/// Flags:       a case carries a fault if the answer with it is out of tolerance there.
/// Diagnosis:   outputs that fail but equal the answer with a fault show that the fault is the
///              cause (`Diagnosis`).
/// Stated:      faults whose answers are not computed here (layers, precision) name the cases that
///              catch them by a rule, which `Fixtures/generators/ports/wrong_conventions.py` checks
///              by running a port with the fault.
/// Checked by:  KnownFaultTests, DiagnosisTests.
public struct KnownFault: Sendable {
  /// Letters, digits and hyphens.
  public let name: String
  /// What goes wrong.
  public let wrong: String
  /// How it shows.
  public let shows: String
  /// Public reports of programs where it happened.
  public let reports: [String]
  let effect: Effect

  /// How a fault acts on a case.
  enum Effect: Sendable {
    /// What the program computes instead; nil for a case that the fault does not touch.
    case computed(@Sendable (Operation, CaseData) throws -> Altered?)
    /// The cases that catch the fault.
    case stated(@Sendable (Operation, CaseData) throws -> Bool)
  }

  /// What a program with a fault computes in place of a case.
  struct Altered {
    /// Another operation, or the same.
    var operation: Operation
    /// Other inputs, or the same.
    var data: CaseData
    /// What becomes of the outputs.
    var outputs: (NamedTensors) throws -> NamedTensors = { $0 }
  }

  init(
    _ name: String, wrong: String, shows: String, reports: [String] = [], _ effect: Effect
  ) {
    self.name = name
    self.wrong = wrong
    self.shows = shows
    self.reports = reports
    self.effect = effect
  }

  /// Whether answers with the fault can be computed.
  var isComputed: Bool {
    if case .computed = effect { return true }
    return false
  }

  /// What a program with the fault answers in `Double`; nil where that is not computed, or where
  /// the fault does not touch the case.
  func answer(_ operation: Operation, _ data: CaseData) throws -> NamedTensors? {
    guard case .computed(let alter) = effect, let altered = try alter(operation, data) else {
      return nil
    }
    return try altered.outputs(
      ReferenceBackend.uncheckedOutputs(altered.operation, altered.data, as: Double.self))
  }

  // MARK: - All faults

  /// All faults, in the order in which a manifest lists them.
  public static let all =
    coefficientFaults + spinFaults + gridFaults + analysisFaults + functionFaults + pixelFaults
    + statedFaults

  /// The fault of a name.
  public static func named(_ name: String) -> KnownFault? { all.first { $0.name == name } }
}

extension KnownFault {
  /// A fault that changes what is read.
  static func reading(
    _ change: @escaping @Sendable (Operation, CaseData) throws -> CaseData?
  ) -> Effect {
    .computed { operation, data in
      try change(operation, data).map { Altered(operation: operation, data: $0) }
    }
  }

  /// A fault that changes what is written.
  static func writing(
    _ change:
      @escaping @Sendable (Operation, CaseData, NamedTensors) throws -> NamedTensors,
    where touches: @escaping @Sendable (Operation, CaseData) throws -> Bool
  ) -> Effect {
    .computed { operation, data in
      guard try touches(operation, data) else { return nil }
      return Altered(operation: operation, data: data) { try change(operation, data, $0) }
    }
  }
}
