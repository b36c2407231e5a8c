/// A measured claim.
package struct Verdict: Sendable {
  /// What was measured.
  package let claim: Claim
  /// The figures.
  package let measurement: ClaimMeasurement
  /// The value of the claim's bound at the sizes of the measurement.
  package let bound: Double

  /// The judgement of a measurement.
  ///
  /// - Throws: `BoundExpressionError`.
  package init(
    _ claim: Claim, _ measurement: ClaimMeasurement
  ) throws(BoundExpressionError) {
    self.claim = claim
    self.measurement = measurement
    bound = try claim.bound.value(measurement.sizes)
  }

  /// By how much a control must miss.
  package static let controlFactor = 1000.0

  /// Whether the figure keeps the bound. NaN keeps no bound.
  package var keepsBound: Bool {
    switch claim.relation {
    case .atMost: return measurement.value <= bound
    case .atLeast: return measurement.value >= bound
    }
  }

  /// Whether the negative control is refused.
  package var refusesControl: Bool {
    let m = measurement
    switch claim.relation {
    case .atMost:
      return m.control.isFinite && m.control > 0 && m.control >= Self.controlFactor * bound
    case .atLeast: return m.control <= bound / Self.controlFactor
    }
  }

  /// Whether the figure keeps the bound and the control is refused.
  package var holds: Bool { keepsBound && refusesControl }
}
