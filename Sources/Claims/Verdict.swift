/// A measured claim.
package struct Verdict: Sendable {
  /// What was measured.
  package let claim: Claim
  /// The figures.
  package let measurement: ClaimMeasurement

  /// The judgement of a measurement.
  package init(_ claim: Claim, _ measurement: ClaimMeasurement) {
    self.claim = claim
    self.measurement = measurement
  }

  /// By how much a control must miss.
  package static let controlFactor = 1000.0

  /// Whether the figure keeps the bound. A figure that is not a number keeps none.
  package var keepsBound: Bool {
    switch claim.relation {
    case .atMost: return measurement.value <= measurement.bound
    case .atLeast: return measurement.value >= measurement.bound
    }
  }

  /// Whether the negative control is refused.
  package var refusesControl: Bool {
    let m = measurement
    switch claim.relation {
    case .atMost:
      return m.control.isFinite && m.control > 0 && m.control >= Self.controlFactor * m.bound
    case .atLeast: return m.control <= m.bound / Self.controlFactor
    }
  }

  /// Whether both are so.
  package var holds: Bool { keepsBound && refusesControl }
}
