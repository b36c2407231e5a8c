/// What one ring contributes at one order: a real factor times e^{∓imφ0}.
package struct RingPhase<T: LaneScalar>: Sendable {
  @usableFromInline package var cosine: T
  @usableFromInline package var sine: T

  /// factor (cos angle, sin angle).
  @inlinable @inline(__always)
  package init(factor: Double, cosine: Double, sine: Double) {
    self.cosine = T(factor * cosine)
    self.sine = T(factor * sine)
  }

  @inline(__always)
  func scaled(by factor: T) -> RingPhase {
    var phase = self
    phase.cosine *= factor
    phase.sine *= factor
    return phase
  }
}
