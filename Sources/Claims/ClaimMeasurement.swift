import Verification

/// What was measured for a claim, and what the same measurement says about a broken variant.
package struct ClaimMeasurement: Sendable, Equatable {
  /// The figure that the bound is about.
  package var value: Double
  /// The figure of the negative control.
  package var control: Double
  /// Values of the bound's symbols that only the measurement knows.
  package var sizes: [String: Double]

  /// A figure, the control's figure, and the sizes of the measurement.
  package init(_ value: Double, control: Double, sizes: [String: Double] = [:]) {
    self.value = value
    self.control = control
    self.sizes = sizes
  }

  /// The mismatch of a transpose, for the bound `transposeBound` with t, p and q of the check.
  init(_ check: AdjointCheck, control: AdjointCheck) {
    self.init(
      check.mismatch, control: control.mismatch,
      sizes: [
        "t": Double(check.terms), "p": Double(check.outputCount), "q": Double(check.inputCount),
      ])
  }
}

/// What rounding may make of ⟨A x, y⟩ − ⟨x, Aᵀ y⟩ (`AdjointCheck.roundingBound`): t terms behind a
/// number, p and q numbers in A x and x.
///
/// - Parameter scale: ‖A x‖ ‖y‖ by the claim's letters.
/// - Returns: the bound, for a measurement made from an `AdjointCheck`.
func transposeBound(of scale: String) -> Bound {
  Bound("4 u (2 √t + √p + √q)", of: scale, "t terms, p and q numbers")
}
