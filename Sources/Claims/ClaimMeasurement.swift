/// What was measured for a claim, and what the same measurement says about a broken variant.
package struct ClaimMeasurement: Sendable, Equatable {
  /// The figure that the bound is about.
  package var value: Double
  /// The bound, computed from the sizes of this measurement.
  package var bound: Double
  /// The figure of the negative control.
  package var control: Double

  /// A figure, its bound and the control's figure.
  package init(_ value: Double, bound: Double, control: Double) {
    self.value = value
    self.bound = bound
    self.control = control
  }
}
