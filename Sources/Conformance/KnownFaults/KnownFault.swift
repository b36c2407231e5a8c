import FileFormats

/// A fault that programs for the sphere have in common, and what a program with it answers.
///
/// Flags:       a case carries a fault if the answer with it is out of tolerance there.
/// Diagnosis:   outputs that fail but equal the answer with a fault show that the fault is the
///              cause (`Diagnosis`).
/// Stated:      where answers are not computed here (precision, most layers, whole networks), a
///              rule names the cases that catch the fault.
///              `Fixtures/generators/ports/wrong_conventions.py` checks the rules by running a port
///              with the fault.
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
  /// Cases that catch a fault with computed answers though theirs are not computed.
  let stated: @Sendable (Operation, CaseData) throws -> Bool
  /// The outputs that a fault without computed answers makes wrong.
  let place: Place

  /// How a fault acts on a case.
  enum Effect: Sendable {
    /// What the program computes instead; nil for a case that the fault does not touch.
    case computed(@Sendable (Operation, CaseData) throws -> Altered?)
    /// The cases that catch the fault.
    case stated(@Sendable (Operation, CaseData) throws -> Bool)
  }

  /// Which outputs a fault makes wrong.
  enum Place: Sendable {
    /// Values, and gradients with them.
    case values
    /// Gradients alone.
    case gradients
    /// Either.
    case any
  }

  /// What a program with a fault computes in place of a case.
  struct Altered {
    /// Another operation, or the same.
    var operation: Operation
    /// Other inputs, or the same.
    var data: CaseData
    /// What becomes of the outputs.
    var outputs: (NamedTensors) throws -> NamedTensors = { $0 }
    /// The answer, where it is not that of an operation.
    var own: (() throws -> NamedTensors)?

    /// Whether the right outputs are all that the answer depends on.
    func isWritten(_ operation: Operation, _ data: CaseData) -> Bool {
      own == nil && self.operation == operation && self.data == data
    }

    /// The answer; `right` are the right outputs, nil: they are computed where they are needed.
    func answer(
      _ operation: Operation, _ data: CaseData, right: NamedTensors? = nil
    ) throws -> NamedTensors {
      if let own { return try own() }
      if let right, isWritten(operation, data) { return try outputs(right) }
      return try outputs(
        ReferenceBackend.uncheckedOutputs(self.operation, self.data, as: Double.self))
    }
  }

  init(
    _ name: String, wrong: String, shows: String, reports: [String] = [], _ effect: Effect,
    stated: @escaping @Sendable (Operation, CaseData) throws -> Bool = { _, _ in false },
    place: Place = .any
  ) {
    self.name = name
    self.wrong = wrong
    self.shows = shows
    self.reports = reports
    self.effect = effect
    self.stated = stated
    self.place = place
  }

  /// Whether answers with the fault can be computed.
  var isComputed: Bool {
    if case .computed = effect { return true }
    return false
  }

  /// What a program with the fault answers in `Double`; nil where that is not computed, or where
  /// the fault does not touch the case.
  ///
  /// `right` are the right outputs, which a fault in what is written changes; nil: they are
  /// computed.
  func answer(
    _ operation: Operation, _ data: CaseData, right: NamedTensors? = nil
  ) throws -> NamedTensors? {
    guard case .computed(let alter) = effect else { return nil }
    return try alter(operation, data)?.answer(operation, data, right: right)
  }

  // MARK: - All faults

  /// All faults, in the order in which a manifest lists them.
  public static let all =
    coefficientFaults + spinFaults + gridFaults + analysisFaults + functionFaults + pixelFaults
    + layerFaults + statedFaults

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
