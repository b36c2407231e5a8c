/// What was measured for a claim, and what the same measurement says about a broken variant.
public struct ClaimMeasurement: Sendable, Equatable {
  /// The figure that the bound is about.
  public var value: Double
  /// The bound, computed from the sizes of this measurement.
  public var bound: Double
  /// The figure of the negative control.
  public var control: Double

  /// A figure, its bound and the control's figure.
  public init(_ value: Double, bound: Double, control: Double) {
    self.value = value
    self.bound = bound
    self.control = control
  }
}
